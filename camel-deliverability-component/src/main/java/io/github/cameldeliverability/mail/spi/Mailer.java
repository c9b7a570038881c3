package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.Submission;
import java.util.concurrent.CompletionStage;

/** The delivery engine as a route sees it. Thread-safe. */
public interface Mailer {

    /**
     * Queues a message. Completes with its queue id once it is on disk (a real fsync); from then on it survives a crash.
     * Completes late, not never, when the engine is full: that is the back-pressure.
     *
     * <p>Fails with {@code IllegalArgumentException} for a message or envelope that can never be sent, with {@code
     * IOException} when the store is unavailable; nothing is queued then.
     */
    CompletionStage<String> submit(Submission submission);

    /** Tries once, without the spool, and completes with an outcome per recipient. Fails like {@link #submit}. */
    CompletionStage<DeliveryReport> deliverNow(Submission submission);
}
