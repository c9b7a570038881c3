package io.github.cameldeliverability.mail;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A local address that a stream's sessions come from, and the name that belongs to it.
 *
 * @param address to bind
 * @param ehloName how sessions from it greet (RFC 5321 4.1.1.1): a name that resolves to the address
 * @param weight its share of the mail beside the stream's other sources, at least 1
 */
public record SourceAddress(InetAddress address, String ehloName, int weight) {

    public SourceAddress {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(ehloName, "ehloName");
        if (weight < 1) {
            throw new IllegalArgumentException(
                    "the weight of source address " + address.getHostAddress() + " must be at least 1: " + weight);
        }
    }

    public SourceAddress(InetAddress address, String ehloName) {
        this(address, ehloName, 1);
    }

    /** How a {@link Lane} names it. */
    public String id() {
        return address.getHostAddress();
    }
}
