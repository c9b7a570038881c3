package io.github.cameldeliverability.dkim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of our signing keys: the private half, and the public half as it is published. Immutable and thread-safe.
 *
 * <p>Load one with {@link #load}, make one with {@link #generateRsa} or {@link #generateEd25519}, then publish {@link
 * #record()} as TXT at {@code SELECTOR._domainkey.DOMAIN}.
 */
public final class DkimKeyPair {

    private static final Logger LOG = LoggerFactory.getLogger(DkimKeyPair.class);

    /** RFC 8301 3.2: signers must use at least 1024 bits and should use at least 2048. */
    private static final int LEAST_RSA = 1024;

    private static final int GOOD_RSA = 2048;

    /** RFC 8301 3.2: verifiers must be able to validate up to 4096 bits, more need not work. */
    private static final int MOST_RSA = 4096;

    /** RFC 1035 3.3: a character-string of a TXT record holds 255 octets at most. */
    private static final int TXT_STRING = 255;

    private final DkimAlgorithm algorithm;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final byte[] published;

    private DkimKeyPair(PrivateKey privateKey, String where) {
        this.privateKey = privateKey;
        try {
            if (privateKey instanceof RSAPrivateCrtKey rsa) {
                this.algorithm = DkimAlgorithm.RSA_SHA256;
                this.publicKey = KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
                this.published = publicKey.getEncoded();
            } else if (privateKey instanceof EdECPrivateKey) {
                this.algorithm = DkimAlgorithm.ED25519_SHA256;
                this.published = new Ed25519PrivateKeyParameters(seed())
                        .generatePublicKey()
                        .getEncoded();
                this.publicKey = DkimKeyRecord.parse(record())
                        .publicKey()
                        .orElseThrow(() -> new IllegalStateException("a new record is not revoked"));
            } else {
                throw new DkimKeyException(
                        "cannot use " + where + " as a DKIM key: " + privateKey.getAlgorithm()
                                + " keys cannot sign; RSA or Ed25519 can",
                        null);
            }
        } catch (GeneralSecurityException e) {
            throw new DkimKeyException("cannot use " + where + " as a DKIM key: the key is damaged", e);
        }
        checkLength(where);
    }

    /**
     * Blocking: reads an unencrypted PEM file, PKCS#8 (RSA, Ed25519) or PKCS#1 (RSA).
     *
     * @throws DkimKeyException if the file cannot be read or holds no key that may sign; it names the file and the reason
     */
    public static DkimKeyPair load(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
        } catch (IOException e) {
            throw new DkimKeyException("cannot read the DKIM key file " + file + ": " + e, e);
        }
    }

    /**
     * @param pem the text of a PEM file, see {@link #load}
     * @param where what the text came from, for error messages
     * @throws DkimKeyException if it holds no key that may sign
     */
    public static DkimKeyPair parse(String pem, String where) {
        return new DkimKeyPair(PemPrivateKey.parse(pem, where), where);
    }

    /**
     * Makes an RSA key; takes up to seconds.
     *
     * @param bits 2048, 3072 or 4096; a record of more than 2048 bits does not fit into every DNS answer over UDP
     */
    public static DkimKeyPair generateRsa(int bits, SecureRandom random) {
        if (bits != 2048 && bits != 3072 && bits != 4096) {
            throw new IllegalArgumentException("an RSA key for DKIM has 2048, 3072 or 4096 bits, not " + bits);
        }
        return generate("RSA", bits, random);
    }

    /** Makes an Ed25519 key. Sign with RSA as well: many receivers do not know Ed25519 (RFC 8463 5). */
    public static DkimKeyPair generateEd25519(SecureRandom random) {
        return generate("Ed25519", 255, random);
    }

    private static DkimKeyPair generate(String algorithm, int bits, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits, random);
            return new DkimKeyPair(generator.generateKeyPair().getPrivate(), "the new key");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make " + algorithm + " keys", e);
        }
    }

    public DkimAlgorithm algorithm() {
        return algorithm;
    }

    /** Length of the modulus of an RSA key, 256 for Ed25519. */
    public int bits() {
        return publicKey instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 256;
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    /** The private key as PKCS#8 in PEM. A secret: not for logs. */
    public String privatePem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(privateKey.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** The text of the TXT record to publish, {@code v=DKIM1; k=rsa; p=...}. */
    public String record() {
        return "v=DKIM1; k=" + algorithm.keyType() + "; p="
                + Base64.getEncoder().encodeToString(published);
    }

    /** {@link #record()} cut into strings of at most 255 octets, as a TXT record wants it. */
    public List<String> recordStrings() {
        String record = record();
        List<String> strings = new ArrayList<>();
        for (int at = 0; at < record.length(); at += TXT_STRING) {
            strings.add(record.substring(at, Math.min(record.length(), at + TXT_STRING)));
        }
        return strings;
    }

    /** A line for a zone file: {@code 2026._domainkey.example.com. IN TXT ( "v=DKIM1; ..." "..." )}. */
    public String zoneLine(String domain, String selector) {
        StringBuilder line = new StringBuilder(record().length() + 80);
        line.append(selector).append("._domainkey.").append(domain).append(". IN TXT (");
        recordStrings().forEach(s -> line.append(" \"").append(s).append('"'));
        return line.append(" )").toString();
    }

    /**
     * Compares this key with what the DNS has at {@code SELECTOR._domainkey.DOMAIN}.
     *
     * @param txtRecords each record's strings joined
     * @return empty if a receiver can verify what this key signs, else the reason why not, in plain words
     */
    public Optional<String> mismatch(List<String> txtRecords) {
        if (txtRecords.isEmpty()) {
            return Optional.of("no TXT record is published; publish \"" + record() + "\"");
        }
        if (txtRecords.size() > 1) {
            // RFC 6376 3.6.2.2: the result of more than one record is undefined.
            return Optional.of(txtRecords.size() + " TXT records are published where one must stand alone");
        }
        DkimKeyRecord record;
        try {
            record = DkimKeyRecord.parse(txtRecords.get(0));
        } catch (DkimSyntaxException e) {
            return Optional.of("the published record is malformed: " + e.getMessage());
        }
        if (record.publicKey().isEmpty()) {
            return Optional.of("the published key is revoked (empty p=)");
        }
        if (!record.keyType().equals(algorithm.keyType())) {
            return Optional.of("the published key is of type " + record.keyType() + ", the private key of type "
                    + algorithm.keyType());
        }
        if (!Arrays.equals(record.publicKey().get().getEncoded(), publicKey.getEncoded())) {
            return Optional.of("the published key belongs to another private key");
        }
        if (!record.allowsHash("sha256")) {
            return Optional.of("the published record does not allow sha256 (h=)");
        }
        return record.isForMail()
                ? Optional.empty()
                : Optional.of("the published record is not for e-mail (s=" + String.join(":", record.services()) + ")");
    }

    /** Type and length only, no secret. */
    @Override
    public String toString() {
        return algorithm.keyType() + (algorithm == DkimAlgorithm.RSA_SHA256 ? "-" + bits() : "");
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    /** The 32 octets of an Ed25519 private key. */
    byte[] seed() {
        return ((EdECPrivateKey) privateKey)
                .getBytes()
                .orElseThrow(() -> new IllegalArgumentException("the Ed25519 key hides its octets"));
    }

    private void checkLength(String where) {
        if (algorithm != DkimAlgorithm.RSA_SHA256) {
            return;
        }
        // RFC 8301 3.2
        if (bits() < LEAST_RSA) {
            throw new DkimKeyException(
                    "cannot use " + where + " as a DKIM key: RSA of " + bits()
                            + " bits is refused by receivers (RFC 8301); make one of 2048",
                    null);
        }
        if (bits() < GOOD_RSA) {
            LOG.warn("dkim key={} bits={} is weak; use 2048 bits (RFC 8301 3.2)", where, bits());
        } else if (bits() > MOST_RSA) {
            LOG.warn("dkim key={} bits={} is longer than receivers need to support (RFC 8301 3.2)", where, bits());
        }
    }
}
