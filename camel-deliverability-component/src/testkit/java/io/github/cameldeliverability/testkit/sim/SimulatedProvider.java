package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A receiver with hidden limits, in simulated time. Not thread-safe. */
final class SimulatedProvider {

    /** Opening a session takes as long as so many answers. */
    static final double CONNECTING = 2;

    private static final double TARPIT_SECONDS = 20;
    private static final double GREYLIST_SECONDS = 300;
    private static final double COMPLAINTS = 0.0005;
    private static final double PRICE_OF_A_VIOLATION = 0.001;
    private static final double PRICE_OF_A_COMPLAINT = 0.002;
    private static final double RECOVERY_SECONDS = 3600;
    private static final double WORST = 0.3;

    private final HiddenLimits limits;
    private final Quota quota;
    private final RandomGenerator random;

    private int sessions;
    private double reputation = 1;
    private double reputationAt;
    private long violations;

    /**
     * An answer.
     *
     * @param reply what is said
     * @param phase what it answers
     * @param seconds how long it takes
     * @param violation whether a limit is the reason, or made it late
     * @param closes whether the session is over
     */
    record Answer(SmtpReply reply, SmtpPhase phase, double seconds, boolean violation, boolean closes) {}

    SimulatedProvider(HiddenLimits limits, RandomGenerator random) {
        this.limits = limits;
        this.quota = limits.quota().get();
        this.random = random;
    }

    long violations() {
        return violations;
    }

    double reputation() {
        return reputation;
    }

    /** A session is asked for; it counts until {@link #closed} unless it is refused. */
    Answer connect(double now) {
        boolean tooFast = limits.form() == HiddenLimits.Form.CONNECT_421 && !quota.hasRoom(now, factor(now));
        if (sessions >= limits.connections() || tooFast) {
            violated(now);
            return new Answer(reply(421, "wq7 nicht"), SmtpPhase.GREETING, limits.seconds(), true, true);
        }
        sessions++;
        return new Answer(reply(220, "mx ready"), SmtpPhase.GREETING, CONNECTING * jittered(), false, false);
    }

    void closed() {
        sessions--;
    }

    /**
     * A message is offered.
     *
     * @param carried how many the session has carried
     * @param firstAt when it was offered first; empty if this is the first time
     */
    Answer offer(double now, int carried, boolean greylists, Optional<Double> firstAt) {
        if (carried >= limits.messagesPerConnection()) {
            violated(now);
            return new Answer(reply(421, "wq8 genug"), SmtpPhase.MAIL, jittered() / 3, true, true);
        }
        if (greylists && (firstAt.isEmpty() || now < firstAt.get() + GREYLIST_SECONDS)) {
            return new Answer(reply(451, "wq5 spaeter"), SmtpPhase.RCPT, jittered() / 2, false, false);
        }
        if (random.nextDouble() < limits.oddities()) {
            return new Answer(reply(450, "wq6 seltsam"), SmtpPhase.RCPT, jittered() / 2, false, false);
        }
        if (quota.take(now, factor(now))) {
            if (limits.reputation() && random.nextDouble() < COMPLAINTS) {
                reputation = Math.max(0, reputation - PRICE_OF_A_COMPLAINT);
            }
            return new Answer(reply(250, "taken"), SmtpPhase.DOT, jittered(), false, false);
        }
        violated(now);
        return switch (limits.form()) {
            case CONNECT_421 -> new Answer(reply(421, "wq1 nicht"), SmtpPhase.MAIL, jittered() / 3, true, true);
            case RCPT_421 -> new Answer(reply(421, "wq2 nicht"), SmtpPhase.RCPT, jittered() / 2, true, true);
            case RCPT_451 -> new Answer(reply(451, "wq3 nicht"), SmtpPhase.RCPT, jittered() / 2, true, false);
            case DATA_450 -> new Answer(reply(450, "wq4 nicht"), SmtpPhase.DATA, jittered() / 2, true, false);
            case TARPIT -> new Answer(reply(250, "taken"), SmtpPhase.DOT, TARPIT_SECONDS, true, false);
        };
    }

    private void violated(double now) {
        violations++;
        if (limits.reputation()) {
            factor(now);
            reputation = Math.max(0, reputation - PRICE_OF_A_VIOLATION);
        }
    }

    private double factor(double now) {
        if (limits.reputation()) {
            reputation = 1 - (1 - reputation) * Math.exp(-(now - reputationAt) / RECOVERY_SECONDS);
            reputationAt = now;
        }
        return limits.factor().applyAsDouble(now) * (WORST + (1 - WORST) * reputation);
    }

    private double jittered() {
        return limits.seconds() * (0.7 + 0.6 * random.nextDouble());
    }

    private static SmtpReply reply(int code, String text) {
        return SmtpReply.of(code, Optional.empty(), java.util.List.of(text));
    }
}
