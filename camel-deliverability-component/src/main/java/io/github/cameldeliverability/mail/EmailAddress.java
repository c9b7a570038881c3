package io.github.cameldeliverability.mail;

import java.net.IDN;
import java.util.Locale;
import java.util.Objects;

/**
 * A mailbox, {@code local-part@domain}, as it stands in an SMTP envelope.
 *
 * <p>The local part is kept as given (RFC 5321 2.4: only the receiver may interpret it), quoted or not; the domain is
 * kept in lower case. Equality is of the kept forms; use {@link #key()} to compare people's addresses.
 *
 * @param localPart as on the wire, with its quotes if it has any; never empty, no control characters
 * @param domain a domain name in lower case (A- or U-labels), or an address literal in brackets
 */
public record EmailAddress(String localPart, String domain) {

    // RFC 5321 4.5.3.1.1 and 4.5.3.1.2
    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_DOMAIN = 255;

    public EmailAddress {
        Objects.requireNonNull(localPart, "localPart");
        Objects.requireNonNull(domain, "domain");
        domain = domain.toLowerCase(Locale.ROOT);
        if (domain.endsWith(".")) {
            domain = domain.substring(0, domain.length() - 1);
        }
        checkLocalPart(localPart);
        checkDomain(domain);
    }

    /**
     * Parses a bare mailbox ({@code a@b}) or one in angle brackets ({@code <a@b>}); display names are not understood.
     *
     * @throws IllegalArgumentException naming what is wrong; the offending control characters are shown escaped
     */
    public static EmailAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        String s = text.strip();
        if (s.length() >= 2 && s.charAt(0) == '<' && s.charAt(s.length() - 1) == '>') {
            s = s.substring(1, s.length() - 1);
        }
        int at = s.lastIndexOf('@');
        if (at <= 0 || at == s.length() - 1) {
            throw new IllegalArgumentException("not an e-mail address (want local-part@domain): " + printable(text));
        }
        return new EmailAddress(s.substring(0, at), s.substring(at + 1));
    }

    /** The domain in A-labels, fit for DNS; a domain that cannot be converted comes back unchanged. */
    public String asciiDomain() {
        if (isAscii(domain)) {
            return domain;
        }
        try {
            return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return domain;
        }
    }

    /**
     * The form by which people's addresses are compared: domain in A-labels, local part in lower case. RFC 5321 2.4 lets
     * local parts differ by case, but no large receiver does, and a suppression missed by case harms more.
     */
    public String key() {
        return localPart.toLowerCase(Locale.ROOT) + "@" + asciiDomain();
    }

    /** Whether the local part needs SMTPUTF8 (RFC 6531). A non-ASCII domain alone does not: it has A-labels. */
    public boolean needsSmtpUtf8() {
        return !isAscii(localPart);
    }

    /** Whether the domain is an address literal such as {@code [192.0.2.1]} (RFC 5321 4.1.3). */
    public boolean isAddressLiteral() {
        return domain.startsWith("[");
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }

    private static void checkLocalPart(String local) {
        if (local.isEmpty()) {
            throw new IllegalArgumentException("empty local part in an e-mail address");
        }
        if (local.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_LOCAL_PART) {
            throw new IllegalArgumentException(
                    "local part longer than " + MAX_LOCAL_PART + " octets: " + printable(local));
        }
        boolean quoted = local.length() >= 2 && local.charAt(0) == '"' && local.charAt(local.length() - 1) == '"';
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            // RFC 5321 2.3.8: CR and LF end the command line; let one through and the envelope can be forged.
            if (c < ' ' || c == 0x7f) {
                throw new IllegalArgumentException("control character in an e-mail address: " + printable(local));
            }
            if (!quoted && (c == ' ' || "()<>[]:;,\"\\@".indexOf(c) >= 0)) {
                throw new IllegalArgumentException(
                        "character '" + c + "' needs a quoted local part: " + printable(local));
            }
        }
        if (quoted) {
            checkQuoted(local);
        } else if (local.startsWith(".") || local.endsWith(".") || local.contains("..")) {
            // Departs from RFC 5321 4.1.2 (Dot-string): some receivers do own such addresses (old docomo), so only
            // the ones nobody can own are refused here: a local part of dots alone.
            if (local.chars().allMatch(c -> c == '.')) {
                throw new IllegalArgumentException("local part of dots only: " + printable(local));
            }
        }
    }

    private static void checkQuoted(String local) {
        for (int i = 1; i < local.length() - 1; i++) {
            char c = local.charAt(i);
            if (c == '\\') {
                i++;
                if (i == local.length() - 1) {
                    throw new IllegalArgumentException("unfinished quoted local part: " + printable(local));
                }
            } else if (c == '"') {
                throw new IllegalArgumentException("quote inside a quoted local part: " + printable(local));
            }
        }
    }

    private static void checkDomain(String domain) {
        if (domain.isEmpty() || domain.length() > MAX_DOMAIN) {
            throw new IllegalArgumentException(
                    "domain of 1 to " + MAX_DOMAIN + " characters wanted: " + printable(domain));
        }
        if (domain.startsWith("[")) {
            if (!domain.matches("\\[[0-9a-fv:.x]{3,}]|\\[ipv6:[0-9a-f:.]{2,}]")) {
                throw new IllegalArgumentException("bad address literal: " + printable(domain));
            }
            return;
        }
        if (domain.startsWith(".") || domain.contains("..")) {
            throw new IllegalArgumentException("empty label in domain: " + printable(domain));
        }
        for (int i = 0; i < domain.length(); i++) {
            char c = domain.charAt(i);
            boolean ok =
                    c > 0x9f || c == '.' || c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
            if (!ok) {
                throw new IllegalArgumentException("character not allowed in a domain: " + printable(domain));
            }
        }
    }

    private static boolean isAscii(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (s.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    private static String printable(String s) {
        StringBuilder b = new StringBuilder();
        s.chars().limit(120).forEach(c -> {
            if (c < ' ' || c == 0x7f) {
                b.append(String.format("\\x%02x", c));
            } else {
                b.append((char) c);
            }
        });
        return b.toString();
    }
}
