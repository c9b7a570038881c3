package io.github.cameldeliverability.testkit;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The other side of the world on loopback: a DNS server, mailbox providers with habits of their own, and the mail that
 * comes back from them.
 *
 * <p>All providers listen on one port of different loopback addresses, as MX hosts do. Point the sender at {@link #dns()}
 * and {@link #port()}, and let it use loopback addresses. Thread-safe.
 *
 * <pre>{@code
 * try (FakeInternet internet = FakeInternet.builder()
 *         .provider(FakeProvider.named("healthy.test"))
 *         .provider(FakeProvider.named("slow.test").greylisting(Duration.ofSeconds(5)))
 *         .onReturnedMail(mail -> mailbox.add(mail.content()))
 *         .build()) { ... }
 * }</pre>
 */
public final class FakeInternet implements AutoCloseable {

    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*(<[^>\\r\\n]*>)");

    private final FakeDns dns;
    private final int port;
    private final Map<String, FakeMx> hosts = new LinkedHashMap<>();
    private final Map<String, FakeProvider> providerOfDomain = new LinkedHashMap<>();
    private final Map<String, LongAdder> received = new ConcurrentHashMap<>();
    private final LongAdder duplicates = new LongAdder();
    private final ScheduledExecutorService later;
    private final Consumer<ReturnedMail> onReturnedMail;
    private final BiConsumer<FakeProvider, ReceivedMessage> onAccepted;
    private final Duration returnDelay;
    private final Clock clock;

    private FakeInternet(Builder builder) {
        onReturnedMail = builder.onReturnedMail;
        onAccepted = builder.onAccepted;
        returnDelay = builder.returnDelay;
        clock = builder.clock;
        later = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "fake-internet-returns");
            thread.setDaemon(true);
            return thread;
        });
        dns = FakeDns.builder().build();
        int shared = builder.port;
        int number = 0;
        try {
            for (FakeProvider provider : builder.providers) {
                String address = "127.0." + (100 + number / 200) + "." + (1 + number % 200);
                number++;
                FakeMxBuilder mx = FakeMx.builder()
                        .name(provider.host())
                        .address(address)
                        .port(shared)
                        .clock(clock)
                        .keep(builder.keep)
                        .onMessage(message -> accepted(provider, message));
                provider.applyTo(mx);
                FakeMx host = mx.build();
                shared = host.port();
                hosts.put(provider.name(), host);
                dns.a(provider.host(), address);
                for (String domain : provider.domains()) {
                    dns.mx(domain, 10, provider.host());
                    providerOfDomain.put(domain, provider);
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        port = shared;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** {@code 127.0.0.1:PORT} of the DNS server. */
    public String dns() {
        return dns.server();
    }

    /** To add zones of one's own, or faults. */
    public FakeDns dnsServer() {
        return dns;
    }

    /** The SMTP port of all providers. */
    public int port() {
        return port;
    }

    /** The MX host of a provider. */
    public FakeMx host(String provider) {
        return Optional.ofNullable(hosts.get(provider))
                .orElseThrow(() -> new IllegalArgumentException(
                        "no such provider: " + provider + "; there are " + hosts.keySet()));
    }

    /** The provider that hosts the address's domain, if any does. */
    public Optional<FakeProvider> providerOf(String address) {
        return Optional.ofNullable(providerOfDomain.get(address.substring(address.lastIndexOf('@') + 1)));
    }

    /** The truth about an address; an address of nobody is {@link Fate#UNKNOWN_AT_RCPT}. */
    public Fate fate(String address) {
        return providerOf(address)
                .map(p -> p.fate(FakeProvider.localPart(address)))
                .orElse(Fate.UNKNOWN_AT_RCPT);
    }

    /** Messages accepted in all, counted once a recipient. */
    public long deliveries() {
        return received.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** How often one message, by its Message-ID, came to one recipient more than once. */
    public long duplicates() {
        return duplicates.sum();
    }

    /** Message-ID and recipient of everything accepted, {@code <id> address}, with how often it came. */
    public Map<String, Long> received() {
        Map<String, Long> copy = new LinkedHashMap<>();
        received.forEach((key, n) -> copy.put(key, n.sum()));
        return copy;
    }

    private void accepted(FakeProvider provider, ReceivedMessage message) {
        Matcher id = MESSAGE_ID.matcher(message.text());
        String messageId = id.find() ? id.group(1) : "(none)";
        for (String recipient : message.to()) {
            LongAdder times = received.computeIfAbsent(messageId + " " + recipient, k -> new LongAdder());
            times.increment();
            if (times.sum() > 1) {
                duplicates.increment();
            }
            returnMail(provider, message, recipient);
        }
        onAccepted.accept(provider, message);
    }

    private void returnMail(FakeProvider provider, ReceivedMessage message, String recipient) {
        // RFC 5321 4.5.5: nothing is returned to the null reverse-path.
        if (message.from().isEmpty()) {
            return;
        }
        switch (provider.fate(FakeProvider.localPart(recipient))) {
            case BOUNCES_LATER -> schedule(ReturnedMail.dsn(provider, message, recipient, clock.instant()));
            case COMPLAINS -> schedule(ReturnedMail.complaint(provider, message, recipient, clock.instant()));
            case ALIVE, UNKNOWN_AT_RCPT -> {
                // Nobody writes back.
            }
        }
    }

    private void schedule(ReturnedMail mail) {
        if (returnDelay.isZero()) {
            onReturnedMail.accept(mail);
            return;
        }
        var unused = later.schedule(() -> onReturnedMail.accept(mail), returnDelay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        later.shutdownNow();
        hosts.values().forEach(FakeMx::close);
        dns.close();
    }

    /** What the world looks like. */
    public static final class Builder {

        private final List<FakeProvider> providers = new ArrayList<>();
        private Consumer<ReturnedMail> onReturnedMail = mail -> {};
        private BiConsumer<FakeProvider, ReceivedMessage> onAccepted = (provider, message) -> {};
        private Duration returnDelay = Duration.ofMillis(200);
        private Clock clock = Clock.systemUTC();
        private int port;
        private int keep = 100;

        private Builder() {}

        public Builder provider(FakeProvider provider) {
            providers.add(provider);
            return this;
        }

        /** The mailbox of returned mail; is called on a thread of the internet's own. */
        public Builder onReturnedMail(Consumer<ReturnedMail> mailbox) {
            onReturnedMail = mailbox;
            return this;
        }

        /** Hears of each accepted message, before the client does. */
        public Builder onAccepted(BiConsumer<FakeProvider, ReceivedMessage> listener) {
            onAccepted = listener;
            return this;
        }

        /**
         * How long after acceptance mail comes back, in real time; default 200 ms. Zero returns it on the connection's
         * thread before the client hears of the acceptance, so that a world that is stopped forgets none.
         */
        public Builder returnDelay(Duration delay) {
            returnDelay = delay;
            return this;
        }

        /** The clock of greylists and hidden rates. */
        public Builder clock(Clock time) {
            clock = time;
            return this;
        }

        /** The SMTP port; default: a free one. */
        public Builder port(int smtpPort) {
            port = smtpPort;
            return this;
        }

        /** How many messages each host keeps for inspection; default 100. */
        public Builder keep(int newest) {
            keep = newest;
            return this;
        }

        /** Starts all servers. */
        public FakeInternet build() {
            if (providers.isEmpty()) {
                throw new IllegalStateException("an internet without providers: call provider(...)");
            }
            return new FakeInternet(this);
        }
    }
}
