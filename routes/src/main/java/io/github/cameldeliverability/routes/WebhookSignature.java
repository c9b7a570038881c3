package io.github.cameldeliverability.routes;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Signs the body of a web hook so that its receiver can tell it from a forgery: the header {@code X-Deliverability-Signature}
 * becomes {@code t=SECONDS,v1=HEX}, where HEX is the HMAC-SHA256 of {@code SECONDS + "." + body} with the shared secret. The
 * time lets the receiver refuse old requests that are sent again.
 */
public class WebhookSignature implements Processor {

    public static final String HEADER = "X-Deliverability-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    private final Clock clock;
    private String secret;

    public WebhookSignature() {
        this(Clock.systemUTC());
    }

    public WebhookSignature(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) throws GeneralSecurityException {
        Message m = exchange.getMessage();
        byte[] body = m.getBody(byte[].class);
        if (secret == null || secret.isEmpty() || body == null) {
            throw new IllegalStateException("A secret and a body are wanted to sign a web hook");
        }
        String seconds = Long.toString(clock.instant().getEpochSecond());
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
        mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
        m.setHeader(HEADER, "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body)));
        // What was signed is what is sent.
        m.setBody(body);
    }

    /** The secret that the receiver shares. */
    public void setSecret(String secret) {
        this.secret = secret;
    }
}
