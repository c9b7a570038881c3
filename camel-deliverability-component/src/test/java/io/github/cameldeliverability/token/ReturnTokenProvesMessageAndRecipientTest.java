package io.github.cameldeliverability.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.spi.ReturnTokens.Token;
import io.github.cameldeliverability.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnTokenProvesMessageAndRecipientTest {

    private static final byte[] SECRET = "0123456789abcdef-secret".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "another secret of mine".getBytes(StandardCharsets.US_ASCII);
    private static final ReversePath BASE = ReversePath.parse("bounces@example.test");
    private static final EmailAddress ANN = EmailAddress.parse("Ann@Receiver.test");
    private static final String QUEUE_ID = new QueueIds(new MutableClock(), new Random(7)).next();

    private final HmacReturnTokens tokens = new HmacReturnTokens(SECRET);

    @Property(tries = 200)
    void everyKeyComesBackAndIsProven(@ForAll @IntRange(min = 0) int ordinal, @ForAll long seed) {
        RecipientKey key = new RecipientKey(new QueueIds(new MutableClock(), new Random(seed)).next(), ordinal);
        EmailAddress minted = mint(tokens, key);
        Token token = tokens.read(minted).orElseThrow();
        assertThat(token.key()).isEqualTo(key);
        assertThat(tokens.proves(token, ANN)).isTrue();
        assertThat(minted.localPart()).startsWith("bounces+").hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void aBaseOfTwentyCharactersHasRoomForTheLargestOrdinal() {
        ReversePath base = ReversePath.parse("a".repeat(20) + "@example.test");
        ReversePath minted = tokens.mint(base, "s", new RecipientKey(QUEUE_ID, Integer.MAX_VALUE), ANN);
        assertThat(tokens.read(minted.address().orElseThrow())).isPresent();
    }

    @Test
    void aBaseTooLongIsRefusedWithItsExcess() {
        ReversePath base = ReversePath.parse("a".repeat(40) + "@example.test");
        assertThatThrownBy(() -> tokens.mint(base, "s", new RecipientKey(QUEUE_ID, 0), ANN))
                .hasMessageContaining("too long");
    }

    @Test
    void aChangeOfCaseDoesNoHarm() {
        EmailAddress minted = mint(tokens, new RecipientKey(QUEUE_ID, 42));
        EmailAddress shouted = new EmailAddress(minted.localPart().toUpperCase(Locale.ROOT), minted.domain());
        Token token = tokens.read(shouted).orElseThrow();
        assertThat(tokens.proves(token, EmailAddress.parse("ANN@receiver.TEST")))
                .isTrue();
    }

    @Test
    void anySingleChangedCharacterFails() {
        EmailAddress minted = mint(tokens, new RecipientKey(QUEUE_ID, 3));
        String local = minted.localPart();
        int tokenStart = local.indexOf('+') + 1;
        int readable = 0;
        for (int i = tokenStart; i < local.length(); i++) {
            for (char c : "0123456789abcdefghijklmnopqrstuvwxyz-".toCharArray()) {
                if (c == local.charAt(i)) {
                    continue;
                }
                String changed = local.substring(0, i) + c + local.substring(i + 1);
                Optional<Token> token = tokens.read(new EmailAddress(changed, minted.domain()));
                readable += token.isPresent() ? 1 : 0;
                assertThat(token.map(t -> tokens.proves(t, ANN)).orElse(false))
                        .as(changed)
                        .isFalse();
            }
        }
        assertThat(readable).as("changes that only the MAC notices").isGreaterThan(500);
    }

    @Test
    void aTokenSpeaksForItsRecipientOnly() {
        Token token = tokens.read(mint(tokens, new RecipientKey(QUEUE_ID, 0))).orElseThrow();
        assertThat(tokens.proves(token, EmailAddress.parse("bob@receiver.test")))
                .isFalse();
        assertThat(tokens.proves(new Token(new RecipientKey(QUEUE_ID, 1), token.mac()), ANN))
                .isFalse();
    }

    @Test
    void anOldSecretStillProvesAndANewOneMints() {
        HmacReturnTokens rotated = new HmacReturnTokens(List.of(OTHER, SECRET), '+');
        RecipientKey key = new RecipientKey(QUEUE_ID, 0);
        assertThat(rotated.proves(tokens.read(mint(tokens, key)).orElseThrow(), ANN))
                .isTrue();
        Token fresh = rotated.read(mint(rotated, key)).orElseThrow();
        assertThat(rotated.proves(fresh, ANN)).isTrue();
        assertThat(tokens.proves(fresh, ANN)).isFalse();
    }

    @Test
    void theNullPathStaysNull() {
        assertThat(tokens.mint(ReversePath.NULL, "s", new RecipientKey(QUEUE_ID, 0), ANN))
                .isSameAs(ReversePath.NULL);
    }

    @ParameterizedTest
    @ValueSource(chars = {'+', '-', '=', '_', '.'})
    void theSeparatorMayStandInTheBaseToo(char separator) {
        HmacReturnTokens other = new HmacReturnTokens(List.of(SECRET), separator);
        ReversePath base = ReversePath.parse("news" + separator + "x@example.test");
        EmailAddress minted = other.mint(base, "s", new RecipientKey(QUEUE_ID, 5), ANN)
                .address()
                .orElseThrow();
        assertThat(other.proves(other.read(minted).orElseThrow(), ANN)).isTrue();
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> new HmacReturnTokens(new byte[15])).hasMessageContaining("16 octets");
        assertThatThrownBy(() -> new HmacReturnTokens(List.of(), '+')).hasMessageContaining("secret");
        assertThatThrownBy(() -> new HmacReturnTokens(List.of(SECRET), '@')).hasMessageContaining("separator");
        assertThatThrownBy(() -> tokens.mint(ReversePath.parse("\"a b\"@example.test"), "s", key(), ANN))
                .hasMessageContaining("quoted");
        assertThatThrownBy(() -> tokens.mint(BASE, "s", new RecipientKey("UPPER", 0), ANN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bounces",
                "bounces+",
                "+",
                "bounces+1",
                "bounces+10000000000000000",
                "bounces+1000000000000000010",
                "bounces+1000000000000000090123456789q",
                "bounces+100000000000000007vvvvvvvq",
                "bounces+10000000000000000201q",
                "\"a+10000000000000000 10q\""
            })
    void hostileLocalPartsHoldNoToken(String local) {
        assertThat(tokens.read(new EmailAddress(local, "example.test"))).isEmpty();
    }

    @Property(tries = 500)
    void noLocalPartHurts(@ForAll @StringLength(min = 1, max = 16) String junk, @ForAll boolean prefix) {
        String local = prefix ? "bounces+1" + junk : junk;
        EmailAddress address;
        try {
            address = new EmailAddress(local, "example.test");
        } catch (IllegalArgumentException e) {
            return;
        }
        tokens.read(address).ifPresent(t -> assertThat(tokens.proves(t, ANN)).isFalse());
    }

    private static RecipientKey key() {
        return new RecipientKey(QUEUE_ID, 0);
    }

    private static EmailAddress mint(HmacReturnTokens tokens, RecipientKey key) {
        return tokens.mint(BASE, "stream", key, ANN).address().orElseThrow();
    }
}
