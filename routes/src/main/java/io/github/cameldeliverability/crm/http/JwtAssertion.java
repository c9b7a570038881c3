package io.github.cameldeliverability.crm.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription.Jwt;
import io.github.cameldeliverability.crm.format.Template;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/** A signed assertion of who we are, for RFC 7523 2.1. */
final class JwtAssertion {

    private static final int DEFAULT_SECONDS = 180;

    private JwtAssertion() {}

    static String of(Jwt jwt, Scope settings, Instant now) throws GeneralSecurityException {
        ObjectNode claims = JsonNodeFactory.instance
                .objectNode()
                .put("iss", Template.render(jwt.issuer(), settings))
                .put("sub", Template.render(jwt.subject(), settings))
                .put("aud", Template.render(jwt.audience(), settings))
                .put("iat", now.getEpochSecond())
                .put("exp", now.getEpochSecond() + (jwt.seconds() > 0 ? jwt.seconds() : DEFAULT_SECONDS));
        String signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.toString().getBytes(StandardCharsets.UTF_8));
        Signature rs256 = Signature.getInstance("SHA256withRSA");
        rs256.initSign(key(Template.render(jwt.key(), settings)));
        rs256.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(rs256.sign());
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\\\n|\\s", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
