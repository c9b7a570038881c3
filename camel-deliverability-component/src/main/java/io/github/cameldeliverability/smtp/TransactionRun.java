package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.smtp.SmtpTranscript.Speaker;
import io.github.cameldeliverability.smtp.TransactionPlan.Rcpt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One transaction on the wire: MAIL, RCPT for each recipient, the content (RFC 5321 3.3). Runs on the event loop and ends
 * exactly once, when every reply is in or the conversation has broken down.
 */
final class TransactionRun {

    /**
     * @param pipelining whether commands may go out together (RFC 2920)
     * @param chunking whether the content goes by BDAT (RFC 3030)
     * @param resetFirst whether an earlier transaction was left open
     * @param reused whether the session has carried a transaction before
     * @param replyEach whether each recipient gets a reply to the content, as in LMTP
     */
    record Manner(boolean pipelining, boolean chunking, boolean resetFirst, boolean reused, boolean replyEach) {}

    private final Conversation conversation;
    private final TransactionPlan plan;
    private final byte[] content;
    private final SmtpTimeouts timeouts;
    private final Manner manner;
    private final Transcript transcript;
    private final BiConsumer<TransactionResult, Boolean> onEnd;

    private final RecipientResult[] results;
    private final List<Integer> accepted = new ArrayList<>();
    private Optional<SmtpReply> mailReply = Optional.empty();
    private ContentWriter writer;
    private boolean replayable;
    private boolean ended;

    /** @param onEnd takes the result, and whether the server still holds an open transaction that wants RSET */
    TransactionRun(
            Conversation conversation,
            TransactionPlan plan,
            byte[] content,
            SmtpTimeouts timeouts,
            Manner manner,
            Transcript transcript,
            BiConsumer<TransactionResult, Boolean> onEnd) {
        this.conversation = conversation;
        this.plan = plan;
        this.content = content;
        this.timeouts = timeouts;
        this.manner = manner;
        this.transcript = transcript;
        this.onEnd = onEnd;
        this.results = plan.refused().stream().map(r -> r.orElse(null)).toArray(RecipientResult[]::new);
    }

    void start() {
        List<String> commands = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        if (manner.resetFirst()) {
            commands.add("RSET");
            steps.add(step(SmtpPhase.RSET, timeouts.command(), this::onReset));
        }
        if (manner.pipelining() || !manner.resetFirst()) {
            commands.add(plan.mail());
            steps.add(step(SmtpPhase.MAIL, timeouts.command(), this::onMail));
        }
        if (manner.pipelining()) {
            // RFC 2920 3.1: RSET, MAIL and RCPT may stand anywhere in a group, DATA only at its end. BDAT waits for the
            // replies, because its content cannot be held back.
            for (Rcpt rcpt : plan.rcpts()) {
                commands.add(rcpt.command());
                steps.add(step(SmtpPhase.RCPT, timeouts.command(), reply -> onRcpt(rcpt, reply)));
            }
            if (!manner.chunking()) {
                commands.add("DATA");
                steps.add(step(SmtpPhase.DATA, timeouts.data(), this::onData));
            }
        }
        conversation.say(commands, steps);
    }

    private void onReset(SmtpReply reply) {
        if (reply.code() >= 300) {
            conversation.breakDown(conversation.protocolFault(SmtpPhase.RSET, "refused RSET: " + reply.format()));
            return;
        }
        if (!manner.pipelining()) {
            conversation.say(plan.mail(), step(SmtpPhase.MAIL, timeouts.command(), this::onMail));
        }
    }

    private void onMail(SmtpReply reply) {
        if (unexpected(reply, SmtpPhase.MAIL)) {
            return;
        }
        mailReply = Optional.of(reply);
        if (reply.isPositive()) {
            sayNextRcpt(0);
            return;
        }
        // A session that sat idle may be told goodbye in what looks like the reply to MAIL.
        replayable = reply.code() == 421 && manner.reused();
        plan.rcpts().forEach(r -> results[r.index()] = new RecipientResult(Kind.REFUSED, SmtpPhase.MAIL, reply));
        if (!manner.pipelining()) {
            end(false);
        }
    }

    private void sayNextRcpt(int next) {
        if (manner.pipelining()) {
            return;
        }
        if (next < plan.rcpts().size()) {
            Rcpt rcpt = plan.rcpts().get(next);
            conversation.say(rcpt.command(), step(SmtpPhase.RCPT, timeouts.command(), reply -> {
                onRcpt(rcpt, reply);
                sayNextRcpt(next + 1);
            }));
        }
    }

    private void onRcpt(Rcpt rcpt, SmtpReply reply) {
        if (unexpected(reply, SmtpPhase.RCPT)) {
            return;
        }
        if (mailReply.map(SmtpReply::isPositive).orElse(false)) {
            if (reply.isPositive()) {
                accepted.add(rcpt.index());
            } else {
                results[rcpt.index()] = new RecipientResult(Kind.REFUSED, SmtpPhase.RCPT, reply);
            }
        }
        boolean last = rcpt.equals(plan.rcpts().get(plan.rcpts().size() - 1));
        if (last && !ended) {
            afterRcpts();
        }
    }

    private void afterRcpts() {
        if (manner.pipelining() && !manner.chunking()) {
            return; // DATA is under way.
        }
        if (accepted.isEmpty()) {
            end(mailReply.map(SmtpReply::isPositive).orElse(false));
        } else if (manner.chunking()) {
            sayContent();
        } else {
            conversation.say("DATA", step(SmtpPhase.DATA, timeouts.data(), this::onData));
        }
    }

    private void onData(SmtpReply reply) {
        if (reply.code() < 300) {
            conversation.breakDown(conversation.protocolFault(SmtpPhase.DATA, "answered DATA with " + reply.format()));
            return;
        }
        boolean goOn = reply.isPositive();
        if (goOn && accepted.isEmpty()) {
            // RFC 2920 3.1: the server waits for content though it took no recipient; an empty one ends that.
            conversation.say(ContentWriter.loneDot(), step(SmtpPhase.DOT, timeouts.dataDone(), ignored -> end(false)));
        } else if (goOn) {
            sayContent();
        } else {
            accepted.forEach(i -> results[i] = new RecipientResult(Kind.REFUSED, SmtpPhase.DATA, reply));
            end(mailReply.map(SmtpReply::isPositive).orElse(false));
        }
    }

    private void sayContent() {
        writer = new ContentWriter(conversation, content, manner.chunking(), timeouts.dataBlock());
        transcript.line(Speaker.CLIENT, writer.description());
        if (manner.replyEach()) {
            // RFC 2033 4.2: one reply for each recipient that was taken, in the order of the RCPT commands.
            List<Step> replies = new ArrayList<>();
            int last = accepted.get(accepted.size() - 1);
            accepted.forEach(i -> replies.add(
                    step(SmtpPhase.DOT, timeouts.dataDone(), reply -> onContent(reply, List.of(i), i == last))));
            conversation.sayContent(replies);
        } else {
            conversation.sayContent(
                    List.of(step(SmtpPhase.DOT, timeouts.dataDone(), reply -> onContent(reply, accepted, true))));
        }
        if (!ended) {
            writer.start();
        }
    }

    /** @param whom the recipients that the reply is for */
    private void onContent(SmtpReply reply, List<Integer> whom, boolean last) {
        boolean sent = writer.isSent();
        boolean taken = reply.code() < 300;
        if (reply.code() >= 400) {
            whom.forEach(i -> results[i] = new RecipientResult(Kind.REFUSED, SmtpPhase.DOT, reply));
            if (!sent) {
                writer.stop();
                // The server did not wait for the end; what it would take the rest for is anybody's guess.
                conversation.breakDown(conversation.protocolFault(
                        SmtpPhase.DOT, "answered before the end of the content: " + reply.format()));
            }
        } else if (taken && sent) {
            whom.forEach(i -> results[i] = new RecipientResult(Kind.ACCEPTED, SmtpPhase.DOT, reply));
        } else {
            conversation.breakDown(conversation.protocolFault(
                    SmtpPhase.DOT,
                    "answered " + (sent ? "" : "before ") + "the end of the content with " + reply.format()));
            return;
        }
        if (last) {
            writer.stop();
            end(false);
        }
    }

    /** RFC 5321 4.3.2: MAIL and RCPT are answered by 2yz, 4yz or 5yz; anything else and we are out of step. */
    private boolean unexpected(SmtpReply reply, SmtpPhase phase) {
        if (reply.code() >= 300 && reply.code() < 400) {
            conversation.breakDown(
                    conversation.protocolFault(phase, "answered " + phase.name() + " with " + reply.format()));
        }
        return reply.code() >= 300 && reply.code() < 400;
    }

    private Step step(SmtpPhase phase, Duration timeout, Consumer<SmtpReply> onReply) {
        return new Step(
                phase,
                timeout,
                reply -> {
                    onReply.accept(reply);
                    // The reply itself may have been the end: a 421, or one that breaks the protocol.
                    conversation.down().ifPresent(this::onBreakdown);
                },
                this::onBreakdown);
    }

    private void onBreakdown(Breakdown breakdown) {
        if (ended) {
            return;
        }
        boolean uncertain = writer != null && writer.isSent();
        if (mailReply.isEmpty()) {
            boolean died = breakdown.kind() == Breakdown.Kind.CLOSED || breakdown.kind() == Breakdown.Kind.OURS;
            replayable = died || manner.reused();
        }
        for (Rcpt rcpt : plan.rcpts()) {
            if (results[rcpt.index()] == null) {
                // RFC 1047: with the reply to the end of the content lost, nobody knows who has the message.
                boolean maybe = uncertain && accepted.contains(rcpt.index());
                results[rcpt.index()] =
                        new RecipientResult(maybe ? Kind.UNCERTAIN : Kind.FAILED, breakdown.phase(), breakdown.reply());
            }
        }
        end(false);
    }

    private void end(boolean transactionIsOpen) {
        if (ended) {
            return;
        }
        ended = true;
        if (writer != null) {
            writer.stop();
        }
        onEnd.accept(new TransactionResult(List.of(results), replayable), transactionIsOpen);
    }
}
