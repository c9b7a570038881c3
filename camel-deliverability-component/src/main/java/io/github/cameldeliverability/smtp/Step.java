package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One awaited reply. One of the two consumers is called, once, on the event loop; both only if the first one throws.
 *
 * @param phase the command that the reply answers
 * @param timeout how long it may take once all earlier replies are in
 * @param onReply takes the server's reply, positive or not
 * @param onBreakdown is told that there will be none
 */
record Step(SmtpPhase phase, Duration timeout, Consumer<SmtpReply> onReply, Consumer<Breakdown> onBreakdown) {}
