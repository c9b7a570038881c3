package io.github.cameldeliverability.mail.spi;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the hosts of a recipient domain (RFC 5321 5.1). Thread-safe; caches by TTL. */
public interface MxResolver {

    /** @param asciiDomain a domain name in A-labels, no address literal */
    CompletionStage<MxAnswer> mx(String asciiDomain);

    /** The addresses of an MX host, in the preferred order of families. */
    CompletionStage<AddressAnswer> addresses(String host);

    /** What the DNS says of a domain's mail hosts. */
    sealed interface MxAnswer {
        /**
         * Hosts in the order in which they are to be tried: by preference, equal ones shuffled (RFC 5321 5.1).
         *
         * @param implicit whether the domain itself stands in for a missing MX record
         * @param authentic whether DNSSEC vouches for the answer
         * @param ttl how long this may be kept
         */
        record Hosts(List<MxHost> hosts, boolean implicit, boolean authentic, Duration ttl) implements MxAnswer {
            public Hosts {
                hosts = List.copyOf(hosts);
            }
        }

        /** RFC 7505: the domain takes no mail. */
        record NullMx() implements MxAnswer {}

        /** NXDOMAIN. */
        record NoSuchDomain() implements MxAnswer {}

        /** The name exists but has neither MX nor address records. */
        record NoMailHost() implements MxAnswer {}

        /** SERVFAIL, timeout, a loop of aliases. */
        record TemporaryFailure(String detail) implements MxAnswer {}
    }

    record MxHost(String name, int preference) {}

    /** What the DNS says of one host's addresses. */
    sealed interface AddressAnswer {
        /** Never empty. */
        record Addresses(List<InetAddress> addresses, boolean authentic, Duration ttl) implements AddressAnswer {
            public Addresses {
                addresses = List.copyOf(addresses);
            }
        }

        /** No address record, or no such name. */
        record None() implements AddressAnswer {}

        record TemporaryFailure(String detail) implements AddressAnswer {}
    }
}
