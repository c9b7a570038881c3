package io.github.cameldeliverability.delivery;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Which addresses mail may be sent to. */
final class AddressRules {

    private AddressRules() {}

    /**
     * Whether an address is out on the Internet. A stranger's MX record that leads to our own network is a mistake, or an
     * attempt to make us talk to what only we can reach.
     */
    static boolean isPublic(InetAddress a) {
        if (a.isAnyLocalAddress()
                || a.isLoopbackAddress()
                || a.isLinkLocalAddress()
                || a.isSiteLocalAddress()
                || a.isMulticastAddress()) {
            return false;
        }
        byte[] b = a.getAddress();
        int first = b[0] & 0xff;
        if (a instanceof Inet4Address) {
            int second = b[1] & 0xff;
            boolean sharedSpace = first == 100 && second >= 64 && second < 128; // RFC 6598
            return first != 0 && first < 224 && !sharedSpace;
        }
        boolean uniqueLocal = (first & 0xfe) == 0xfc; // RFC 4193
        return !uniqueLocal;
    }

    static boolean sameFamily(InetAddress a, InetAddress b) {
        return isV6(a) == isV6(b);
    }

    static boolean isV6(InetAddress a) {
        return a instanceof Inet6Address;
    }

    /** The address in a literal such as {@code [192.0.2.1]} or {@code [ipv6:2001:db8::1]} (RFC 5321 4.1.3). */
    static Optional<InetAddress> ofLiteral(String literal) {
        if (!literal.startsWith("[") || !literal.endsWith("]")) {
            return Optional.empty();
        }
        String text = literal.substring(1, literal.length() - 1);
        try {
            if (text.startsWith("ipv6:")) {
                // With a colon in it the text can only be an address: no look-up happens.
                String v6 = text.substring(5);
                return v6.indexOf(':') < 0 ? Optional.empty() : Optional.of(InetAddress.getByName(v6));
            }
            String[] parts = text.split("\\.", -1);
            if (parts.length != 4) {
                return Optional.empty();
            }
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int n = Integer.parseInt(parts[i]);
                if (n < 0 || n > 255) {
                    return Optional.empty();
                }
                bytes[i] = (byte) n;
            }
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
