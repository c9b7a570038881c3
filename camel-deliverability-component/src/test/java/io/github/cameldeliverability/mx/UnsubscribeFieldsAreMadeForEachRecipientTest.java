package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dkim.DkimSigner;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.WireMessage;
import io.github.cameldeliverability.mail.spi.ReturnTokens.Token;
import io.github.cameldeliverability.token.HmacReturnTokens;
import io.github.cameldeliverability.token.LinkToken;
import io.github.cameldeliverability.token.LinkTokens;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class UnsubscribeFieldsAreMadeForEachRecipientTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final byte[] SECRET = "a secret of sufficient length".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern FIELDS =
            Pattern.compile("List-Unsubscribe: <https://example\\.com/u\\?x=1&t=([\\w-]+)>,[|]"
                    + " <mailto:(leave\\+[a-z0-9]+@example\\.com)\\?subject=unsubscribe>[|]"
                    + "List-Unsubscribe-Post: List-Unsubscribe=One-Click[|]");
    private static final EmailAddress ANN = EmailAddress.parse("ann@example.net");

    private final LinkTokens links = new LinkTokens(List.of(SECRET));
    private final HmacReturnTokens returns = new HmacReturnTokens(SECRET);

    @Test
    void bothFieldsProveTheRecipientAndAreSigned() {
        WireMessage m = message("From: news@example.com\r\nSubject: hello\r\n\r\nHello\r\n");
        String fields = new String(
                fields("https://example.com/u?x=1", "leave@example.com").fields(m, new RecipientKey("q1", 0), ANN),
                StandardCharsets.US_ASCII);

        Matcher f = FIELDS.matcher(fields.replace("\r\n", "|"));
        assertThat(f.matches()).isTrue();
        LinkTokens.Reading reading = links.read(f.group(1), LinkToken.Purpose.UNSUBSCRIBE, NOW);
        assertThat(reading).isInstanceOfSatisfying(LinkTokens.Reading.Valid.class, v -> {
            assertThat(v.token().address()).isEqualTo(ANN);
            assertThat(v.token().scope()).isEqualTo("stream:news");
        });
        Token token = returns.read(EmailAddress.parse(f.group(2))).orElseThrow();
        assertThat(returns.proves(token, ANN)).isTrue();
        assertThat(returns.proves(token, EmailAddress.parse("bob@example.net"))).isFalse();

        // RFC 8058 4: the signature must cover both.
        byte[] content = m.prepend(fields.getBytes(StandardCharsets.US_ASCII)).content();
        String signature = new String(
                DkimSigner.builder("example.com", "s", DkimKeyPair.generateEd25519(new SecureRandom()))
                        .build()
                        .sign(content),
                StandardCharsets.US_ASCII);
        String signed = signature.replaceAll("\\s", "");
        assertThat(signed.substring(signed.indexOf("h="), signed.indexOf("bh=")))
                .containsIgnoringCase(":List-Unsubscribe:")
                .containsIgnoringCase(":List-Unsubscribe-Post");
    }

    @Test
    void aMessageKeepsItsOwn() {
        WireMessage m = message("List-Unsubscribe: <mailto:own@example.com>\r\n\r\nHello\r\n");
        assertThat(fields("https://example.com/u", null).fields(m, new RecipientKey("q1", 0), ANN))
                .isEmpty();
    }

    @Test
    void badOptionsAreRefusedByName() {
        MxConfiguration c = new MxConfiguration();
        assertThat(UnsubscribeFields.Settings.of("news", c, Optional.of("default")))
                .isEmpty();
        c.setUnsubscribeUrl("http://example.com/u");
        assertThatThrownBy(() -> UnsubscribeFields.Settings.of("news", c, Optional.of("default")))
                .hasMessageContaining("unsubscribeUrl")
                .hasMessageContaining("https");
        assertThatThrownBy(() -> UnsubscribeFields.Settings.of("news", c, Optional.empty()))
                .hasMessageContaining("suppressionList");
    }

    private UnsubscribeFields fields(String url, String mailto) {
        MxConfiguration c = new MxConfiguration();
        c.setUnsubscribeUrl(url);
        c.setUnsubscribeMailto(mailto);
        return new UnsubscribeFields(
                UnsubscribeFields.Settings.of("news", c, Optional.of("default")).orElseThrow(),
                links,
                returns,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static WireMessage message(String text) {
        return WireMessage.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
