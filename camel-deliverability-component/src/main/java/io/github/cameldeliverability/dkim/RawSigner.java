package io.github.cameldeliverability.dkim;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** Makes raw signatures with one key. Thread-safe. */
@FunctionalInterface
interface RawSigner {

    /** @param data for RSA what is to be hashed and signed, for Ed25519 the hash (RFC 8463 3) */
    byte[] sign(byte[] data);

    /**
     * By a JCA provider. A {@link Signature} is bound to a key and holds state, so each call takes one out of a pool:
     * sharing one between threads yields wrong signatures without an error.
     */
    static RawSigner jca(String name, Provider provider, PrivateKey key) {
        ConcurrentLinkedQueue<Signature> idle = new ConcurrentLinkedQueue<>();
        return data -> {
            try {
                Signature signature = idle.poll();
                if (signature == null) {
                    signature = provider == null ? Signature.getInstance(name) : Signature.getInstance(name, provider);
                    signature.initSign(key);
                }
                signature.update(data);
                byte[] made = signature.sign();
                // Not in a finally block: one that threw is not used again.
                idle.offer(signature);
                return made;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(name + " cannot sign with this key", e);
            }
        };
    }

    /** By Bouncy Castle's own classes, which are cheap to make and need no registered provider. */
    static RawSigner bouncyCastle(byte[] seed) {
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(seed);
        return data -> {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(data, 0, data.length);
            return signer.generateSignature();
        };
    }
}
