package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.SpooledMessage;

/** A message under way in memory. Shared by its recipients; belongs to the engine's serial executor. */
final class Job {

    final SpooledMessage message;
    final StreamState stream;
    final Ledger ledger;
    /** Recipients that have neither an outcome nor been given back. */
    int open;

    Job(SpooledMessage message, StreamState stream, Ledger ledger) {
        this.message = message;
        this.stream = stream;
        this.ledger = ledger;
    }

    int bytes() {
        return message.content().length;
    }
}
