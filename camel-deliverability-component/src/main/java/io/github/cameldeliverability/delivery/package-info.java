/**
 * The engine: takes a message, makes it durable, finds its destinations, sends it as the lanes allow, and sees to it that
 * each recipient gets exactly one final outcome.
 *
 * <p>Start with {@link io.github.cameldeliverability.delivery.DeliveryEngine}. The path of a message is: {@code
 * MessagePreparation} (wire form, VERP, signatures) → the spool → {@code Routes} (domain to destination) → {@code
 * LaneQueue} (waits, connections, transactions) → {@code Outcomes} (reply to verdict to outcome) → {@code SpoolLedger}
 * (settles, whatever the store does). What comes back from the disk is fetched by {@code Claimer}.
 *
 * <p>All lane state belongs to one serial executor, {@code SerialExecutor}; nothing in it needs a lock, nothing in it may
 * block. CPU work (signing, verdicts) runs on the workers.
 *
 * <p>Must not be here: SMTP, DNS or SQL; the rooms below bring them in through {@code mail.spi}.
 */
package io.github.cameldeliverability.delivery;
