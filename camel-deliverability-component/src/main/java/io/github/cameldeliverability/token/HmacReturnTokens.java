package io.github.cameldeliverability.token;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Return tokens by HMAC-SHA256: {@code bounces+TOKEN@example.com}.
 *
 * <p>A token is, in lower-case letters and digits only, so that no mail server can hurt it by changing case: the version
 * ({@code 1}), 16 characters of MAC (80 bits), the length of the ordinal, the ordinal in base32, the queue id. With the
 * 16-character ids of {@link QueueIds} that is at most 41 characters, which leaves 22 of the 64 octets of a local part
 * (RFC 5321 4.5.3.1.1) for the base.
 *
 * <p>The MAC covers version, queue id, ordinal and the recipient's address, so a token that leaks with one mail speaks for
 * its recipient only. Secrets can be rotated: the first mints, all of them prove. Thread-safe.
 */
public final class HmacReturnTokens implements ReturnTokens {

    private static final char VERSION = '1';
    private static final int MAC_OCTETS = 10;
    private static final int MAC_CHARS = 16;
    private static final int MOST_ORDINAL_CHARS = 7;

    /** RFC 5321 4.5.3.1.1. */
    private static final int MOST_LOCAL_PART = 64;

    /** HMAC keys shorter than this can be searched. */
    private static final int LEAST_SECRET = 16;

    private static final String ALGORITHM = "HmacSHA256";

    /** Keeps these MACs apart from any other use of the same secret. */
    private static final byte[] PURPOSE = "return-token".getBytes(StandardCharsets.US_ASCII);

    private final List<SecretKeySpec> secrets;
    private final char separator;

    /** One secret and {@code +} as the separator. */
    public HmacReturnTokens(byte[] secret) {
        this(List.of(secret), '+');
    }

    /**
     * @param secrets at least 16 octets each; the first mints new tokens, the others still prove old ones
     * @param separator between base and token: one of {@code + - = _ .}
     */
    public HmacReturnTokens(List<byte[]> secrets, char separator) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("return tokens need a secret");
        }
        for (byte[] secret : secrets) {
            if (secret.length < LEAST_SECRET) {
                throw new IllegalArgumentException(
                        "a secret for return tokens needs at least " + LEAST_SECRET + " octets, not " + secret.length);
            }
        }
        if ("+-=_.".indexOf(separator) < 0) {
            throw new IllegalArgumentException(
                    "the separator of return tokens is one of + - = _ . and not " + separator);
        }
        this.secrets =
                secrets.stream().map(s -> new SecretKeySpec(s, ALGORITHM)).toList();
        this.separator = separator;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The stream takes no part: it is found by the queue id.
     *
     * @throws IllegalArgumentException if the base's local part is quoted or leaves no room for the token, or the queue id
     *     has other characters than lower-case letters and digits
     */
    @Override
    public ReversePath mint(ReversePath base, String stream, RecipientKey key, EmailAddress recipient) {
        if (base.isNull()) {
            return base;
        }
        if (!isPlain(key.queueId()) || key.ordinal() < 0) {
            throw new IllegalArgumentException("no token can be made for " + key);
        }
        EmailAddress address = base.address().orElseThrow();
        String local = address.localPart();
        if (local.startsWith("\"")) {
            throw new IllegalArgumentException("a return token cannot be put into the quoted local part of " + address);
        }
        String ordinal = Base32.encode(key.ordinal());
        String token = VERSION + mac(secrets.get(0), key, recipient) + ordinal.length() + ordinal + key.queueId();
        String minted = local + separator + token;
        int octets = minted.getBytes(StandardCharsets.UTF_8).length;
        if (octets > MOST_LOCAL_PART) {
            throw new IllegalArgumentException("the local part of the reverse-path " + address + " is "
                    + (octets - MOST_LOCAL_PART) + " octets too long for a return token (64 in all)");
        }
        return ReversePath.of(new EmailAddress(minted, address.domain()));
    }

    @Override
    public Optional<Token> read(EmailAddress returnedTo) {
        String local = returnedTo.localPart();
        String token = local.substring(local.lastIndexOf(separator) + 1).toLowerCase(Locale.ROOT);
        // The shortest has one digit of ordinal and one character of queue id.
        if (token.length() == local.length()
                || token.length() < 1 + MAC_CHARS + 3
                || token.charAt(0) != VERSION
                || !isPlain(token)) {
            return Optional.empty();
        }
        int at = 1 + MAC_CHARS;
        int length = token.charAt(at) - '0';
        if (length < 1 || length > MOST_ORDINAL_CHARS || at + 1 + length >= token.length()) {
            return Optional.empty();
        }
        String digits = token.substring(at + 1, at + 1 + length);
        long ordinal = 0;
        for (int i = 0; i < length; i++) {
            int value = Base32.value(digits.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            ordinal = ordinal << 5 | value;
        }
        // One ordinal has one way to be written.
        if (ordinal > Integer.MAX_VALUE || !Base32.encode((int) ordinal).equals(digits)) {
            return Optional.empty();
        }
        RecipientKey key = new RecipientKey(token.substring(at + 1 + length), (int) ordinal);
        return Optional.of(new Token(key, token.substring(1, at)));
    }

    @Override
    public boolean proves(Token token, EmailAddress recipient) {
        byte[] claimed = token.mac().getBytes(StandardCharsets.UTF_8);
        boolean proven = false;
        for (SecretKeySpec secret : secrets) {
            // No way out of the loop before its end: time must not tell which secret matched.
            proven |= MessageDigest.isEqual(
                    mac(secret, token.key(), recipient).getBytes(StandardCharsets.UTF_8), claimed);
        }
        return proven;
    }

    private static String mac(SecretKeySpec secret, RecipientKey key, EmailAddress recipient) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(PURPOSE);
            mac.update((byte) VERSION);
            mac.update(ByteBuffer.allocate(8)
                    .putInt(key.ordinal())
                    .putInt(key.queueId().length())
                    .flip());
            mac.update(key.queueId().getBytes(StandardCharsets.UTF_8));
            mac.update(recipient.key().getBytes(StandardCharsets.UTF_8));
            return Base32.encode(Arrays.copyOf(mac.doFinal(), MAC_OCTETS));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static boolean isPlain(String s) {
        return !s.isEmpty() && s.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
    }
}
