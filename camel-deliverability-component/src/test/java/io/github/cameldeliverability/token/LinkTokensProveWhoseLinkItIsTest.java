package io.github.cameldeliverability.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.token.LinkToken.Purpose;
import io.github.cameldeliverability.token.LinkTokens.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkTokensProveWhoseLinkItIsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final byte[] OLD = "an old secret of some length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW = "the new secret, also long".getBytes(StandardCharsets.US_ASCII);

    private final LinkToken token = new LinkToken(
            Purpose.UNSUBSCRIBE,
            "default",
            "stream:news",
            EmailAddress.parse("ann.lee+x@b\u00fccher.example"),
            NOW.plusSeconds(60));
    private final LinkTokens tokens = new LinkTokens(List.of(OLD));

    @Test
    void whatWasMintedIsReadUntilItExpires() {
        String text = tokens.mint(token);
        assertThat(text).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.read(text, Purpose.UNSUBSCRIBE, NOW)).isEqualTo(new Reading.Valid(token));
        assertThat(tokens.read(text, Purpose.UNSUBSCRIBE, NOW.plusSeconds(60))).isEqualTo(new Reading.Expired(token));
        assertThat(tokens.read(text, Purpose.CONFIRM, NOW))
                .as("another purpose")
                .isEqualTo(new Reading.Forged());
    }

    @Test
    void nobodyReadsTheAddressInIt() {
        byte[] octets = Base64.getUrlDecoder().decode(tokens.mint(token));
        assertThat(new String(octets, StandardCharsets.ISO_8859_1))
                .doesNotContain("ann")
                .doesNotContain("news");
    }

    @Test
    void anyChangedOctetIsAForgery() {
        byte[] octets = Base64.getUrlDecoder().decode(tokens.mint(token));
        for (int i = 0; i < octets.length; i++) {
            byte[] changed = octets.clone();
            changed[i] ^= 1;
            assertThat(tokens.read(text(changed), Purpose.UNSUBSCRIBE, NOW)).isEqualTo(new Reading.Forged());
        }
    }

    @Test
    void anyTextIsReadWithoutAnException() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] any = new byte[random.nextInt(120)];
            random.nextBytes(any);
            if (any.length > 0) {
                any[0] = 1;
            }
            assertThat(tokens.read(text(any), Purpose.UNSUBSCRIBE, NOW)).isEqualTo(new Reading.Forged());
            String raw = new String(any, StandardCharsets.ISO_8859_1);
            assertThat(tokens.read(raw, Purpose.UNSUBSCRIBE, NOW)).isEqualTo(new Reading.Forged());
        }
        assertThat(tokens.read(null, Purpose.UNSUBSCRIBE, NOW)).isEqualTo(new Reading.Forged());
        assertThat(tokens.read("A".repeat(100_000), Purpose.UNSUBSCRIBE, NOW)).isEqualTo(new Reading.Forged());
    }

    @Test
    void secretsAreRotated() {
        String old = tokens.mint(token);
        LinkTokens rotated = new LinkTokens(List.of(NEW, OLD));
        assertThat(rotated.read(old, Purpose.UNSUBSCRIBE, NOW)).isInstanceOf(Reading.Valid.class);
        assertThat(tokens.read(rotated.mint(token), Purpose.UNSUBSCRIBE, NOW)).isEqualTo(new Reading.Forged());
        assertThat(new LinkTokens(List.of(NEW)).read(old, Purpose.UNSUBSCRIBE, NOW))
                .isEqualTo(new Reading.Forged());
        assertThatThrownBy(() -> new LinkTokens(List.of(new byte[15]))).hasMessageContaining("16 octets");
    }

    private static String text(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
