package io.github.cameldeliverability.routes.esp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.testkit.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** For each service: what is signed counts once, what is not changes nothing. The samples follow the published forms. */
class EspEventsCountOnlyWhenProvenTest {

    private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:ses";
    private static final String URL = "https://shop.example/hooks/mandrill";
    private static final String GONE = "550 5.1.1 <ann@example.net>: Recipient address rejected: User unknown";
    private static final String LISTED = "554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org";

    private final KeyPair ec = keys("EC", 256);
    private final KeyPair rsa = keys("RSA", 2048);
    private final List<URI> confirmed = new ArrayList<>();
    private final List<DefaultCamelContext> contexts = new ArrayList<>();

    /** A request of a service. */
    private record Post(Map<String, Object> headers, byte[] body) {
        static Post of(String body, Map<String, Object> headers) {
            return new Post(headers, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void stop() {
        contexts.forEach(DefaultCamelContext::stop);
    }

    @TestFactory
    Stream<DynamicTest> eachService() {
        return Stream.of(EspService.values())
                .map(s -> DynamicTest.dynamicTest(s.id(), () -> {
                    MemoryStore store = new MemoryStore(Clock.systemUTC());
                    DefaultCamelContext context = start(s, store);

                    assertThat(post(context, unsigned(s))).isIn(401, 403);
                    assertThat(post(context, forged(s))).isIn(401, 403);
                    assertThat(find(store, "ann@example.net"))
                            .as("nothing proven, nothing changed")
                            .isEmpty();

                    for (Post p : signed(s)) {
                        assertThat(post(context, p)).isEqualTo(200);
                    }
                    assertThat(find(store, "ann@example.net").orElseThrow().kind())
                            .isEqualTo(SuppressionKind.BOUNCE);
                    assertThat(find(store, "bob@example.net").orElseThrow().kind())
                            .isEqualTo(SuppressionKind.COMPLAINT);
                    assertThat(find(store, "listed@example.net"))
                            .as("a service that calls our listed address hard kills nobody's address")
                            .isEmpty();
                    assertThat(find(store, "later@example.net")).isEmpty();
                    if (s != EspService.SES) {
                        Suppression wish = find(store, "eve@example.net").orElseThrow();
                        assertThat(wish.kind()).isEqualTo(SuppressionKind.UNSUBSCRIBE);
                        assertThat(wish.scope()).isEqualTo("stream:news");
                    }
                    int before = changes(store);
                    for (Post p : signed(s)) {
                        post(context, p);
                    }
                    assertThat(changes(store))
                            .as("what comes again changes nothing")
                            .isEqualTo(before);
                }));
    }

    @Test
    void snsIsBelievedForItsTopicAndItsHostsOnly() throws Exception {
        MemoryStore store = new MemoryStore(Clock.systemUTC());
        DefaultCamelContext context = start(EspService.SES, store);
        String message = sesBounce("ann@example.net", GONE);
        assertThat(post(context, sns("Notification", message, "arn:aws:sns:eu-west-1:666:evil", cert(), "2")))
                .isEqualTo(403);
        for (String host : List.of(
                "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem",
                "https://evil.example/sns.eu-west-1.amazonaws.com.pem",
                "http://sns.eu-west-1.amazonaws.com/x.pem",
                "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem",
                "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
                "https://bucket.s3.amazonaws.com/x.pem",
                "file:///etc/passwd.pem",
                "no url")) {
            assertThat(post(context, sns("Notification", message, TOPIC, host, "2")))
                    .as(host)
                    .isEqualTo(403);
        }
        assertThat(find(store, "ann@example.net")).isEmpty();
        assertThat(post(context, sns("Notification", message, TOPIC, cert(), "2")))
                .isEqualTo(200);
        assertThat(find(store, "ann@example.net")).isPresent();
    }

    @Test
    void aSubscriptionIsConfirmedAtSnsOnly() throws Exception {
        DefaultCamelContext context = start(EspService.SES, new MemoryStore(Clock.systemUTC()));
        assertThat(post(context, confirmation("https://evil.example/?Action=ConfirmSubscription")))
                .isEqualTo(403);
        assertThat(confirmed).isEmpty();
        String url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc";
        assertThat(post(context, confirmation(url))).isEqualTo(200);
        assertThat(confirmed).containsExactly(URI.create(url));
    }

    @Test
    void oldRequestsAreRefused() throws Exception {
        MemoryStore store = new MemoryStore(Clock.systemUTC());
        DefaultCamelContext context = start(EspService.SENDGRID, store);
        String body = "[{\"email\":\"ann@example.net\",\"event\":\"bounce\",\"status\":\"5.1.1\",\"reason\":\"" + GONE
                + "\",\"timestamp\":1}]";
        assertThat(post(context, sendGrid(body, Instant.now().minusSeconds(2 * 86_400))))
                .isEqualTo(403);
        assertThat(find(store, "ann@example.net")).isEmpty();
    }

    @Test
    void aTokenOfMailgunCountsForOneBodyOnly() throws Exception {
        MemoryStore store = new MemoryStore(Clock.systemUTC());
        DefaultCamelContext context = start(EspService.MAILGUN, store);
        String first = new String(mailgun("complained", "bob@example.net", "").body(), StandardCharsets.UTF_8);
        assertThat(post(context, Post.of(first, Map.of()))).isEqualTo(200);
        assertThat(post(context, Post.of(first.replace("bob@example.net", "victim@example.net"), Map.of())))
                .isEqualTo(403);
        assertThat(find(store, "victim@example.net")).isEmpty();
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        DefaultCamelContext context = start(EspService.POSTMARK, new MemoryStore(Clock.systemUTC()));
        assertThat(post(context, new Post(basic(), new byte[200_000]))).isEqualTo(413);
    }

    @Test
    void anyBodyGivesAnAnswer() throws Exception {
        Random random = new Random(11);
        String letters = "{}[]\",:0123456789.eEauthsignaturemsys\\u \n&=%";
        for (EspService s : EspService.values()) {
            DefaultCamelContext context = start(s, new MemoryStore(Clock.systemUTC()));
            for (int i = 0; i < 50; i++) {
                StringBuilder text = new StringBuilder();
                for (int j = random.nextInt(80); j > 0; j--) {
                    text.append(letters.charAt(random.nextInt(letters.length())));
                }
                assertThat(post(context, Post.of(text.toString(), basic()))).isBetween(200, 499);
            }
        }
    }

    private DefaultCamelContext start(EspService service, MemoryStore store) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        contexts.add(context);
        context.getRegistry().bind("store", store);
        EspIntake intake = new EspIntake();
        intake.setCamelContext(context);
        intake.setService(service);
        intake.setSecret(secret(service));
        intake.setUrl(URL);
        intake.setStore("store");
        intake.setMaxBody(100_000);
        intake.setSnsKeys(new SnsKeys() {
            @Override
            public PublicKey key(URI certificate) {
                return rsa.getPublic();
            }

            @Override
            public void confirm(URI subscribe) throws IOException {
                confirmed.add(subscribe);
            }
        });
        context.addService(intake);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:esp")
                        .process(intake)
                        .to("suppression:default?store=store&operation=APPLY&stream=news")
                        .bean(intake, "remember");
            }
        });
        context.start();
        return context;
    }

    private static int post(DefaultCamelContext context, Post post) {
        try (var template = context.createProducerTemplate()) {
            Exchange in =
                    ExchangeBuilder.anExchange(context).withBody(post.body()).build();
            in.getMessage().setHeaders(new LinkedHashMap<>(post.headers()));
            Exchange out = template.send("direct:esp", in);
            assertThat(out.getException()).isNull();
            return out.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Optional<Suppression> find(MemoryStore store, String address) {
        return store.suppressions()
                .check("default", EmailAddress.parse(address), Set.of("global", "stream:news"), Instant.now())
                .toCompletableFuture()
                .join();
    }

    private static int changes(MemoryStore store) {
        return store.suppressions()
                .changes("default", "test", 1000)
                .toCompletableFuture()
                .join()
                .size();
    }

    private String secret(EspService s) {
        return switch (s) {
            case SENDGRID -> Base64.getEncoder().encodeToString(ec.getPublic().getEncoded());
            case SES -> TOPIC;
            case POSTMARK -> "hook:pass";
            case SPARKPOST -> "hook:pass";
            case BREVO -> "token-of-ours";
            default -> "signing-key";
        };
    }

    private Post unsigned(EspService s) throws Exception {
        Post p = signed(s).get(0);
        String body = new String(p.body(), StandardCharsets.UTF_8);
        return switch (s) {
            case MAILGUN, SES ->
                Post.of(body.replace("\"signature\"", "\"x\"").replace("\"Signature\"", "\"x\""), Map.of());
            case UNISENDER_GO -> Post.of(body.replace("\"auth\"", "\"x\""), Map.of());
            case MANDRILL -> new Post(Map.of("Content-Type", "application/x-www-form-urlencoded"), p.body());
            default -> new Post(Map.of(), p.body());
        };
    }

    private Post forged(EspService s) throws Exception {
        Post p = signed(s).get(0);
        String body = new String(p.body(), StandardCharsets.UTF_8);
        return switch (s) {
            case SENDGRID, SES, UNISENDER_GO, MANDRILL ->
                Post.of(body.replace("ann", "joe").replace("%40", "%41"), p.headers());
            case MAILGUN -> Post.of(body.replaceAll("\"signature\":\"..", "\"signature\":\"zz"), p.headers());
            case POSTMARK, SPARKPOST -> Post.of(body, Map.of("Authorization", "Basic aG9vazpndWVzcw=="));
            case BREVO -> Post.of(body, Map.of("Authorization", "Bearer guess"));
        };
    }

    private List<Post> signed(EspService s) throws Exception {
        long at = 1_790_000_000L;
        return switch (s) {
            case SENDGRID ->
                List.of(sendGrid(
                        "["
                                + String.join(
                                        ",",
                                        sg(
                                                "ann",
                                                "bounce",
                                                "\"type\":\"bounce\",\"status\":\"5.1.1\",\"reason\":\"" + GONE + "\""),
                                        sg(
                                                "listed",
                                                "bounce",
                                                "\"type\":\"bounce\",\"status\":\"5.7.1\",\"reason\":\"" + LISTED
                                                        + "\""),
                                        sg("later", "deferred", "\"response\":\"450 4.2.0 greylisted\""),
                                        sg("bob", "spamreport", "\"x\":1"),
                                        sg("eve", "unsubscribe", "\"x\":1"),
                                        sg("open", "open", "\"x\":1"))
                                + "]",
                        Instant.now()));
            case MAILGUN ->
                List.of(
                        mailgun("failed", "ann@example.net", failed("permanent", "550", GONE)),
                        mailgun("failed", "listed@example.net", failed("permanent", "554", LISTED)),
                        mailgun("failed", "later@example.net", failed("temporary", "450", "4.2.0 greylisted")),
                        mailgun("complained", "bob@example.net", ""),
                        mailgun("unsubscribed", "eve@example.net", ""));
            case SES ->
                List.of(
                        sns("Notification", sesBounce("ann@example.net", "smtp; " + GONE), TOPIC, cert(), "2"),
                        sns("Notification", sesBounce("listed@example.net", "smtp; " + LISTED), TOPIC, cert(), "1"),
                        sns(
                                "Notification",
                                sesBounce("later@example.net", "smtp; 450 4.2.0 greylisted")
                                        .replace("Permanent", "Transient"),
                                TOPIC,
                                cert(),
                                "2"),
                        sns(
                                "Notification",
                                "{\"notificationType\":\"Complaint\",\"complaint\":{\"complaintFeedbackType\":\"abuse\","
                                        + "\"complainedRecipients\":[{\"emailAddress\":\"bob@example.net\"}],\"timestamp\":\"2026-03-01T12:00:00.000Z\"},"
                                        + "\"mail\":{\"messageId\":\"m1\"}}",
                                TOPIC,
                                cert(),
                                "2"));
            case POSTMARK ->
                List.of(
                        pm(
                                "{\"RecordType\":\"Bounce\",\"Type\":\"HardBounce\",\"Email\":\"ann@example.net\",\"Details\":\"smtp;"
                                        + GONE + "\""),
                        pm(
                                "{\"RecordType\":\"Bounce\",\"Type\":\"HardBounce\",\"Email\":\"listed@example.net\",\"Details\":\"smtp;"
                                        + LISTED + "\""),
                        pm(
                                "{\"RecordType\":\"Bounce\",\"Type\":\"Transient\",\"Email\":\"later@example.net\",\"Details\":\"450 4.2.0 greylisted\""),
                        pm(
                                "{\"RecordType\":\"SpamComplaint\",\"Type\":\"SpamComplaint\",\"Email\":\"bob@example.net\""),
                        pm(
                                "{\"RecordType\":\"SubscriptionChange\",\"SuppressSending\":true,\"SuppressionReason\":\"ManualSuppression\",\"Recipient\":\"eve@example.net\""));
            case SPARKPOST ->
                List.of(Post.of(
                        "["
                                + String.join(
                                        ",",
                                        sp("message_event", "bounce", "ann", "10", GONE),
                                        sp("message_event", "bounce", "listed", "51", LISTED),
                                        sp("message_event", "delay", "later", "22", "450 4.2.0 greylisted"),
                                        sp("message_event", "spam_complaint", "bob", "", ""),
                                        sp("unsubscribe_event", "list_unsubscribe", "eve", "", ""))
                                + "]",
                        basic()));
            case BREVO ->
                List.of(
                        brevo("hard_bounce", "ann", GONE, at),
                        brevo("hard_bounce", "listed", LISTED, at),
                        brevo("soft_bounce", "later", "450 4.2.0 greylisted", at),
                        brevo("spam", "bob", "", at),
                        brevo("unsubscribed", "eve", "", at));
            case MANDRILL ->
                List.of(mandrill("["
                        + String.join(
                                ",",
                                md("hard_bounce", "ann", "smtp;" + GONE, "bad_mailbox"),
                                md("hard_bounce", "listed", "smtp;" + LISTED, "general"),
                                md("soft_bounce", "later", "450 4.2.0 greylisted", "general"),
                                md("spam", "bob", "", ""),
                                md("unsub", "eve", "", ""))
                        + "]"));
            case UNISENDER_GO ->
                List.of(uniSender("["
                        + String.join(
                                ",",
                                us("hard_bounced", "ann", "err_user_unknown", GONE),
                                us("hard_bounced", "listed", "err_spam_rejected", LISTED),
                                us("soft_bounced", "later", "err_will_retry", "450 4.2.0 greylisted"),
                                us("spam", "bob", "", ""),
                                us("unsubscribed", "eve", "", ""))
                        + "]"));
        };
    }

    private static String sg(String who, String event, String more) {
        return "{\"email\":\"" + who + "@example.net\",\"event\":\"" + event + "\",\"timestamp\":1790000000,"
                + "\"smtp-id\":\"<m1@shop.example>\"," + more + "}";
    }

    private Post sendGrid(String body, Instant at) throws Exception {
        String time = Long.toString(at.getEpochSecond());
        Signature s = Signature.getInstance("SHA256withECDSA");
        s.initSign(ec.getPrivate());
        s.update(time.getBytes(StandardCharsets.US_ASCII));
        s.update(body.getBytes(StandardCharsets.UTF_8));
        return Post.of(
                body,
                Map.of(
                        "X-Twilio-Email-Event-Webhook-Signature",
                        Base64.getEncoder().encodeToString(s.sign()),
                        "x-twilio-email-event-webhook-timestamp",
                        time));
    }

    private static String failed(String severity, String code, String message) {
        return ",\"severity\":\"" + severity + "\",\"reason\":\"generic\",\"delivery-status\":{\"code\":" + code
                + ",\"message\":\"" + message + "\"}";
    }

    private static Post mailgun(String event, String who, String more) {
        String time = Long.toString(Instant.now().getEpochSecond());
        String token = HexFormat.of().formatHex((event + who).getBytes(StandardCharsets.UTF_8));
        String signature = HexFormat.of()
                .formatHex(
                        Signatures.hmac("HmacSHA256", "signing-key", (time + token).getBytes(StandardCharsets.UTF_8)));
        // The body of a second post differs in its time and so has a token of its own.
        return Post.of(
                "{\"signature\":{\"timestamp\":\"" + time + "\",\"token\":\"" + token + "\",\"signature\":\""
                        + signature
                        + "\"},\"event-data\":{\"event\":\"" + event + "\",\"recipient\":\"" + who
                        + "\",\"timestamp\":1790000000.5,\"message\":{\"headers\":{\"message-id\":\"m1@shop.example\"}}"
                        + more + "}}",
                Map.of("Content-Type", "application/json"));
    }

    private static String cert() {
        return "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem";
    }

    private static String sesBounce(String who, String diagnostic) {
        return "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\","
                + "\"timestamp\":\"2026-03-01T12:00:00.000Z\",\"bouncedRecipients\":[{\"emailAddress\":\"" + who
                + "\",\"action\":\"failed\",\"diagnosticCode\":\"" + diagnostic
                + "\"}]},\"mail\":{\"messageId\":\"m1\"}}";
    }

    private Post confirmation(String url) throws Exception {
        Map<String, String> m = new LinkedHashMap<>();
        m.put("Type", "SubscriptionConfirmation");
        m.put("Message", "confirm");
        m.put("Token", "abc");
        m.put("SubscribeURL", url);
        return sns(m, TOPIC, cert(), "2");
    }

    private Post sns(String type, String message, String topic, String cert, String version) throws Exception {
        Map<String, String> m = new LinkedHashMap<>();
        m.put("Type", type);
        m.put("Message", message);
        return sns(m, topic, cert, version);
    }

    private Post sns(Map<String, String> m, String topic, String cert, String version) throws Exception {
        m.put("MessageId", "id-" + m.get("Message").hashCode());
        m.put("TopicArn", topic);
        m.put("Timestamp", Instant.now().toString());
        StringBuilder signed = new StringBuilder();
        new java.util.TreeMap<>(m)
                .forEach((k, v) -> signed.append(k).append('\n').append(v).append('\n'));
        Signature s = Signature.getInstance(version.equals("1") ? "SHA1withRSA" : "SHA256withRSA");
        s.initSign(rsa.getPrivate());
        s.update(signed.toString().getBytes(StandardCharsets.UTF_8));
        m.put("SignatureVersion", version);
        m.put("SigningCertURL", cert);
        m.put("Signature", Base64.getEncoder().encodeToString(s.sign()));
        return Post.of(new ObjectMapper().writeValueAsString(m), Map.of("Content-Type", "text/plain"));
    }

    private static Map<String, Object> basic() {
        return Map.of(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString("hook:pass".getBytes(StandardCharsets.UTF_8)));
    }

    private static Post pm(String start) {
        return Post.of(start + ",\"MessageID\":\"m1\",\"BouncedAt\":\"2026-03-01T12:00:00Z\"}", basic());
    }

    private static String sp(String group, String type, String who, String bounceClass, String reason) {
        return "{\"msys\":{\"" + group + "\":{\"type\":\"" + type + "\",\"rcpt_to\":\"" + who
                + "@example.net\",\"bounce_class\":\"" + bounceClass + "\",\"raw_reason\":\"" + reason
                + "\",\"timestamp\":\"1790000000\",\"message_id\":\"m1\",\"fbtype\":\"abuse\"}}}";
    }

    private static Post brevo(String event, String who, String reason, long at) {
        return Post.of(
                "{\"event\":\"" + event + "\",\"email\":\"" + who + "@example.net\",\"reason\":\"" + reason
                        + "\",\"message-id\":\"<m1@shop.example>\",\"ts_event\":" + at + "}",
                Map.of("authorization", "Bearer token-of-ours"));
    }

    private static String md(String event, String who, String diag, String description) {
        return "{\"event\":\"" + event + "\",\"ts\":1790000000,\"_id\":\"m1\",\"msg\":{\"email\":\"" + who
                + "@example.net\",\"_id\":\"m1\",\"diag\":\"" + diag + "\",\"bounce_description\":\"" + description
                + "\"}}";
    }

    private static Post mandrill(String events) {
        byte[] mac = Signatures.hmac(
                "HmacSHA1", "signing-key", (URL + "mandrill_events" + events).getBytes(StandardCharsets.UTF_8));
        return Post.of(
                "mandrill_events=" + URLEncoder.encode(events, StandardCharsets.UTF_8),
                Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "X-Mandrill-Signature",
                        Base64.getEncoder().encodeToString(mac)));
    }

    private static String us(String status, String who, String deliveryStatus, String response) {
        return "{\"event_name\":\"transactional_email_status\",\"event_data\":{\"job_id\":\"m1\",\"email\":\"" + who
                + "@example.net\",\"status\":\"" + status
                + "\",\"event_time\":\"2026-03-01 12:00:00\",\"delivery_info\":"
                + "{\"delivery_status\":\"" + deliveryStatus + "\",\"destination_response\":\"" + response + "\"}}}";
    }

    private static Post uniSender(String events) throws Exception {
        String body = "{\"auth\":\"signing-key\",\"events_by_user\":[{\"user_id\":1,\"events\":" + events + "}]}";
        String md5 = HexFormat.of()
                .formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        return Post.of(body.replace("signing-key", md5), Map.of());
    }

    private static KeyPair keys(String algorithm, int size) {
        try {
            KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
            g.initialize(size);
            return g.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
