package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.WireMessage;
import io.github.cameldeliverability.mail.spi.Mailer;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.RecipientFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** An engine that keeps what it is given and answers as told. */
final class ScriptedEngine implements MailEngine, Mailer {

    final List<Submission> submissions = new CopyOnWriteArrayList<>();
    final Map<String, StreamConfig> streams = new ConcurrentHashMap<>();
    final Map<String, StreamLimits> limits = new ConcurrentHashMap<>();
    final List<String> keys = new CopyOnWriteArrayList<>();
    volatile boolean closed;
    volatile Function<Submission, CompletionStage<String>> onSubmit =
            s -> CompletableFuture.supplyAsync(() -> "Q" + submissions.size());
    volatile Function<EmailAddress, Outcome> outcome = a -> Outcome.DELIVERED;

    WireMessage lastMessage() {
        return WireMessage.of(submissions.get(submissions.size() - 1).content());
    }

    String lastText() {
        return new String(lastMessage().content(), StandardCharsets.UTF_8);
    }

    List<String> lastRecipients() {
        return submissions.get(submissions.size() - 1).envelope().recipients().stream()
                .map(EmailAddress::toString)
                .toList();
    }

    void awaitSubmissions(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> submissions.size() >= count);
    }

    @Override
    public Mailer mailer() {
        return this;
    }

    @Override
    public RecipientFields unsubscribe(UnsubscribeFields.Settings settings) {
        return (message, key, recipient) -> new byte[0];
    }

    @Override
    public MessageSigner signer(String domain, String selector, String pem) {
        if (!pem.contains("PRIVATE KEY")) {
            throw new IllegalArgumentException("no PEM");
        }
        keys.add(domain + ":" + selector);
        return new MessageSigner() {
            @Override
            public byte[] sign(byte[] message) {
                return new byte[0];
            }

            @Override
            public String describe() {
                return domain;
            }
        };
    }

    @Override
    public void start(StreamConfig stream, StreamLimits streamLimits) {
        streams.put(stream.name(), stream);
        limits.put(stream.name(), streamLimits);
    }

    @Override
    public Optional<String> unhealthyReason() {
        return Optional.empty();
    }

    @Override
    public List<String> explain(Lane lane) {
        return List.of();
    }

    @Override
    public void tickWarmups() {}

    @Override
    public List<String> warmups() {
        return List.of();
    }

    @Override
    public List<String> trouble(String stream) {
        return List.of();
    }

    @Override
    public List<String> effects() {
        return List.of();
    }

    @Override
    public void reloadReactions() {}

    @Override
    public void stop(String stream) {
        streams.remove(stream);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public CompletionStage<String> submit(Submission submission) {
        submissions.add(submission);
        return onSubmit.apply(submission);
    }

    @Override
    public CompletionStage<DeliveryReport> deliverNow(Submission submission) {
        submissions.add(submission);
        String queueId = "D" + submissions.size();
        String messageId =
                WireMessage.of(submission.content()).header("Message-ID").orElseThrow();
        return CompletableFuture.supplyAsync(() -> new DeliveryReport(
                queueId,
                messageId,
                submission.envelope().recipients().stream()
                        .map(r -> event(submission.stream(), queueId, messageId, r, outcome.apply(r)))
                        .toList()));
    }

    static DeliveryEvent event(String stream, String queueId, String messageId, EmailAddress to, Outcome outcome) {
        SmtpReply reply =
                switch (outcome) {
                    case DELIVERED -> SmtpReply.parse("250 2.0.0 ok").orElseThrow();
                    case DEFERRED -> SmtpReply.parse("451 4.7.1 come back").orElseThrow();
                    default -> SmtpReply.parse("550 5.1.1 no such user").orElseThrow();
                };
        return new DeliveryEvent(
                stream,
                queueId,
                messageId,
                to,
                outcome,
                Optional.of(reply),
                Optional.of(SmtpPhase.RCPT),
                outcome == Outcome.BOUNCED
                        ? Optional.of(Verdict.of(Reason.USERUNKNOWN, Permanence.PERMANENT, "test/1", "no such user"))
                        : Optional.empty(),
                Optional.of("example"),
                Optional.of("mx.example.net [192.0.2.1]"),
                1,
                Instant.parse("2026-03-01T12:00:00Z"),
                Optional.empty(),
                Duration.ofMillis(5),
                Optional.empty());
    }
}
