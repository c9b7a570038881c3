package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Turns what happened to a recipient into its outcome, and hands that to the ledger. Belongs to the serial executor. */
final class Outcomes {

    private final RetryPolicy retries;
    private final Clock clock;
    private final RandomGenerator random;
    private final GreylistMemory greylists;

    Outcomes(RetryPolicy retries, Clock clock, RandomGenerator random, GreylistMemory greylists) {
        this.retries = retries;
        this.clock = clock;
        this.random = random;
        this.greylists = greylists;
    }

    /**
     * Where and how an attempt was made.
     *
     * @param provider empty where no destination was found
     */
    record Attempt(Optional<String> provider, Optional<String> host, Optional<String> tls, Duration elapsed) {
        static final Attempt NONE = new Attempt(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);
    }

    void delivered(Item item, SmtpReply reply, SmtpPhase phase, Attempt attempt) {
        greylists.passed(item.key(), clock.instant());
        settle(item, Outcome.DELIVERED, reply, phase, Optional.empty(), attempt, Optional.empty());
    }

    /** One verdict decides: a 5yz with a transient one is tried again, a 4yz with a permanent one bounces. */
    void failed(Item item, SmtpReply reply, SmtpPhase phase, Verdict verdict, Attempt attempt) {
        Instant now = clock.instant();
        if (item.earlier != null && saysNothingOfTheRecipient(reply, phase, verdict)) {
            // One host said "not now" to this recipient, and the next one would not even listen: the word counts.
            Item.Said said = item.earlier;
            item.earlier = null;
            failed(item, said.reply(), said.phase(), said.verdict(), said.attempt());
            return;
        }
        if (verdict.isPermanent()) {
            settle(item, Outcome.BOUNCED, reply, phase, Optional.of(verdict), attempt, Optional.empty());
            return;
        }
        if (item.isExpiredAt(now) && item.job.ledger.isDurable()) {
            settle(item, Outcome.EXPIRED, reply, phase, Optional.of(verdict), attempt, Optional.empty());
            return;
        }
        RetryPolicy policy = item.job.stream.retries.orElse(retries);
        RetryPolicy.Decision decision =
                policy.after(verdict, reply, item.attempts + 1, item.job.message.acceptedAt(), now, random);
        if (decision instanceof RetryPolicy.Retry retry) {
            // A retry that would come too late becomes the moment of expiry: the deadline is kept to the second.
            Instant wanted = afterGreylist(item, verdict, attempt, retry, now);
            Instant at = wanted.isBefore(item.expiresAt()) || !item.job.ledger.isDurable() ? wanted : item.expiresAt();
            settle(item, Outcome.DEFERRED, reply, phase, Optional.of(verdict), attempt, Optional.of(at));
        } else {
            boolean timeRanOut = policy.schedule(verdict.reason()).maxAttempts() == Integer.MAX_VALUE;
            settle(
                    item,
                    timeRanOut ? Outcome.EXPIRED : Outcome.BOUNCED,
                    reply,
                    phase,
                    Optional.of(verdict),
                    attempt,
                    Optional.empty());
        }
    }

    /** Of a receiver whose patience is known, the first retry comes when it is over, unless he said himself when. */
    private Instant afterGreylist(Item item, Verdict verdict, Attempt attempt, RetryPolicy.Retry retry, Instant now) {
        if (verdict.reason() != Reason.GREYLISTED || attempt.provider().isEmpty()) {
            return retry.at();
        }
        Optional<Duration> enough =
                greylists.turnedAway(item.key(), attempt.provider().get(), now);
        return enough.isEmpty() || retry.asked()
                ? retry.at()
                : now.plus(enough.get()).plusMillis(1000 + random.nextLong(1000));
    }

    private static boolean saysNothingOfTheRecipient(SmtpReply reply, SmtpPhase phase, Verdict verdict) {
        return (reply.synthetic() || phase.compareTo(SmtpPhase.MAIL) < 0) && !verdict.isUncertain();
    }

    /** The list forbids it: nothing was sent. */
    void suppressed(Item item, Suppression by, Optional<String> provider) {
        String why = by.kind() + " in list " + by.list() + ", scope " + by.scope();
        Verdict verdict = Verdict.of(Reason.SUPPRESSED, Permanence.PERMANENT, "delivery/suppressed", why);
        item.job.ledger.settle(
                item,
                event(
                        item,
                        Outcome.SUPPRESSED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(verdict),
                        new Attempt(provider, Optional.empty(), Optional.empty(), Duration.ZERO),
                        item.attempts,
                        Optional.empty()));
    }

    /** The deadline passed while it waited. */
    void expired(Item item, Optional<SmtpReply> lastReply, String waitedFor) {
        Optional<SmtpReply> said = Optional.ofNullable(item.earlier).map(Item.Said::reply);
        SmtpReply reply = lastReply
                .or(() -> said)
                .orElseGet(
                        // RFC 3463 3.5: x.4.7 delivery time expired
                        () -> SmtpReply.synthetic(451, "4.4.7", "delivery time expired while waiting" + waitedFor));
        item.job.ledger.settle(
                item,
                event(
                        item,
                        Outcome.EXPIRED,
                        Optional.of(reply),
                        Optional.empty(),
                        Optional.empty(),
                        Attempt.NONE,
                        item.attempts,
                        Optional.empty()));
    }

    private void settle(
            Item item,
            Outcome outcome,
            SmtpReply reply,
            SmtpPhase phase,
            Optional<Verdict> verdict,
            Attempt attempt,
            Optional<Instant> next) {
        item.job.ledger.settle(
                item,
                event(
                        item,
                        outcome,
                        Optional.of(reply),
                        Optional.of(phase),
                        verdict,
                        attempt,
                        item.attempts + 1,
                        next));
    }

    private DeliveryEvent event(
            Item item,
            Outcome outcome,
            Optional<SmtpReply> reply,
            Optional<SmtpPhase> phase,
            Optional<Verdict> verdict,
            Attempt attempt,
            int number,
            Optional<Instant> next) {
        return new DeliveryEvent(
                item.job.message.stream(),
                item.job.message.queueId(),
                item.job.message.messageId(),
                item.recipient().address(),
                outcome,
                reply,
                phase,
                verdict,
                attempt.provider(),
                attempt.host(),
                number,
                clock.instant(),
                next,
                attempt.elapsed(),
                attempt.tls());
    }
}
