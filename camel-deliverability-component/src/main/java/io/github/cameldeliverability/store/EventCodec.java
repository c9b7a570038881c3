package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.FallbackStep;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The record of a delivery event: all of it but stream and queue id, which are columns.
 *
 * <p>Enums are written by name, not by place: their constants may be put in another order between releases.
 */
final class EventCodec {

    private static final int VERSION = 1;

    private EventCodec() {}

    static byte[] encode(DeliveryEvent e) {
        RecordWriter w = new RecordWriter(320).octet(VERSION);
        w.address(e.recipient());
        w.text(e.outcome().name());
        w.text(e.messageId());
        w.flag(e.reply().isPresent());
        e.reply().ifPresent(reply -> reply(w, reply));
        w.optionalText(e.phase().map(SmtpPhase::name));
        w.flag(e.verdict().isPresent());
        e.verdict().ifPresent(v -> w.text(v.reason().name())
                .text(v.permanence().name())
                .text(v.fault().name())
                .text(v.ruleId())
                .text(v.evidence()));
        w.optionalText(e.provider()).optionalText(e.host());
        w.number(e.attempt()).instant(e.at()).optionalInstant(e.nextAttempt());
        w.number(e.elapsed().toSeconds()).number(e.elapsed().toNanosPart());
        w.optionalText(e.tls());
        e.fallback().ifPresent(step -> w.text(step.name()));
        return w.toBytes();
    }

    /** Only whom the event is about: the record begins with it. */
    static EmailAddress recipient(byte[] body) {
        RecordReader r = new RecordReader("event", body);
        r.version(VERSION);
        return r.address();
    }

    static DeliveryEvent decode(String stream, String queueId, byte[] body) {
        RecordReader r = new RecordReader("event", body);
        r.version(VERSION);
        try {
            EmailAddress recipient = r.address();
            Outcome outcome = Outcome.valueOf(r.text());
            String messageId = r.text();
            Optional<SmtpReply> reply = r.flag() ? Optional.of(reply(r)) : Optional.empty();
            Optional<SmtpPhase> phase = r.optionalText().map(SmtpPhase::valueOf);
            Optional<Verdict> verdict = r.flag() ? Optional.of(verdict(r)) : Optional.empty();
            return new DeliveryEvent(
                    stream,
                    queueId,
                    messageId,
                    recipient,
                    outcome,
                    reply,
                    phase,
                    verdict,
                    r.optionalText(),
                    r.optionalText(),
                    r.smallNumber(),
                    r.instant(),
                    r.optionalInstant(),
                    Duration.ofSeconds(r.number(), r.number()),
                    r.optionalText(),
                    r.isAtEnd() ? Optional.empty() : FallbackStep.byName(r.text()));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw r.damaged(e.getMessage());
        }
    }

    private static void reply(RecordWriter w, SmtpReply reply) {
        w.number(reply.code()).flag(reply.synthetic()).flag(reply.enhanced().isPresent());
        reply.enhanced()
                .ifPresent(s -> w.number(s.statusClass()).number(s.subject()).number(s.detail()));
        w.number(reply.lines().size());
        reply.lines().forEach(w::text);
    }

    private static SmtpReply reply(RecordReader r) {
        int code = r.smallNumber();
        boolean synthetic = r.flag();
        Optional<EnhancedStatus> enhanced = r.flag()
                ? Optional.of(new EnhancedStatus(r.smallNumber(), r.smallNumber(), r.smallNumber()))
                : Optional.empty();
        int count = r.size();
        List<String> lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lines.add(r.text());
        }
        return new SmtpReply(code, enhanced, lines, synthetic);
    }

    private static Verdict verdict(RecordReader r) {
        return new Verdict(
                Reason.valueOf(r.text()), Permanence.valueOf(r.text()), Fault.valueOf(r.text()), r.text(), r.text());
    }
}
