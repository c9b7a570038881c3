package io.github.cameldeliverability.dkim;

import io.github.cameldeliverability.mail.WireMessage;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Signs messages for one domain with one key (RFC 6376 5, RFC 8463).
 *
 * <p>The signature covers the whole body (no {@code l=}, RFC 6376 8.2) and over-signs From and the other fields that
 * matter, so that none of them can be added or changed. For two algorithms use two signers; neither covers the other's
 * field. Thread-safe. Uses the fastest library that works: Amazon Corretto Crypto Provider if it is on the class path,
 * else the JDK for RSA and Bouncy Castle for Ed25519.
 */
public final class DkimSigner implements MessageSigner {

    private final DkimKeyPair key;
    private final RawSigner rawSigner;
    private final String domain;
    private final String selector;
    private final Canonicalization headerCanonicalization;
    private final Canonicalization bodyCanonicalization;
    private final SignedFields fields;
    private final Optional<Duration> expireAfter;
    private final Clock clock;

    private DkimSigner(Builder b, RawSigner rawSigner) {
        this.key = b.key;
        this.rawSigner = rawSigner;
        this.domain = b.domain;
        this.selector = b.selector;
        this.headerCanonicalization = b.headerCanonicalization;
        this.bodyCanonicalization = b.bodyCanonicalization;
        this.fields = SignedFields.with(b.alsoSign);
        this.expireAfter = b.expireAfter;
        this.clock = b.clock;
    }

    /**
     * @param domain the {@code d=} tag: who takes responsibility; A-labels
     * @param selector the {@code s=} tag: where under {@code _domainkey.DOMAIN} the key is published
     */
    public static Builder builder(String domain, String selector, DkimKeyPair key) {
        return new Builder(domain, selector, key);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the message has not exactly one From, is not in wire form (a lone CR or LF, a
     *     NUL, no final CRLF: see {@link WireMessage}), or has a header section that no verifier would read alike (a line
     *     that is no field, octets above 127 that are not UTF-8)
     */
    @Override
    public byte[] sign(byte[] message) {
        WireMessage wire = WireMessage.of(message);
        if (wire.content() != message) {
            throw new IllegalArgumentException("cannot sign a message that has a lone CR or LF or no CRLF at its end;"
                    + " a relay would change it and break the signature");
        }
        return sign(wire);
    }

    @Override
    public byte[] sign(WireMessage wire) {
        byte[] message = wire.content();
        HeaderSection header = check(wire);
        Map<String, List<HeaderSection.Field>> present = header.byNameFromBottom();
        List<HeaderSection.Field> from = present.getOrDefault("from", List.of());
        if (from.size() != 1) {
            // RFC 6376 5.4: From must be signed. RFC 5322 3.6: there is exactly one.
            throw new IllegalArgumentException("cannot sign a message with " + from.size() + " From fields");
        }
        List<String> names = fields.names(present);

        DigestSink bodyHash = new DigestSink(sha256(), Long.MAX_VALUE);
        bodyCanonicalization.body(message, header.bodyStart(), message.length, bodyHash);

        SignatureText text = tags(names, bodyHash.digest());
        byte[] unsigned = text.unsigned();
        byte[] data = dataToSign(message, present, names, unsigned);
        // RFC 8463 3: Ed25519 signs the hash, RSA hashes by itself.
        byte[] signature =
                rawSigner.sign(key.algorithm() == DkimAlgorithm.ED25519_SHA256 ? sha256().digest(data) : data);
        return text.signed(Base64.getEncoder().encodeToString(signature));
    }

    @Override
    public String describe() {
        return key.algorithm().id() + " d=" + domain + " s=" + selector;
    }

    @Override
    public Optional<String> domain() {
        return Optional.of(domain);
    }

    /** The name at which the key must be published, {@code s._domainkey.d}. */
    public String keyName() {
        return selector + "._domainkey." + domain;
    }

    @Override
    public String toString() {
        return "DkimSigner[" + describe() + "]";
    }

    private static HeaderSection check(WireMessage wire) {
        byte[] message = wire.content();
        HeaderSection header = HeaderSection.scan(message);
        for (int i = 0; i < header.fields().size(); i++) {
            if (header.fields().get(i).name().isEmpty()) {
                throw new IllegalArgumentException(
                        "cannot sign: entry " + (i + 1) + " of the header section is no header field");
            }
        }
        // RFC 6532 3.2 allows UTF-8 in header fields, and RFC 8616 lets DKIM sign it; nothing allows other octets.
        if (wire.utf8Header() && !isUtf8(message, header.bodyStart())) {
            throw new IllegalArgumentException("cannot sign: the header section is neither ASCII nor UTF-8");
        }
        return header;
    }

    private SignatureText tags(List<String> names, byte[] bodyHash) {
        long now = clock.instant().getEpochSecond();
        SignatureText text = new SignatureText()
                .tag("v", "1")
                .tag("a", key.algorithm().id())
                .tag("c", headerCanonicalization.id() + "/" + bodyCanonicalization.id())
                .tag("d", domain)
                .tag("s", selector)
                .tag("t", Long.toString(now));
        expireAfter.ifPresent(d -> text.tag("x", Long.toString(now + d.toSeconds())));
        return text.fieldNames(names).tag("bh", Base64.getEncoder().encodeToString(bodyHash));
    }

    private byte[] dataToSign(
            byte[] message, Map<String, List<HeaderSection.Field>> present, List<String> names, byte[] unsigned) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(2048);
        signedFields(message, present, names, headerCanonicalization, data::write);
        data.writeBytes(withoutFinalCrlf(headerCanonicalization, unsigned));
        return data.toByteArray();
    }

    /** RFC 6376 5.4.2: each time a name comes, it stands for the next field of that name from the bottom up. */
    static void signedFields(
            byte[] message,
            Map<String, List<HeaderSection.Field>> present,
            List<String> names,
            Canonicalization canonicalization,
            OctetSink out) {
        Map<String, Integer> used = new HashMap<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            List<HeaderSection.Field> list = present.get(lower);
            int next = used.merge(lower, 1, Integer::sum) - 1;
            // RFC 6376 5.4: a name without a field stands for the empty string.
            if (list != null && next < list.size()) {
                HeaderSection.Field f = list.get(next);
                canonicalization.header(message, f.start(), f.end(), out);
            }
        }
    }

    /** RFC 6376 3.7: the signature field itself comes last, without its CRLF. */
    static byte[] withoutFinalCrlf(Canonicalization canonicalization, byte[] field) {
        if (canonicalization == Canonicalization.SIMPLE) {
            return field;
        }
        byte[] canonical = canonicalization.header(field);
        return Arrays.copyOf(canonical, canonical.length - 2);
    }

    static MessageDigest sha256() {
        try {
            Optional<Provider> fast = SignatureEngine.digests();
            return fast.isPresent()
                    ? MessageDigest.getInstance("SHA-256", fast.get())
                    : MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean isUtf8(byte[] b, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Collects what a signer needs; {@link #build()} checks it all. */
    public static final class Builder {

        private final String domain;
        private final String selector;
        private final DkimKeyPair key;
        private Canonicalization headerCanonicalization = Canonicalization.RELAXED;
        private Canonicalization bodyCanonicalization = Canonicalization.RELAXED;
        private Optional<Duration> expireAfter = Optional.empty();
        private List<String> alsoSign = List.of();
        private Clock clock = Clock.systemUTC();

        private Builder(String domain, String selector, DkimKeyPair key) {
            this.domain = domainName("d", domain);
            this.selector = domainName("s", selector);
            this.key = Objects.requireNonNull(key, "key");
        }

        /** The two halves of the {@code c=} tag; relaxed/relaxed if not set, because relays do change white space. */
        public Builder canonicalization(Canonicalization header, Canonicalization body) {
            this.headerCanonicalization = Objects.requireNonNull(header, "header");
            this.bodyCanonicalization = Objects.requireNonNull(body, "body");
            return this;
        }

        /**
         * Sets {@code x=}, after which the signature is worth nothing; not set by default. At least an hour: a message may
         * wait in queues for days.
         */
        public Builder expireAfter(Duration validity) {
            if (validity.compareTo(Duration.ofHours(1)) < 0) {
                throw new IllegalArgumentException(
                        "a signature that expires after " + validity + " is too short-lived");
            }
            this.expireAfter = Optional.of(validity);
            return this;
        }

        /** More header fields to over-sign if present, beside the built-in list. */
        public Builder alsoSign(List<String> names) {
            this.alsoSign = List.copyOf(names);
            return this;
        }

        /** Where {@code t=} comes from; the system's clock if not set. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * @throws DkimKeyException if no library here can sign with the key
         */
        public DkimSigner build() {
            return new DkimSigner(this, SignatureEngine.fastest(key));
        }

        private static String domainName(String tag, String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            String label = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
            if (lower.length() > 253 || !lower.matches(label + "(?:\\." + label + ")*")) {
                throw new IllegalArgumentException(
                        "DKIM " + tag + "= wants a domain name in A-labels, not \"" + name + "\"");
            }
            return lower;
        }
    }
}
