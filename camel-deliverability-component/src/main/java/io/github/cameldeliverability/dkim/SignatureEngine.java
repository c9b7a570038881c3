package io.github.cameldeliverability.dkim;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The libraries that can sign, and the choice of the fastest that works here. */
enum SignatureEngine {
    /** Amazon Corretto Crypto Provider: native code, there only if the user added it. */
    ACCP {
        @Override
        Optional<RawSigner> signer(DkimKeyPair key) {
            return Optional.ofNullable(AccpHolder.PROVIDER)
                    .filter(p -> p.getService("Signature", jcaName(key.algorithm())) != null)
                    .map(p -> RawSigner.jca(jcaName(key.algorithm()), p, key.privateKey()));
        }
    },
    BOUNCY_CASTLE {
        @Override
        Optional<RawSigner> signer(DkimKeyPair key) {
            return key.algorithm() == DkimAlgorithm.ED25519_SHA256
                    ? Optional.of(RawSigner.bouncyCastle(key.seed()))
                    : Optional.empty();
        }
    },
    JDK {
        @Override
        Optional<RawSigner> signer(DkimKeyPair key) {
            return Optional.of(RawSigner.jca(jcaName(key.algorithm()), null, key.privateKey()));
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(SignatureEngine.class);

    /**
     * As measured on one core with JDK 17, signatures a second of RSA-2048 and Ed25519: ACCP 2.5 3,200 and 108,000, the
     * JDK 1,300 and 1,700, Bouncy Castle 1.86 1,000 and 36,000.
     */
    private static final Map<DkimAlgorithm, List<SignatureEngine>> FASTEST_FIRST = new EnumMap<>(Map.of(
            DkimAlgorithm.RSA_SHA256, List.of(ACCP, JDK),
            DkimAlgorithm.ED25519_SHA256, List.of(ACCP, BOUNCY_CASTLE, JDK)));

    private static final Set<DkimAlgorithm> LOGGED = ConcurrentHashMap.newKeySet();

    /** Empty if this library is not there or cannot do the algorithm. */
    abstract Optional<RawSigner> signer(DkimKeyPair key);

    /**
     * The fastest signer whose signature of a probe verifies.
     *
     * @throws DkimKeyException if none can sign with the key
     */
    static RawSigner fastest(DkimKeyPair key) {
        for (SignatureEngine engine : FASTEST_FIRST.get(key.algorithm())) {
            try {
                Optional<RawSigner> signer = engine.signer(key);
                if (signer.isPresent() && works(signer.get(), key)) {
                    if (LOGGED.add(key.algorithm())) {
                        LOG.info("dkim algorithm={} engine={}", key.algorithm().id(), engine);
                    }
                    return signer.get();
                }
            } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
                LOG.warn("dkim engine={} cannot sign with {}: {}", engine, key, e.toString());
            }
        }
        throw new DkimKeyException("no provider can sign with the key " + key, null);
    }

    private static boolean works(RawSigner signer, DkimKeyPair key) throws GeneralSecurityException {
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        Signature verifier = Signature.getInstance(jcaName(key.algorithm()));
        verifier.initVerify(key.publicKey());
        verifier.update(probe);
        return verifier.verify(signer.sign(probe));
    }

    /** Whose hashes cost least; empty for the JDK's own. */
    static Optional<Provider> digests() {
        return AccpHolder.DIGESTS;
    }

    static String jcaName(DkimAlgorithm algorithm) {
        return algorithm == DkimAlgorithm.RSA_SHA256 ? "SHA256withRSA" : "Ed25519";
    }

    /** Loaded when first asked for: it unpacks a native library. */
    private static final class AccpHolder {

        private static final String CLASS = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

        static final Provider PROVIDER = find();

        // The JDK's own SHA-256 is as fast once the compiler has got round to it, and ten times slower until then.
        static final Optional<Provider> DIGESTS =
                Optional.ofNullable(PROVIDER).filter(p -> p.getService("MessageDigest", "SHA-256") != null);

        private static Provider find() {
            Provider registered = Security.getProvider("AmazonCorrettoCryptoProvider");
            if (registered != null) {
                return registered;
            }
            // In OSGi our own class loader may not see it though the thread's does.
            for (ClassLoader loader : new ClassLoader[] {
                SignatureEngine.class.getClassLoader(), Thread.currentThread().getContextClassLoader()
            }) {
                try {
                    Class<?> type = Class.forName(CLASS, true, loader);
                    Object provider = type.getField("INSTANCE").get(null);
                    type.getMethod("assertHealthy").invoke(provider);
                    return (Provider) provider;
                } catch (ClassNotFoundException e) {
                    LOG.debug("dkim: {} is not on the class path", CLASS);
                } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                    LOG.info("dkim: Amazon Corretto Crypto Provider is there but does not load here: {}", e.toString());
                }
            }
            return null;
        }
    }
}
