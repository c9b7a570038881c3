package io.github.cameldeliverability.cli.conform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.delivery.DelayTimer;
import io.github.cameldeliverability.delivery.DeliveryEngine;
import io.github.cameldeliverability.delivery.EngineMachinery;
import io.github.cameldeliverability.delivery.EngineOptions;
import io.github.cameldeliverability.delivery.EngineRooms;
import io.github.cameldeliverability.delivery.RetryPolicy;
import io.github.cameldeliverability.dns.AddressFamily;
import io.github.cameldeliverability.dns.DnsMxResolver;
import io.github.cameldeliverability.dns.DnsOptions;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.MxResolver;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.smtp.NettySmtpConnector;
import io.github.cameldeliverability.smtp.SmtpClientOptions;
import io.github.cameldeliverability.token.QueueIds;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * {@code smtp.deliver}: one attempt as {@code deliveryMode=DIRECT} makes it. Each request has an engine and a resolver of
 * its own, so that nothing learnt from one is used for the next; the network threads are shared. Thread-safe.
 */
final class DeliverOperation {

    private static final String STREAM = "conform";

    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService workers;
    private final ScheduledExecutorService timer;
    private final RulePackEngine verdicts = RulePackEngine.builtIn();
    private final QueueIds ids = new QueueIds(clock, random);
    /** By the certificate that they trust. */
    private final Map<String, NettySmtpConnector> connectors = new ConcurrentHashMap<>();

    DeliverOperation(ExecutorService workers, ScheduledExecutorService timer) {
        this.workers = workers;
        this.timer = timer;
    }

    /** Fills {@code reply}; fails for a fault of our own. */
    CompletionStage<Void> deliver(JsonNode request, ObjectNode reply) {
        Map<String, EmailAddress> addresses = new HashMap<>();
        Map<String, String> refusals = new HashMap<>();
        for (JsonNode to : request.path("to")) {
            try {
                addresses.put(to.asText(), EmailAddress.parse(to.asText()));
            } catch (IllegalArgumentException e) {
                refusals.put(to.asText(), e.getMessage());
            }
        }
        Submission submission;
        try {
            Envelope envelope =
                    new Envelope(ReversePath.parse(request.path("from").asText()), List.copyOf(addresses.values()));
            submission =
                    new Submission(STREAM, envelope, request.path("message").binaryValue());
        } catch (IllegalArgumentException e) {
            refuseAll(request, reply, refusals, e.getMessage());
            return CompletableFuture.completedFuture(null);
        } catch (IOException e) {
            throw new UncheckedIOException("field message is not base64", e);
        }
        DeliveryEngine engine = engine(request);
        engine.start();
        return engine.deliverNow(submission).handle((report, error) -> {
            var unused = engine.stopAsync();
            if (error instanceof IllegalArgumentException) {
                refuseAll(request, reply, refusals, error.getMessage());
            } else if (error != null) {
                throw new IllegalStateException("the engine failed: " + error.getMessage(), error);
            } else {
                answer(request, reply, addresses, refusals, report);
            }
            return null;
        });
    }

    private DeliveryEngine engine(JsonNode request) {
        PolicyHosts.Policy policy = PolicyHosts.Policy.of(request.path("mtaSts"));
        Duration total = seconds(request, "total", 40);
        MxResolver resolver = new DnsMxResolver(
                List.of(request.path("dns").asText()),
                clock,
                random,
                workers,
                DnsOptions.DEFAULTS.withoutCache(),
                AddressFamily.V4_FIRST);
        return new DeliveryEngine(
                EngineRooms.withoutStore(
                        policy.isEnforced() ? new PolicyHosts(resolver, policy) : resolver,
                        connectors.computeIfAbsent(request.path("caPem").asText(""), this::connector),
                        new AdaptiveShaper(clock),
                        verdicts),
                new EngineMachinery(clock, DelayTimer.of(timer), workers, random, ids::next),
                EngineOptions.DEFAULTS
                        .withPort(request.path("port").asInt(25))
                        .withTimeouts(timeouts(request))
                        .withDirectTimeout(total)
                        .withDirectTotal(total)
                        .withStopTimeout(Duration.ofSeconds(2)),
                RetryPolicy.defaults(),
                List.of(stream(request.path("helo").asText("localhost"), policy)));
    }

    private NettySmtpConnector connector(String caPem) {
        SmtpClientOptions options = SmtpClientOptions.defaults();
        return new NettySmtpConnector(
                caPem.isEmpty() ? options : options.withVerifyContext(PemTrust.context(caPem)), workers);
    }

    private static StreamConfig stream(String helo, PolicyHosts.Policy policy) {
        // RFC 8461 5: an enforced policy wants a certificate that is valid for the host.
        TlsPolicy tls = policy.isEnforced() ? TlsPolicy.VERIFY : TlsPolicy.OPPORTUNISTIC;
        return StreamConfig.defaults(STREAM, helo).with(s -> s.tls(tls).allowPrivateAddresses(true));
    }

    private static SmtpTimeouts timeouts(JsonNode request) {
        Duration command = seconds(request, "command", 5);
        return new SmtpTimeouts(
                seconds(request, "connect", 3),
                seconds(request, "greeting", 5),
                command,
                command,
                seconds(request, "dataBlock", 5),
                seconds(request, "dataDone", 15),
                Duration.ofSeconds(1));
    }

    private static Duration seconds(JsonNode request, String name, int otherwise) {
        double seconds = request.path("timeouts").path(name).asDouble(otherwise);
        return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
    }

    private static void answer(
            JsonNode request,
            ObjectNode reply,
            Map<String, EmailAddress> addresses,
            Map<String, String> refusals,
            DeliveryReport report) {
        Map<String, DeliveryEvent> events = new HashMap<>();
        report.recipients().forEach(e -> events.put(e.recipient().key(), e));
        ArrayNode recipients = reply.putArray("recipients");
        for (JsonNode to : request.path("to")) {
            ObjectNode recipient = recipients.addObject().put("to", to.asText());
            EmailAddress address = addresses.get(to.asText());
            if (address == null) {
                refused(recipient, refusals.get(to.asText()));
            } else {
                DeliveryEvent event = events.get(address.key());
                recipient.put("outcome", outcome(event));
                recipient.put("reply", event.reply().map(SmtpReply::format).orElse(""));
                event.host().ifPresent(host -> recipient.put("mx", host.substring(0, host.indexOf(' '))));
            }
        }
    }

    private static String outcome(DeliveryEvent event) {
        return switch (event.outcome()) {
            case DELIVERED -> "delivered";
            case DEFERRED, EXPIRED ->
                event.verdict().filter(Verdict::isUncertain).isPresent() ? "uncertain" : "deferred";
            case BOUNCED, SUPPRESSED, CANCELLED, FALLBACK -> "bounced";
        };
    }

    private static void refuseAll(JsonNode request, ObjectNode reply, Map<String, String> refusals, String why) {
        ArrayNode recipients = reply.putArray("recipients");
        for (JsonNode to : request.path("to")) {
            refused(recipients.addObject().put("to", to.asText()), refusals.getOrDefault(to.asText(), why));
        }
        reply.put("refused", true);
    }

    private static void refused(ObjectNode recipient, String why) {
        recipient.put("outcome", "bounced").put("refused", true).put("reply", why);
    }
}
