package io.github.cameldeliverability.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The test-only certificate of {@link FakeMx}, for {@code mx.example.test}, {@code *.example.test}, {@code localhost} and
 * {@code 127.0.0.1}, and the trust that goes with it. Its private key is public: never trust its CA outside of a test.
 */
public final class FakeMxTls {

    private static final char[] PASSWORD = "testonly".toCharArray();

    private FakeMxTls() {}

    /** For a server: shows the certificate. */
    public static SSLContext server() {
        try (InputStream in = resource("fake-mx.p12")) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot load the test certificate: " + e.getMessage(), e);
        }
    }

    /** For a client: trusts the test CA and nothing else. */
    public static SSLContext client() {
        try (InputStream in = resource("fake-mx-ca.pem")) {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trust);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot load the test CA: " + e.getMessage(), e);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = FakeMxTls.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("the test kit has no resource " + name);
        }
        return in;
    }
}
