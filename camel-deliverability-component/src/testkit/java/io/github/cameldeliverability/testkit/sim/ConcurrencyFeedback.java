package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The concurrency scheduler that Postfix 2.5 and later document (SCHEDULER_README, postconf(5)), written anew from that
 * text: 5 sessions at first and 20 at most; 1/concurrency more for each delivery and 1/concurrency less for each failure of
 * connection or handshake, a 421 included; a destination is dead for 300 s after a cohort of failures without a success.
 * Refused recipients are no failures in this sense. Not thread-safe.
 */
final class ConcurrencyFeedback implements Shaper {

    private static final double INITIAL = 5;
    private static final double MOST = 20;
    private static final double FAILED_COHORTS = 1;
    private static final Duration DEAD = Duration.ofMinutes(5);
    private static final int MESSAGES_PER_CONNECTION = 100;
    private static final int CLOSING = 421;

    private final Clock clock;
    private double window = INITIAL;
    private double failedCohorts;
    private Instant deadUntil = Instant.MIN;
    private int open;

    ConcurrencyFeedback(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String provider(String domain, List<String> mxHosts) {
        return "mx:" + domain;
    }

    @Override
    public Permit connect(Lane lane) {
        Instant now = clock.instant();
        if (now.isBefore(deadUntil)) {
            return new Permit.Wait(deadUntil, "dead");
        }
        if (open >= (int) window) {
            return new Permit.Wait(now.plusSeconds(1), "concurrency");
        }
        open++;
        return new Permit.Go();
    }

    @Override
    public void disconnected(Lane lane) {
        open--;
    }

    @Override
    public Permit send(Lane lane, int recipients) {
        return clock.instant().isBefore(deadUntil) ? new Permit.Wait(deadUntil, "dead") : new Permit.Go();
    }

    @Override
    public void observed(Lane lane, Verdict verdict, Sighting sighting) {
        boolean site = sighting.code() == CLOSING || sighting.phase().compareTo(SmtpPhase.MAIL) < 0;
        if (!site) {
            delivered(lane);
            return;
        }
        double less = 1 / Math.max(1, window);
        window -= less;
        failedCohorts += less;
        if (window < 1 || failedCohorts >= FAILED_COHORTS) {
            deadUntil = clock.instant().plus(DEAD);
            window = INITIAL;
            failedCohorts = 0;
        }
    }

    @Override
    public void observed(Lane lane, Verdict verdict) {
        observed(lane, verdict, new Sighting(SmtpPhase.GREETING, CLOSING, 1, 0, Duration.ZERO));
    }

    @Override
    public void delivered(Lane lane) {
        failedCohorts = 0;
        window = Math.min(MOST, window + 1 / window);
    }

    @Override
    public Limits limits(Lane lane) {
        return new Limits(Math.max(1, (int) window), MESSAGES_PER_CONNECTION, 1, 0);
    }
}
