package io.github.cameldeliverability.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;

/** Reads the private keys that openssl and its kin write, and says in plain words why it cannot read another. */
final class PemPrivateKey {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final String WANTED = "wanted: an unencrypted RSA or Ed25519 private key in PEM"
            + " (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY)";

    /** id-Ed25519, RFC 8410 3. */
    private static final String ED25519 = "1.3.101.112";

    private final String where;

    private PemPrivateKey(String where) {
        this.where = where;
    }

    /** @param where for error messages: the file, the option; never the key */
    static PrivateKey parse(String pem, String where) {
        return new PemPrivateKey(where).find(pem);
    }

    private PrivateKey find(String pem) {
        Matcher m = BLOCK.matcher(pem);
        String other = null;
        while (m.find()) {
            String type = m.group(1);
            if (type.equals("PRIVATE KEY")) {
                return pkcs8(decode(m.group(2)));
            }
            if (type.equals("RSA PRIVATE KEY")) {
                return pkcs1(m.group(2));
            }
            if (type.equals("ENCRYPTED PRIVATE KEY")) {
                throw encrypted();
            }
            // openssl puts EC PARAMETERS in front of the key that is meant.
            if (other == null && !type.equals("EC PARAMETERS")) {
                other = type;
            }
        }
        if (other == null) {
            throw problem("there is no PEM block in it; " + WANTED, null);
        }
        if (other.contains("PUBLIC KEY") || other.contains("CERTIFICATE")) {
            throw problem("it holds a " + other.toLowerCase(java.util.Locale.ROOT) + ", not a private key", null);
        }
        if (other.equals("OPENSSH PRIVATE KEY")) {
            throw problem("it is in OpenSSH's format; " + WANTED, null);
        }
        throw problem("it holds a " + other + "; " + WANTED, null);
    }

    private PrivateKey pkcs8(byte[] der) {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
            var algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
            if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
                return rsa(RSAPrivateKey.getInstance(info.parsePrivateKey()));
            }
            if (algorithm.getId().equals(ED25519)) {
                // RFC 8410 7: an octet string within the octet string.
                byte[] seed =
                        ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
                return KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            }
            throw problem("its algorithm (object identifier " + algorithm + ") is not one of DKIM; " + WANTED, null);
        } catch (DkimKeyException e) {
            throw e;
        } catch (java.io.IOException | GeneralSecurityException | RuntimeException e) {
            throw problem("its PRIVATE KEY block is damaged", e);
        }
    }

    private PrivateKey pkcs1(String block) {
        if (block.contains("ENCRYPTED")) {
            throw encrypted();
        }
        byte[] der = decode(block);
        try {
            return rsa(RSAPrivateKey.getInstance(der));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw problem("its RSA PRIVATE KEY block is damaged", e);
        }
    }

    private static PrivateKey rsa(RSAPrivateKey k) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        k.getModulus(),
                        k.getPublicExponent(),
                        k.getPrivateExponent(),
                        k.getPrime1(),
                        k.getPrime2(),
                        k.getExponent1(),
                        k.getExponent2(),
                        k.getCoefficient()));
    }

    private byte[] decode(String block) {
        try {
            return Base64.getMimeDecoder().decode(block);
        } catch (IllegalArgumentException e) {
            throw problem("its PEM block is not base64", e);
        }
    }

    private DkimKeyException encrypted() {
        return problem("the key is encrypted; decrypt it first (openssl pkey -in FILE -out FILE)", null);
    }

    private DkimKeyException problem(String what, Throwable cause) {
        return new DkimKeyException("cannot use " + where + " as a DKIM key: " + what, cause);
    }
}
