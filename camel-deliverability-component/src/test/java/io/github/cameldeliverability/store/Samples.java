package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mail, events and suppressions for the tests of the store. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-05-04T10:00:00.123456789Z");

    private Samples() {}

    static SpooledMessage message(String queueId, String... recipients) {
        return message(queueId, "transactional", NOW, recipients);
    }

    static SpooledMessage message(String queueId, String stream, Instant dueAt, String... recipients) {
        byte[] content = ("Subject: " + queueId + "\r\n\r\nHello\r\n").getBytes(StandardCharsets.US_ASCII);
        return message(queueId, stream, dueAt, content, recipients);
    }

    static SpooledMessage message(String queueId, String stream, Instant dueAt, byte[] content, String... recipients) {
        List<Recipient> list = new ArrayList<>();
        Arrays.stream(recipients)
                .map(EmailAddress::parse)
                .forEach(a -> list.add(new Recipient(
                        a,
                        ReversePath.parse("bounce+" + list.size() + "-a1b2c3d4@mail.example.com"),
                        DsnRequest.NONE)));
        return new SpooledMessage(
                queueId,
                stream,
                "<" + queueId + "@mail.example.com>",
                content,
                false,
                false,
                Optional.empty(),
                false,
                NOW,
                NOW.plus(Duration.ofDays(5)),
                dueAt,
                Set.of(),
                list);
    }

    static DeliveryEvent delivered(SpooledMessage m, int ordinal) {
        return event(
                m,
                ordinal,
                Outcome.DELIVERED,
                1,
                SmtpReply.parse("250 2.0.0 Ok: queued as 4F7B91").get());
    }

    static DeliveryEvent deferred(SpooledMessage m, int ordinal, int attempt, Instant next) {
        DeliveryEvent e = event(
                m,
                ordinal,
                Outcome.DEFERRED,
                attempt,
                SmtpReply.parse("451 4.7.1 Greylisted").get());
        return new DeliveryEvent(
                e.stream(),
                e.queueId(),
                e.messageId(),
                e.recipient(),
                e.outcome(),
                e.reply(),
                e.phase(),
                Optional.of(Verdict.of(Reason.GREYLISTED, Permanence.TRANSIENT, "general/greylist", "Greylisted")),
                e.provider(),
                e.host(),
                e.attempt(),
                e.at(),
                Optional.of(next),
                e.elapsed(),
                e.tls());
    }

    static DeliveryEvent event(SpooledMessage m, int ordinal, Outcome outcome, int attempt, SmtpReply reply) {
        return new DeliveryEvent(
                m.stream(),
                m.queueId(),
                m.messageId(),
                m.recipients().get(ordinal).address(),
                outcome,
                Optional.of(reply),
                Optional.of(SmtpPhase.DOT),
                Optional.empty(),
                Optional.of("example"),
                Optional.of("mx1.example.net [192.0.2.25]"),
                attempt,
                NOW,
                Optional.empty(),
                Duration.ofMillis(321),
                Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"));
    }

    static RecipientKey key(SpooledMessage m, int ordinal) {
        return new RecipientKey(m.queueId(), ordinal);
    }

    static Suppression suppression(String address, SuppressionKind kind) {
        return suppression(address, Suppression.GLOBAL, kind, Optional.empty());
    }

    static Suppression suppression(String address, String scope, SuppressionKind kind, Optional<Instant> until) {
        return new Suppression(
                "default",
                scope,
                EmailAddress.parse(address),
                kind,
                kind == SuppressionKind.BOUNCE ? Optional.of(Reason.USERUNKNOWN) : Optional.empty(),
                "550 5.1.1 no such user",
                Optional.of("general/userunknown"),
                "session",
                NOW,
                until);
    }
}
