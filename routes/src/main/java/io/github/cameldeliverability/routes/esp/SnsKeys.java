package io.github.cameldeliverability.routes.esp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where Amazon SNS keeps its keys, and where it wants to be answered. Hosts are checked by {@link SesEvents} before. */
interface SnsKeys {

    /** Blocking: the key of a signing certificate. */
    PublicKey key(URI certificate) throws IOException, GeneralSecurityException;

    /** Blocking: visits the address that confirms a subscription. */
    void confirm(URI subscribe) throws IOException;

    /** Over HTTPS, with a memory for certificates. Thread-safe. */
    static SnsKeys overHttps() {
        return new OverHttps();
    }

    /** Over HTTPS: what the host check promises, the certificate of the host proves. */
    final class OverHttps implements SnsKeys {

        private static final Duration TIMEOUT = Duration.ofSeconds(10);
        private static final int MAX_CERTIFICATE = 64 * 1024;
        private static final int MAX_KEYS = 32;

        private final HttpClient http = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();

        private final Map<URI, X509Certificate> certificates = new ConcurrentHashMap<>();

        private OverHttps() {}

        @Override
        public PublicKey key(URI url) throws IOException, GeneralSecurityException {
            X509Certificate certificate = certificates.get(url);
            if (certificate == null) {
                certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(get(url)));
                if (certificates.size() >= MAX_KEYS) {
                    certificates.clear();
                }
                certificates.put(url, certificate);
            }
            certificate.checkValidity();
            return certificate.getPublicKey();
        }

        @Override
        public void confirm(URI subscribe) throws IOException {
            get(subscribe);
        }

        private byte[] get(URI url) throws IOException {
            try {
                HttpResponse<InputStream> response = http.send(
                        HttpRequest.newBuilder(url).timeout(TIMEOUT).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream in = response.body()) {
                    byte[] body = in.readNBytes(MAX_CERTIFICATE);
                    if (response.statusCode() != 200) {
                        throw new IOException(url.getHost() + " answers " + response.statusCode());
                    }
                    return body;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
