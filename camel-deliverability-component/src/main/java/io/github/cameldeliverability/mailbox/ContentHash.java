package io.github.cameldeliverability.mailbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * Tells mails apart by what they say: SHA-256 over the bytes, without the header fields that change on the way from server to
 * server or in a mailbox. Addresses of delivery take part, since they hold tokens.
 */
final class ContentHash {

    private static final Set<String> TRACE = Set.of(
            "received",
            "x-received",
            "status",
            "x-status",
            "x-keywords",
            "x-uid",
            "x-mozilla-status",
            "x-mozilla-status2",
            "x-mozilla-keys");

    private ContentHash() {}

    static String of(byte[] mail) {
        MessageDigest sha = sha256();
        int at = 0;
        boolean skipping = false;
        while (at < mail.length) {
            int end = at;
            while (end < mail.length && mail[end] != '\n') {
                end++;
            }
            end = Math.min(end + 1, mail.length);
            if (mail[at] == '\r' || mail[at] == '\n') {
                break;
            }
            // RFC 5322 2.2.3: a line that begins with white space goes on with the field before it.
            if (mail[at] != ' ' && mail[at] != '\t') {
                skipping = TRACE.contains(name(mail, at, end));
            }
            if (!skipping) {
                sha.update(mail, at, end - at);
            }
            at = end;
        }
        sha.update(mail, at, mail.length - at);
        return HexFormat.of().formatHex(sha.digest());
    }

    private static String name(byte[] mail, int from, int to) {
        int colon = from;
        while (colon < to && mail[colon] != ':') {
            colon++;
        }
        return colon == to
                ? ""
                : new String(mail, from, colon - from, StandardCharsets.ISO_8859_1)
                        .strip()
                        .toLowerCase(Locale.ROOT);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
