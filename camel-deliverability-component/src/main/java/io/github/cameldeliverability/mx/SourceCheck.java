package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.dns.DnsLookup;
import io.github.cameldeliverability.dns.DnsLookup.Answer;
import io.github.cameldeliverability.mail.SourceAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a stream's source addresses are this machine's and whether their EHLO names lead back to them, and warns
 * where not: receivers distrust a name that does not resolve to the address it comes from (RFC 5321 4.1.4). Only a warning,
 * for an address may move here later, and a name may be on its way into the DNS. Never blocks.
 */
final class SourceCheck {

    private static final Logger LOG = LoggerFactory.getLogger(SourceCheck.class);

    private final DnsLookup dns;

    SourceCheck(DnsLookup dns) {
        this.dns = dns;
    }

    void check(String stream, List<SourceAddress> sources) {
        for (SourceAddress source : sources) {
            notOurs(source.address()).ifPresent(why -> warn(stream, source, why));
            CompletionStage<?> unused = resolves(source).whenComplete((fault, error) -> {
                if (error != null) {
                    LOG.warn("stream={} source={} event=unchecked", stream, source.id(), error);
                } else {
                    fault.ifPresent(why -> warn(stream, source, why));
                }
            });
        }
    }

    private static void warn(String stream, SourceAddress source, String why) {
        LOG.warn("event=source-doubtful stream={} source={}: {}", stream, source.id(), why);
    }

    /** Why connections cannot come from an address; empty if they can. */
    static Optional<String> notOurs(InetAddress address) {
        try {
            // Every address of 127.0.0.0/8 is the machine's, whatever the interface lists.
            boolean ours = address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
            return ours
                    ? Optional.empty()
                    : Optional.of(address.getHostAddress()
                            + " is no address of this machine: connections from it will fail. Add it to an interface,"
                            + " or take it out of the options sourceAddress and sourceAddresses");
        } catch (SocketException e) {
            return Optional.of("the machine's addresses cannot be listed: " + e);
        }
    }

    /** Completes with why the EHLO name does not fit the address; empty if it does. */
    CompletionStage<Optional<String>> resolves(SourceAddress source) {
        String name = source.ehloName();
        InetAddress address = source.address();
        if (name.startsWith("[") || address.isLoopbackAddress() || address.isSiteLocalAddress()) {
            // A literal needs no DNS; behind a private address a translator has the one that the name leads to.
            return CompletableFuture.completedFuture(Optional.empty());
        }
        boolean v6 = address instanceof Inet6Address;
        return (v6 ? dns.aaaa(name) : dns.a(name)).thenApply(answer -> {
            String type = v6 ? "AAAA" : "A";
            if (answer instanceof Answer.Found<InetAddress> found) {
                return found.records().contains(address)
                        ? Optional.empty()
                        : Optional.of("its EHLO name " + name + " resolves to "
                                + found.records().stream()
                                        .map(InetAddress::getHostAddress)
                                        .toList()
                                + " and not to it: many receivers refuse that. Publish " + name + " " + type + " "
                                + address.getHostAddress() + ", or name the right host in sourceAddresses or heloName");
            }
            if (answer instanceof Answer.TemporaryFailure<InetAddress> failure) {
                return Optional.of("its EHLO name " + name + " cannot be looked up now: " + failure.detail());
            }
            return Optional.of("its EHLO name " + name + " has no " + type
                    + " record: many receivers refuse that. Publish " + name + " " + type + " "
                    + address.getHostAddress());
        });
    }
}
