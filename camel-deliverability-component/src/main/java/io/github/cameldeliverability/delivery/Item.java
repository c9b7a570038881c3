package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Instant;

/** One recipient of a job on its way to an outcome. */
final class Item {

    final Job job;
    final int ordinal;
    /** Attempts before this one. */
    final int attempts;
    /** What an earlier host said in this attempt; null where there was none, or where it was silent. */
    Said earlier;

    /** A reply, what it answers, what it means and who gave it. */
    record Said(SmtpReply reply, SmtpPhase phase, Verdict verdict, Outcomes.Attempt attempt) {}

    Item(Job job, int ordinal, int attempts) {
        this.job = job;
        this.ordinal = ordinal;
        this.attempts = attempts;
    }

    Recipient recipient() {
        return job.message.recipients().get(ordinal);
    }

    RecipientKey key() {
        return new RecipientKey(job.message.queueId(), ordinal);
    }

    Instant expiresAt() {
        return job.message.expiresAt();
    }

    boolean isExpiredAt(Instant now) {
        return !now.isBefore(expiresAt());
    }
}
