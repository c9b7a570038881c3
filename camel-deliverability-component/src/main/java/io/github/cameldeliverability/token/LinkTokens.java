package io.github.cameldeliverability.token;

import io.github.cameldeliverability.mail.EmailAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens for links: base64url of a version, 16 octets of HMAC-SHA256 and what the token says, encrypted.
 *
 * <p>The MAC is over all that the token says, and is at the same time the initial vector of AES-CTR (the construction of
 * RFC 5297, with HMAC for the MAC): a token is all that is needed to act on it, proves that it was made by us, and shows
 * nobody the address in a log or a Referer. Secrets can be rotated: the first mints, all of them read. Thread-safe.
 */
public final class LinkTokens {

    /** The name of the store's secret for these tokens. */
    public static final String SECRET_NAME = "link-tokens";

    private static final byte VERSION = 1;
    private static final int MAC_OCTETS = 16;
    private static final int LEAST_SECRET = 16;
    private static final int MOST_CHARS = 2_000;
    private static final String HMAC = "HmacSHA256";

    /** What a token is worth. */
    public sealed interface Reading {
        /** Ours, and not too old. */
        record Valid(LinkToken token) implements Reading {}

        /** Ours once, too old now. */
        record Expired(LinkToken token) implements Reading {}

        /** Not made by us, damaged, or made for another purpose. */
        record Forged() implements Reading {}
    }

    private record Keys(SecretKeySpec mac, SecretKeySpec cipher) {
        static Keys of(byte[] secret) {
            if (secret.length < LEAST_SECRET) {
                throw new IllegalArgumentException(
                        "a secret for link tokens needs at least " + LEAST_SECRET + " octets, not " + secret.length);
            }
            SecretKeySpec root = new SecretKeySpec(secret, HMAC);
            byte[] cipher = hmac(root, "link-token cipher".getBytes(StandardCharsets.US_ASCII));
            return new Keys(
                    new SecretKeySpec(hmac(root, "link-token mac".getBytes(StandardCharsets.US_ASCII)), HMAC),
                    new SecretKeySpec(Arrays.copyOf(cipher, 16), "AES"));
        }
    }

    private final List<Keys> keys;

    /** @param secrets at least 16 octets each; the first mints, the others still read old tokens */
    public LinkTokens(List<byte[]> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("link tokens need a secret");
        }
        keys = secrets.stream().map(Keys::of).toList();
    }

    /** Letters, digits, {@code -} and {@code _}: fit for a URL as it is. */
    public String mint(LinkToken token) {
        byte[] plain = encode(token);
        Keys k = keys.get(0);
        byte[] mac = Arrays.copyOf(hmac(k.mac(), plain), MAC_OCTETS);
        byte[] hidden = aes(k.cipher(), mac, plain);
        byte[] all = ByteBuffer.allocate(1 + MAC_OCTETS + hidden.length)
                .put(VERSION)
                .put(mac)
                .put(hidden)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Never throws, whatever the text. */
    public Reading read(String text, LinkToken.Purpose purpose, Instant now) {
        if (text == null || text.length() > MOST_CHARS) {
            return new Reading.Forged();
        }
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            return new Reading.Forged();
        }
        if (all.length <= 1 + MAC_OCTETS || all[0] != VERSION) {
            return new Reading.Forged();
        }
        byte[] mac = Arrays.copyOfRange(all, 1, 1 + MAC_OCTETS);
        byte[] hidden = Arrays.copyOfRange(all, 1 + MAC_OCTETS, all.length);
        for (Keys k : keys) {
            byte[] plain = aes(k.cipher(), mac, hidden);
            if (MessageDigest.isEqual(Arrays.copyOf(hmac(k.mac(), plain), MAC_OCTETS), mac)) {
                return decode(plain)
                        .filter(t -> t.purpose() == purpose)
                        .<Reading>map(t -> now.isBefore(t.expires()) ? new Reading.Valid(t) : new Reading.Expired(t))
                        .orElseGet(Reading.Forged::new);
            }
        }
        return new Reading.Forged();
    }

    private static byte[] encode(LinkToken t) {
        byte[] list = t.list().getBytes(StandardCharsets.UTF_8);
        byte[] scope = t.scope().getBytes(StandardCharsets.UTF_8);
        byte[] address = t.address().toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(13 + list.length + scope.length + address.length)
                .put((byte) t.purpose().code())
                .putLong(t.expires().getEpochSecond())
                .putShort((short) list.length)
                .putShort((short) scope.length)
                .put(list)
                .put(scope)
                .put(address)
                .array();
    }

    /** Of octets that our MAC covers: they are well-formed unless a later version wrote them. */
    private static Optional<LinkToken> decode(byte[] plain) {
        try {
            ByteBuffer b = ByteBuffer.wrap(plain);
            Optional<LinkToken.Purpose> purpose = LinkToken.Purpose.ofCode(b.get());
            if (purpose.isEmpty()) {
                return Optional.empty();
            }
            Instant expires = Instant.ofEpochSecond(b.getLong());
            byte[] list = new byte[b.getShort() & 0xffff];
            byte[] scope = new byte[b.getShort() & 0xffff];
            b.get(list).get(scope);
            byte[] address = new byte[b.remaining()];
            b.get(address);
            return Optional.of(new LinkToken(
                    purpose.get(),
                    new String(list, StandardCharsets.UTF_8),
                    new String(scope, StandardCharsets.UTF_8),
                    EmailAddress.parse(new String(address, StandardCharsets.UTF_8)),
                    expires));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] hmac(SecretKeySpec key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    private static byte[] aes(SecretKeySpec key, byte[] iv, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-CTR", e);
        }
    }
}
