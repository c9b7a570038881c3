package io.github.cameldeliverability.dkim;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a domain publishes at {@code SELECTOR._domainkey.DOMAIN} (RFC 6376 3.6.1, RFC 8463 4). Immutable.
 *
 * @param keyType {@code rsa} or {@code ed25519}
 * @param publicKey empty if the key was revoked (an empty {@code p=})
 * @param hashes the only hash algorithms allowed; empty means all
 * @param services the services the key is for; {@code *} is all
 * @param testing {@code t=y}: the domain is testing, a failure means nothing
 * @param sameDomain {@code t=s}: {@code i=} must be of the very domain of {@code d=}
 */
public record DkimKeyRecord(
        String keyType,
        Optional<PublicKey> publicKey,
        List<String> hashes,
        List<String> services,
        boolean testing,
        boolean sameDomain) {

    /** Verifying with a longer key costs more than it proves; RFC 8301 3.2 asks for 4096 at most. */
    private static final int LONGEST_RSA = 8192;

    /** DER of an Ed25519 SubjectPublicKeyInfo up to its 32 octets of key (RFC 8410 4). */
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private static final int ED25519_OCTETS = 32;

    public DkimKeyRecord {
        hashes = List.copyOf(hashes);
        services = List.copyOf(services);
    }

    /**
     * @param txt the strings of the TXT record joined without anything between them
     * @throws DkimSyntaxException saying what is wrong with the record
     */
    public static DkimKeyRecord parse(String txt) {
        TagList tags = TagList.parse(txt);
        Optional<String> version = tags.get("v");
        // RFC 6376 3.6.1: v= is optional, but if it is there it must be first and DKIM1.
        if (version.isPresent()) {
            if (!version.get().equals("DKIM1")) {
                throw new DkimSyntaxException("v=" + TagList.shown(version.get()) + " is not DKIM1");
            }
            if (!tags.first().equals("v")) {
                throw new DkimSyntaxException("v= is not the first tag");
            }
        }
        String keyType = tags.get("k").orElse("rsa").toLowerCase(Locale.ROOT);
        String p = tags.get("p").orElseThrow(() -> new DkimSyntaxException("tag p= is missing"));
        Optional<PublicKey> key = p.isEmpty() ? Optional.empty() : Optional.of(publicKey(keyType, p));
        List<String> flags = tags.get("t").map(TagList::colonList).orElse(List.of());
        List<String> hashes = tags.get("h").map(TagList::colonList).orElse(List.of());
        List<String> services = tags.get("s").map(TagList::colonList).orElse(List.of("*"));
        return new DkimKeyRecord(keyType, key, hashes, services, flags.contains("y"), flags.contains("s"));
    }

    /** Modulus length of an RSA key, 256 for Ed25519, 0 for a revoked key. */
    public int bits() {
        return publicKey
                .map(k -> k instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 256)
                .orElse(0);
    }

    boolean isForMail() {
        return services.contains("*") || services.contains("email");
    }

    boolean allowsHash(String hash) {
        return hashes.isEmpty() || hashes.contains(hash);
    }

    private static PublicKey publicKey(String keyType, String p) {
        byte[] octets = TagList.base64("p", p);
        return switch (keyType) {
            case "rsa" -> rsa(octets);
            case "ed25519" -> ed25519(octets);
            default -> throw new DkimSyntaxException("unknown key type k=" + TagList.shown(keyType));
        };
    }

    private static PublicKey rsa(byte[] octets) {
        RSAPublicKey key;
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            key = rsaOf(factory, octets);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new DkimSyntaxException("p= is no RSA public key", e);
        }
        if (key.getModulus().bitLength() > LONGEST_RSA
                || key.getPublicExponent().bitLength() > 64
                || key.getPublicExponent().compareTo(BigInteger.TWO) <= 0) {
            throw new DkimSyntaxException(
                    "p= is an RSA key of " + key.getModulus().bitLength() + " bits, or one with a senseless exponent");
        }
        return key;
    }

    private static RSAPublicKey rsaOf(KeyFactory factory, byte[] octets) throws GeneralSecurityException {
        try {
            return (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(octets));
        } catch (GeneralSecurityException e) {
            // RFC 6376 3.6.1 names RSAPublicKey of RFC 8017 A.1.1; nearly everybody publishes SubjectPublicKeyInfo.
            var bare = org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(octets);
            return (RSAPublicKey)
                    factory.generatePublic(new RSAPublicKeySpec(bare.getModulus(), bare.getPublicExponent()));
        }
    }

    /** RFC 8463 4: the 32 octets as they are, no ASN.1 around them. */
    private static PublicKey ed25519(byte[] octets) {
        if (octets.length != ED25519_OCTETS) {
            throw new DkimSyntaxException("p= of an Ed25519 key must be 32 octets, not " + octets.length);
        }
        byte[] der = java.util.Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + ED25519_OCTETS);
        System.arraycopy(octets, 0, der, ED25519_PREFIX.length, ED25519_OCTETS);
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new DkimSyntaxException("p= is no Ed25519 public key", e);
        }
    }
}
