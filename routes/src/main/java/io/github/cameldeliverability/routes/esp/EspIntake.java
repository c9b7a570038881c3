package io.github.cameldeliverability.routes.esp;

import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.spi.Handled;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.SharedStores;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request of a sending service: checks who sent it, reads it, leaves out what came before, and puts a list of {@link
 * Feedback} into the body for {@code suppression:LIST?operation=APPLY}. After that has worked, {@link #remember} writes down
 * what was applied; so a crash between applies again, which changes nothing.
 *
 * <p>A request that is refused changes nothing: the exchange stops with the status 401, 403, 400, 413 or 503. Thread-safe.
 */
public final class EspIntake extends ServiceSupport implements Processor, CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(EspIntake.class);

    private static final long STORE_TIMEOUT_SECONDS = 30;

    /** The hashes of the events in hand, for {@link #remember}. */
    private static final String PENDING = "CamelEspPending";

    private final Clock clock = Clock.systemUTC();
    private final AtomicLong refused = new AtomicLong();

    private CamelContext context;
    private EspService service;
    private String secret = "";
    private String url = "";
    private String storeName = SharedStores.DEFAULT_STORE;
    private long maxAge = Duration.ofDays(1).toMillis();
    private int maxBody = 5 * 1024 * 1024;
    private SnsKeys snsKeys = SnsKeys.overHttps();
    private EspFeedback feedback;
    private Store store;

    @Override
    protected void doStart() throws Exception {
        if (service == null || secret.isBlank()) {
            throw new IllegalArgumentException("events of a sending service need the parameters service and secret");
        }
        if (service == EspService.MANDRILL && url.isBlank()) {
            throw new IllegalArgumentException(
                    "service=MANDRILL needs the parameter url: the address as it was given to Mandrill, which signs it");
        }
        if (service == EspService.SENDGRID) {
            SendGridEvents.key(secret);
        }
        feedback = new EspFeedback(RulePackEngine.builtIn(), clock);
        store = SharedStores.of(context).acquire(storeName);
    }

    @Override
    protected void doStop() {
        if (store != null) {
            SharedStores.of(context).release(store);
            store = null;
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        try {
            EspRequest request = request(exchange.getMessage());
            EspFormat format = service.format();
            format.check(request, new EspSettings(secret, url, Duration.ofMillis(maxAge), clock, snsKeys));
            checkToken(request);
            List<EspEvent> events = format.read(request);
            Map<String, EspEvent> fresh = new LinkedHashMap<>();
            events.forEach(e -> fresh.putIfAbsent(hash(e), e));
            fresh.keySet()
                    .removeAll(
                            await(handled().outcomes(scope(), fresh.keySet())).keySet());
            List<Feedback> body = new ArrayList<>();
            fresh.values().forEach(e -> feedback.of(service, e).ifPresent(body::add));
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setBody(body);
            exchange.setProperty(PENDING, List.copyOf(fresh.keySet()));
            LOG.debug("{} events of {}, {} of them new", events.size(), service.id(), fresh.size());
        } catch (EspRefusal e) {
            refuse(exchange, e);
        }
    }

    /** Writes down that the events in hand were applied, and answers. */
    public void remember(Exchange exchange) throws IOException {
        Map<String, String> outcomes = new LinkedHashMap<>();
        for (Object key : exchange.getProperty(PENDING, List.of(), List.class)) {
            outcomes.put(key.toString(), "APPLIED");
        }
        if (!outcomes.isEmpty()) {
            await(handled().record(scope(), outcomes));
        }
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        exchange.getMessage().setBody("");
    }

    private void refuse(Exchange exchange, EspRefusal e) {
        long n = refused.incrementAndGet();
        LOG.warn(
                "A request that claims to be of {} is refused ({}): {}; {} so far",
                service.id(),
                e.status(),
                e.getMessage(),
                n);
        Message m = exchange.getMessage();
        m.removeHeaders("*");
        m.setHeader(Exchange.HTTP_RESPONSE_CODE, e.status());
        // What is wrong is for our log: it would help whoever forges.
        m.setBody("");
        exchange.setRouteStop(true);
    }

    private EspRequest request(Message m) throws EspRefusal, IOException {
        TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        m.getHeaders().forEach((name, value) -> {
            if (value != null) {
                headers.put(
                        name, value instanceof List<?> l && !l.isEmpty() ? String.valueOf(l.get(0)) : value.toString());
            }
        });
        Object body = m.getBody();
        if (body instanceof Map<?, ?> fields) {
            // The HTTP server has taken the form apart.
            Map<String, String> form = new LinkedHashMap<>();
            fields.forEach((k, v) -> form.put(String.valueOf(k), String.valueOf(v)));
            return new EspRequest(headers, new byte[0], form);
        }
        byte[] bytes = read(m, body);
        String type = headers.getOrDefault("Content-Type", "").toLowerCase(Locale.ROOT);
        return new EspRequest(
                headers, bytes, type.startsWith("application/x-www-form-urlencoded") ? form(bytes) : Map.of());
    }

    private byte[] read(Message m, Object body) throws EspRefusal, IOException {
        if (body == null) {
            throw EspRefusal.unreadable("no body");
        }
        InputStream in = body instanceof byte[] b ? new ByteArrayInputStream(b) : m.getBody(InputStream.class);
        if (in == null) {
            throw EspRefusal.unreadable("the body is no text");
        }
        try (in) {
            byte[] bytes = in.readNBytes(maxBody + 1);
            if (bytes.length > maxBody) {
                throw new EspRefusal(413, "the body has more than " + maxBody + " octets (parameter maxBody)");
            }
            return bytes;
        }
    }

    private static Map<String, String> form(byte[] body) throws EspRefusal {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", 1000)) {
            int equals = pair.indexOf('=');
            try {
                form.put(
                        URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8),
                        equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw EspRefusal.unreadable("the form is not encoded as one");
            }
        }
        return form;
    }

    /** Mailgun's signature does not cover the event: its token counts for one body only. */
    private void checkToken(EspRequest request) throws EspRefusal, IOException {
        if (service != EspService.MAILGUN) {
            return;
        }
        String token = "token:" + MailgunEvents.token(request).orElse("");
        String body = hash(new String(request.body(), StandardCharsets.ISO_8859_1));
        String before = await(handled().outcomes(scope(), List.of(token))).get(token);
        if (before != null && !before.equals(body)) {
            throw EspRefusal.forbidden("the token was used for another body");
        }
        await(handled().record(scope(), Map.of(token, body)));
    }

    private String scope() {
        return "esp:" + service.id();
    }

    private Handled handled() {
        return store.handled();
    }

    /** Services change the ids of events when they post again: what an event says is what it is. */
    private static String hash(EspEvent e) {
        return hash(String.join(
                "\n",
                e.kind().id(),
                e.address().toLowerCase(Locale.ROOT),
                e.messageId(),
                e.status(),
                e.diagnostic(),
                e.at().toString()));
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static <T> T await(java.util.concurrent.CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the store", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the store does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** Whose events these are. */
    public void setService(EspService service) {
        this.service = service;
    }

    /** The key, password or topic by which requests are checked; see {@link EspService}. */
    public void setSecret(String secret) {
        this.secret = secret;
    }

    /** The address that Mandrill posts to, which it signs. */
    public void setUrl(String url) {
        this.url = "none".equals(url) ? "" : url;
    }

    public void setStore(String store) {
        this.storeName = store;
    }

    /** How old a signed request may be, in milliseconds. */
    public void setMaxAge(long maxAge) {
        this.maxAge = maxAge;
    }

    /** How many octets a request may have. */
    public void setMaxBody(int maxBody) {
        this.maxBody = maxBody;
    }

    /** For tests: where the certificates of SNS come from. */
    void setSnsKeys(SnsKeys snsKeys) {
        this.snsKeys = snsKeys;
    }
}
