package io.github.cameldeliverability.dkim;

/** The signature algorithms that may be made today: RFC 8301 3.1 retired rsa-sha1. */
public enum DkimAlgorithm {
    /** RFC 6376 3.3.2. */
    RSA_SHA256("rsa-sha256", "rsa"),
    /** RFC 8463 3: PureEdDSA over the SHA-256 of the signed header data. */
    ED25519_SHA256("ed25519-sha256", "ed25519");

    private final String id;
    private final String keyType;

    DkimAlgorithm(String id, String keyType) {
        this.id = id;
        this.keyType = keyType;
    }

    /** As in the {@code a=} tag. */
    public String id() {
        return id;
    }

    /** As in the {@code k=} tag of a key record. */
    public String keyType() {
        return keyType;
    }
}
