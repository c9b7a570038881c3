package io.github.cameldeliverability.dkim;

import java.net.IDN;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A DKIM-Signature field taken apart and checked (RFC 6376 3.5, 6.1.1).
 *
 * @param domain in lower case, A-labels
 * @param signedFields the names of {@code h=}
 * @param length the {@code l=} tag
 * @param identityDomain the domain of {@code i=}, in lower case
 */
record SignatureField(
        String algorithm,
        Canonicalization header,
        Canonicalization body,
        String domain,
        String selector,
        List<String> signedFields,
        byte[] bodyHash,
        byte[] signature,
        OptionalLong length,
        OptionalLong expires,
        String identityDomain) {

    /** A thing we do not know how to check, which is not the signer's fault. */
    static final class UnknownMethodException extends Exception {

        private static final long serialVersionUID = 1L;

        UnknownMethodException(String message) {
            super(message);
        }
    }

    private static final int MOST_FIELDS = 1000;

    /** @throws DkimSyntaxException if a tag is missing or malformed or contradicts another */
    static SignatureField of(TagList tags) throws UnknownMethodException {
        // RFC 6376 3.5: v=1. Drafts before RFC 4871 had no v=; their signatures are otherwise the same.
        String version = tags.get("v").orElse("1");
        if (!version.equals("1")) {
            throw new UnknownMethodException("v=" + TagList.shown(version) + " is not known");
        }
        String algorithm = tags.require("a").toLowerCase(Locale.ROOT);
        if (!List.of("rsa-sha256", "ed25519-sha256", "rsa-sha1").contains(algorithm)) {
            throw new UnknownMethodException("a=" + TagList.shown(algorithm) + " is not known");
        }
        // RFC 6376 3.5: one word stands for the header, and the body is simple then; none is simple/simple.
        String[] c = tags.get("c").orElse("simple").split("/", 2);
        Canonicalization header = canonicalization(c[0]);
        Canonicalization body = c.length == 1 ? Canonicalization.SIMPLE : canonicalization(c[1]);
        List<String> query = TagList.colonList(tags.get("q").orElse("dns/txt"));
        if (query.stream().noneMatch(q -> q.equals("dns/txt") || q.equals("dns"))) {
            throw new UnknownMethodException("q=" + TagList.shown(String.join(":", query)) + " is not known");
        }
        String domain = dnsName("d", tags.require("d"));
        String selector = dnsName("s", tags.require("s"));
        List<String> fields = TagList.colonList(tags.require("h"));
        checkFields(fields);
        String identity = identityDomain(tags, domain);
        OptionalLong signedAt = number(tags, "t");
        OptionalLong expires = number(tags, "x");
        if (signedAt.isPresent() && expires.isPresent() && expires.getAsLong() < signedAt.getAsLong()) {
            throw new DkimSyntaxException("x= is before t=");
        }
        return new SignatureField(
                algorithm,
                header,
                body,
                domain,
                selector,
                fields,
                TagList.base64("bh", tags.require("bh")),
                TagList.base64("b", tags.require("b")),
                number(tags, "l"),
                expires,
                identity);
    }

    String keyName() {
        return selector + "._domainkey." + domain;
    }

    /** The raw field without the value of {@code b=} and without the final CRLF (RFC 6376 3.7). */
    static byte[] withoutSignature(byte[] message, HeaderSection.Field field) {
        int end = field.end();
        if (end - field.start() >= 2 && message[end - 1] == '\n' && message[end - 2] == '\r') {
            end -= 2;
        }
        byte[] kept = new byte[end - field.start()];
        int n = 0;
        int at = field.start();
        boolean inName = false;
        boolean inValue = false;
        StringBuilder name = new StringBuilder();
        boolean dropping = false;
        for (; at < end; at++) {
            byte c = message[at];
            if (!inName && !inValue) {
                inName = c == ':';
            } else if (c == ';') {
                inName = true;
                inValue = false;
                dropping = false;
                name.setLength(0);
            } else if (inName && c == '=') {
                inName = false;
                inValue = true;
                kept[n++] = c;
                dropping = name.toString().strip().equals("b");
                continue;
            } else if (inName && name.length() < 16) {
                name.append((char) c);
            }
            if (!dropping) {
                kept[n++] = c;
            }
        }
        return java.util.Arrays.copyOf(kept, n);
    }

    private static Canonicalization canonicalization(String id) throws UnknownMethodException {
        return switch (id.strip().toLowerCase(Locale.ROOT)) {
            case "simple" -> Canonicalization.SIMPLE;
            case "relaxed" -> Canonicalization.RELAXED;
            default -> throw new UnknownMethodException("c=" + TagList.shown(id) + " is not known");
        };
    }

    private static void checkFields(List<String> fields) {
        if (fields.size() > MOST_FIELDS) {
            throw new DkimSyntaxException("h= names " + fields.size() + " fields");
        }
        // RFC 6376 6.1.1: "From" must be among the signed fields.
        if (fields.stream().noneMatch("from"::equalsIgnoreCase)) {
            throw new DkimSyntaxException("From is not signed");
        }
    }

    /** RFC 6376 3.5: {@code i=} must be of the domain of {@code d=} or of one under it. */
    private static String identityDomain(TagList tags, String domain) {
        Optional<String> identity = tags.get("i");
        if (identity.isEmpty()) {
            return domain;
        }
        int at = identity.get().lastIndexOf('@');
        if (at < 0) {
            throw new DkimSyntaxException("i= has no \"@\"");
        }
        String of = dnsName("i", identity.get().substring(at + 1));
        if (!of.equals(domain) && !of.endsWith("." + domain)) {
            throw new DkimSyntaxException("i= is not of the domain of d=");
        }
        return of;
    }

    private static OptionalLong number(TagList tags, String name) {
        Optional<String> value = tags.get(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = value.get();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new DkimSyntaxException(name + "= is not a number");
        }
        // RFC 6376 3.5: up to 76 digits are allowed; what does not fit is as good as endless.
        return OptionalLong.of(digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits));
    }

    private static String dnsName(String tag, String value) {
        String name = value;
        if (!name.chars().allMatch(c -> c < 128)) {
            // RFC 8616 5: a message with SMTPUTF8 may have U-labels here.
            try {
                name = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
            } catch (IllegalArgumentException e) {
                throw new DkimSyntaxException(tag + "= is not a domain name", e);
            }
        }
        if (name.length() > 253 || !name.matches("[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*")) {
            throw new DkimSyntaxException(tag + "= is not a domain name");
        }
        return name.toLowerCase(Locale.ROOT);
    }
}
