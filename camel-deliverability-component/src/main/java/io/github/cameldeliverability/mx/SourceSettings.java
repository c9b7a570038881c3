package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.SourceAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a stream's source addresses and EHLO names of its options; bad values and bad pairs are refused by name. */
final class SourceSettings {

    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    private static final Pattern IP_LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.%]*:[0-9a-fA-F:.%a-z]*");
    private static final Pattern ENTRY = Pattern.compile("([^=]+)=([^=*]+?)\\s*(?:\\*\\s*([0-9]{1,6}))?");

    private SourceSettings() {}

    /** Empty where the system is to choose. */
    static List<SourceAddress> sources(String stream, MxConfiguration c) {
        String one = c.getSourceAddress();
        String several = c.getSourceAddresses();
        boolean hasOne = one != null && !one.isBlank();
        boolean hasSeveral = several != null && !several.isBlank();
        if (hasOne && hasSeveral) {
            throw new IllegalArgumentException("Stream " + stream
                    + ": sourceAddress and sourceAddresses exclude each other; state all addresses in sourceAddresses");
        }
        if (hasOne) {
            InetAddress address = address(stream, "sourceAddress", one.strip());
            return List.of(new SourceAddress(address, ehloName(stream, c, List.of())));
        }
        List<SourceAddress> all = new ArrayList<>();
        if (hasSeveral) {
            for (String entry : several.split(",")) {
                if (!entry.isBlank()) {
                    all.add(source(stream, entry.strip()));
                }
            }
        }
        return all;
    }

    private static SourceAddress source(String stream, String entry) {
        Matcher m = ENTRY.matcher(entry);
        if (!m.matches()) {
            throw StreamSettings.bad(
                    stream,
                    "sourceAddresses",
                    entry,
                    "wanted address=name pairs, comma-separated, for example 192.0.2.1=mail1.example.com; *3 after a"
                            + " name gives the address three shares of the mail");
        }
        InetAddress address = address(stream, "sourceAddresses", m.group(1).strip());
        String name = m.group(2).strip().toLowerCase(Locale.ROOT);
        if (!isEhloName(name)) {
            throw StreamSettings.bad(
                    stream, "sourceAddresses", entry, "'" + name + "' is no fully qualified host name");
        }
        int weight = m.group(3) == null ? 1 : Integer.parseInt(m.group(3));
        if (weight < 1) {
            throw StreamSettings.bad(stream, "sourceAddresses", entry, "a weight is at least 1");
        }
        return new SourceAddress(address, name, weight);
    }

    private static InetAddress address(String stream, String option, String value) {
        if (!IP_LITERAL.matcher(value).matches()) {
            throw StreamSettings.bad(stream, option, value, "must be an IP address, not a name");
        }
        try {
            return InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw StreamSettings.bad(stream, option, value, "is no IP address");
        }
    }

    /** The name of sessions that come from no address in particular. */
    static String ehloName(String stream, MxConfiguration c, List<SourceAddress> sources) {
        String name = c.getHeloName();
        if (name == null && !sources.isEmpty()) {
            return sources.get(0).ehloName();
        }
        if (name == null) {
            try {
                name = InetAddress.getLocalHost().getCanonicalHostName();
            } catch (UnknownHostException e) {
                name = "";
            }
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isEhloName(lower)) {
            throw new IllegalArgumentException("Stream " + stream + ": "
                    + (c.getHeloName() == null ? "this machine's name '" + name + "'" : "heloName=" + name)
                    + " is no fully qualified host name; set heloName to the name that the reverse DNS of the source"
                    + " address gives, for example mail.example.com");
        }
        return lower;
    }

    /** RFC 5321 2.3.5 and 4.1.1.1: a fully qualified name that resolves, or an address literal. */
    private static boolean isEhloName(String lower) {
        boolean literal = lower.startsWith("[") && lower.endsWith("]");
        boolean qualified = HOST_NAME.matcher(lower).matches()
                && !IP_LITERAL.matcher(lower).matches()
                && !lower.startsWith("localhost.");
        return literal || qualified;
    }
}
