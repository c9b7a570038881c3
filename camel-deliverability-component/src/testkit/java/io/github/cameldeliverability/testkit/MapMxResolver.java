package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.spi.MxResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A resolver that is two maps. A domain that was not set up does not exist. */
public final class MapMxResolver implements MxResolver {

    private static final Duration TTL = Duration.ofMinutes(5);

    private final Map<String, MxAnswer> domains = new ConcurrentHashMap<>();
    private final Map<String, AddressAnswer> hosts = new ConcurrentHashMap<>();

    /** A domain with these MX hosts, the first being preferred; {@code host=address} also gives the host an address. */
    public MapMxResolver domain(String domain, String... mxHosts) {
        List<MxHost> list = new ArrayList<>();
        for (int i = 0; i < mxHosts.length; i++) {
            String[] parts = mxHosts[i].split("=", 2);
            list.add(new MxHost(parts[0], 10 * (i + 1)));
            if (parts.length == 2) {
                host(parts[0], parts[1]);
            }
        }
        domains.put(domain, new MxAnswer.Hosts(list, false, false, TTL));
        return this;
    }

    /** Any other answer for a domain. */
    public MapMxResolver answer(String domain, MxAnswer answer) {
        domains.put(domain, answer);
        return this;
    }

    /** The addresses of a host, as literals. */
    public MapMxResolver host(String name, String... addresses) {
        List<InetAddress> list = new ArrayList<>();
        try {
            for (String a : addresses) {
                list.add(InetAddress.getByName(a));
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address literals wanted: " + List.of(addresses), e);
        }
        hosts.put(name, new AddressAnswer.Addresses(list, false, TTL));
        return this;
    }

    /** Any other answer for a host. */
    public MapMxResolver answer(String host, AddressAnswer answer) {
        hosts.put(host, answer);
        return this;
    }

    @Override
    public CompletionStage<MxAnswer> mx(String asciiDomain) {
        return CompletableFuture.completedFuture(domains.getOrDefault(asciiDomain, new MxAnswer.NoSuchDomain()));
    }

    @Override
    public CompletionStage<AddressAnswer> addresses(String host) {
        return CompletableFuture.completedFuture(hosts.getOrDefault(host, new AddressAnswer.None()));
    }
}
