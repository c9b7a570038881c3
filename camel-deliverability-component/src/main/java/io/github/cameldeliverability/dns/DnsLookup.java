package io.github.cameldeliverability.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Plain DNS lookups, asynchronous, with the answers that matter told apart. Names are absolute with or without the final
 * dot, in A-labels; no search list is ever applied. Aliases (CNAME) are followed. Thread-safe; never blocks nor throws: a
 * name that cannot stand in the DNS is {@link Answer.NoSuchName}.
 */
public interface DnsLookup {

    /** TXT records, each with its strings joined without anything between them. */
    CompletionStage<Answer<String>> txt(String name);

    /** IPv4 addresses. */
    CompletionStage<Answer<InetAddress>> a(String name);

    /** IPv6 addresses. */
    CompletionStage<Answer<InetAddress>> aaaa(String name);

    /** MX records as they come, in no order. */
    CompletionStage<Answer<Mx>> mx(String name);

    /** The names of an address, without the final dot. */
    CompletionStage<Answer<String>> ptr(InetAddress address);

    /** TLSA records, {@code _25._tcp.HOST} (RFC 6698). Worth something only if {@code authentic}. */
    CompletionStage<Answer<Tlsa>> tlsa(String name);

    /** @param host lower case, without the final dot; empty for the root, the null MX of RFC 7505 */
    record Mx(int preference, String host) {}

    /** RFC 6698 2.1; the numbers as they come. */
    record Tlsa(int usage, int selector, int matchingType, byte[] data) {}

    /** What the DNS says of a name and a type. */
    sealed interface Answer<T> {
        /**
         * @param records never empty
         * @param authentic whether the server says that DNSSEC vouches for it (the AD flag); believe it only of a server
         *     that you reach over a path you trust
         * @param ttl how long this may be kept
         */
        record Found<T>(List<T> records, boolean authentic, Duration ttl) implements Answer<T> {
            public Found {
                records = List.copyOf(records);
            }
        }

        /** The name exists, without records of this type. */
        record NoData<T>(boolean authentic) implements Answer<T> {}

        /** NXDOMAIN. */
        record NoSuchName<T>(boolean authentic) implements Answer<T> {}

        /** SERVFAIL, REFUSED, timeout, a loop of aliases. */
        record TemporaryFailure<T>(String detail) implements Answer<T> {}
    }
}
