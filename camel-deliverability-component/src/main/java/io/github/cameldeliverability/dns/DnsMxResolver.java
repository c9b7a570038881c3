package io.github.cameldeliverability.dns;

import io.github.cameldeliverability.dns.DnsLookup.Answer;
import io.github.cameldeliverability.dns.DnsLookup.Mx;
import io.github.cameldeliverability.mail.spi.MxResolver;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Finds mail hosts by MX records, or by the domain's own addresses if it has none (RFC 5321 5.1, RFC 7505).
 *
 * <p>{@code localhost} and names that are address literals lead nowhere: a stranger's MX record must not point our mail at
 * ourselves by a name that the DNS does not even hold (RFC 6761 6.3). Thread-safe.
 */
public final class DnsMxResolver implements MxResolver {

    private static final Pattern V4_LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private final DnsLookup dns;
    private final RandomGenerator random;
    private final Supplier<AddressFamily> family;

    /** @param random shuffles hosts of equal preference; used under a lock */
    public DnsMxResolver(DnsLookup dns, RandomGenerator random, AddressFamily family) {
        this(dns, random, () -> family);
    }

    /**
     * @param random shuffles hosts of equal preference; used under a lock
     * @param family asked for each host, see {@link OwnAddresses}; must not block
     */
    public DnsMxResolver(DnsLookup dns, RandomGenerator random, Supplier<AddressFamily> family) {
        this.dns = Objects.requireNonNull(dns, "dns");
        this.random = Objects.requireNonNull(random, "random");
        this.family = Objects.requireNonNull(family, "family");
    }

    /**
     * With a client of its own.
     *
     * @param servers see {@link DnsClient}
     */
    public DnsMxResolver(
            List<String> servers,
            Clock clock,
            RandomGenerator random,
            Executor executor,
            DnsOptions options,
            AddressFamily family) {
        this(new DnsClient(servers, clock, executor, options), random, family);
    }

    @Override
    public CompletionStage<MxAnswer> mx(String asciiDomain) {
        String domain = name(asciiDomain);
        if (leadsNowhere(domain)) {
            return CompletableFuture.completedFuture(new MxAnswer.NoMailHost());
        }
        return dns.mx(domain).thenCompose(answer -> {
            if (answer instanceof Answer.Found<Mx> found) {
                return CompletableFuture.completedFuture(hosts(found));
            } else if (answer instanceof Answer.NoSuchName<Mx>) {
                return CompletableFuture.completedFuture(new MxAnswer.NoSuchDomain());
            } else if (answer instanceof Answer.TemporaryFailure<Mx> failure) {
                // RFC 5321 5.1: a temporary error must be reported as one; it does not permit the address fallback.
                return CompletableFuture.completedFuture(
                        new MxAnswer.TemporaryFailure("MX of " + domain + ": " + failure.detail()));
            }
            return implicit(domain, ((Answer.NoData<Mx>) answer).authentic());
        });
    }

    @Override
    public CompletionStage<AddressAnswer> addresses(String host) {
        String name = name(host);
        if (leadsNowhere(name)) {
            return CompletableFuture.completedFuture(new AddressAnswer.None());
        }
        AddressFamily wanted = family.get();
        CompletionStage<Answer<InetAddress>> v4 = wanted.usesV4() ? dns.a(name) : notAsked();
        CompletionStage<Answer<InetAddress>> v6 = wanted.usesV6() ? dns.aaaa(name) : notAsked();
        return v4.thenCombine(
                v6, (a, aaaa) -> wanted == AddressFamily.V6_FIRST ? join(name, aaaa, a) : join(name, a, aaaa));
    }

    private MxAnswer hosts(Answer.Found<Mx> found) {
        List<Mx> records = new ArrayList<>(found.records());
        // RFC 7505 3: "." says that the domain takes no mail; RFC 7505 3 also forbids other records beside it, so where
        // there are some, they are what was meant.
        records.removeIf(mx -> mx.host().isEmpty());
        if (records.isEmpty()) {
            return new MxAnswer.NullMx();
        }
        // RFC 5321 5.1: equal preferences must be randomized to spread the load.
        shuffle(records);
        records.sort(Comparator.comparingInt(Mx::preference));
        List<MxHost> hosts = new ArrayList<>(records.size());
        Set<String> seen = new HashSet<>();
        for (Mx mx : records) {
            if (seen.add(mx.host())) {
                hosts.add(new MxHost(mx.host(), mx.preference()));
            }
        }
        return new MxAnswer.Hosts(hosts, false, found.authentic(), found.ttl());
    }

    /** RFC 5321 5.1: without MX records the domain itself is the host, as if by an MX record of preference 0. */
    private CompletionStage<MxAnswer> implicit(String domain, boolean authentic) {
        return addresses(domain).thenApply(answer -> {
            if (answer instanceof AddressAnswer.Addresses found) {
                return new MxAnswer.Hosts(
                        List.of(new MxHost(domain, 0)), true, authentic && found.authentic(), found.ttl());
            } else if (answer instanceof AddressAnswer.TemporaryFailure failure) {
                return new MxAnswer.TemporaryFailure(failure.detail());
            }
            return new MxAnswer.NoMailHost();
        });
    }

    private static AddressAnswer join(String name, Answer<InetAddress> first, Answer<InetAddress> second) {
        List<InetAddress> addresses = new ArrayList<>();
        boolean authentic = true;
        Duration ttl = null;
        String failure = null;
        for (Answer<InetAddress> answer : List.of(first, second)) {
            if (answer instanceof Answer.Found<InetAddress> found) {
                addresses.addAll(found.records());
                authentic &= found.authentic();
                ttl = ttl == null || found.ttl().compareTo(ttl) < 0 ? found.ttl() : ttl;
            } else if (answer instanceof Answer.TemporaryFailure<InetAddress> failed) {
                failure = failed.detail();
            }
        }
        if (ttl != null) {
            // One family is enough: a failure of the other must not hold the mail back.
            return new AddressAnswer.Addresses(addresses, authentic, ttl);
        }
        return failure == null
                ? new AddressAnswer.None()
                : new AddressAnswer.TemporaryFailure("addresses of " + name + ": " + failure);
    }

    private static CompletionStage<Answer<InetAddress>> notAsked() {
        return CompletableFuture.completedFuture(new Answer.NoData<>(true));
    }

    private void shuffle(List<Mx> records) {
        synchronized (random) {
            for (int i = records.size() - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                records.set(i, records.set(j, records.get(i)));
            }
        }
    }

    private static boolean leadsNowhere(String name) {
        return name.isEmpty()
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || name.startsWith("[")
                || name.indexOf(':') >= 0
                || V4_LITERAL.matcher(name).matches();
    }

    private static String name(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
