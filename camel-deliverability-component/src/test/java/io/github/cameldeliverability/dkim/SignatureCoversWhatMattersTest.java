package io.github.cameldeliverability.dkim;

import static io.github.cameldeliverability.dkim.DkimFixture.CLOCK;
import static io.github.cameldeliverability.dkim.DkimFixture.ED25519;
import static io.github.cameldeliverability.dkim.DkimFixture.MESSAGE;
import static io.github.cameldeliverability.dkim.DkimFixture.octets;
import static io.github.cameldeliverability.dkim.DkimFixture.signed;
import static io.github.cameldeliverability.dkim.DkimFixture.signer;
import static io.github.cameldeliverability.dkim.DkimFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureCoversWhatMattersTest {

    @ParameterizedTest(name = "{0} comes {1} times, is signed {2} times")
    @CsvSource({
        "From,             1, 2",
        "Subject,          1, 2",
        "Subject,          3, 4",
        "Cc,               0, 1",
        "Content-Type,     0, 1",
        "References,       1, 2",
        "List-Unsubscribe, 1, 2",
        "List-Unsubscribe, 0, 0",
        "Feedback-ID,      1, 2",
        "Resent-From,      2, 2",
        "Resent-From,      0, 0",
        "X-Other,          1, 0",
        "Received,         2, 0",
    })
    void fieldsAreSignedOnceMoreThanTheyCome(String name, int times, int signedTimes) {
        String message = (name.equals("From") ? "" : "From: a@example.test\r\n")
                + (name + ": value <a@b.test>\r\n").repeat(times)
                + "\r\nbody\r\n";
        assertThat(Collections.frequency(signedNames(message), name.toLowerCase(Locale.ROOT)))
                .isEqualTo(signedTimes);
    }

    @Test
    void noLengthTagAndTheTimeOfTheClock() {
        TagList tags = tags(signer(ED25519).build(), MESSAGE);
        assertThat(tags.get("l")).isEmpty();
        assertThat(tags.get("x")).isEmpty();
        assertThat(tags.get("t")).contains("" + CLOCK.instant().getEpochSecond());
        assertThat(tags.get("c")).contains("relaxed/relaxed");
    }

    @Test
    void anExpiryIsKept() {
        DkimSigner signer = signer(ED25519).expireAfter(Duration.ofDays(7)).build();
        DkimFixture dkim = new DkimFixture();
        String message = signed(signer, MESSAGE);
        assertThat(dkim.verdict(message)).isEqualTo("pass: ");
        assertThat(dkim.verify(message, Clock.offset(CLOCK, Duration.ofDays(8)), false)
                        .get(0)
                        .reason())
                .contains("expired");
    }

    @Test
    void moreFieldsCanBeNamed() {
        DkimSigner signer =
                signer(ED25519).alsoSign(List.of("X-Campaign", "subject")).build();
        String h = tags(signer, "X-Campaign: 1\r\n" + MESSAGE).require("h");
        assertThat(TagList.colonList(h).stream().filter("X-Campaign"::equals)).hasSize(2);
        assertThat(TagList.colonList(h).stream().filter("Subject"::equalsIgnoreCase))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Return-Path", "received", "Bcc", "DKIM-Signature", "a b", ""})
    void fieldsThatChangeOnTheWayAreNotSigned(String name) {
        assertThatThrownBy(() -> signer(ED25519).alsoSign(List.of(name)).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'To: a@b.test\\r\\n\\r\\nx\\r\\n',                               0 From fields",
        "'From: a@b.test\\r\\nfrom: c@d.test\\r\\n\\r\\nx\\r\\n',         2 From fields",
        "'From: a@b.test\\n\\nx\\n',                                       lone CR or LF",
        "'From: a@b.test\\r\\n\\r\\nx\\ry\\r\\n',                          lone CR or LF",
        "'From: a@b.test\\r\\n\\r\\nx',                                    no CRLF at its end",
        "'From: a@b.test\\r\\n\\r\\nx\\0\\r\\n',                           NUL",
        "'From: a@b.test\\r\\nnot a field\\r\\n\\r\\nx\\r\\n',             entry 2 of the header section",
        "' folded: first\\r\\nFrom: a@b.test\\r\\n\\r\\nx\\r\\n',          entry 1 of the header section",
        "'From a@b.test Tue Feb  3\\r\\nFrom: a@b.test\\r\\n\\r\\nx\\r\\n', entry 1 of the header section",
        "'',                                                               lone CR or LF",
    })
    void aMessageThatCannotBeSignedIsRefusedWithTheReason(String message, String reason) {
        String unescaped = message.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        DkimSigner signer = signer(ED25519).build();
        assertThatThrownBy(() -> signer.sign(octets(unescaped)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() {
        byte[] latin1 = "From: \u00fc <a@b.test>\r\n\r\nx\r\n".getBytes(StandardCharsets.ISO_8859_1);
        DkimSigner signer = signer(ED25519).build();
        assertThatThrownBy(() -> signer.sign(latin1)).hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a b", "-a.test", "b\u00fccher.test", "a..test", "a.test\r\nX: y"})
    void badDomainsAndSelectorsAreRefused(String name) {
        assertThatThrownBy(() -> DkimSigner.builder(name, "s", ED25519)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DkimSigner.builder("example.test", name, ED25519))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aShortExpiryIsRefused() {
        assertThatThrownBy(() -> signer(ED25519).expireAfter(Duration.ofMinutes(5)))
                .hasMessageContaining("short-lived");
    }

    @Test
    void theSignerDescribesItselfWithoutSecrets() {
        assertThat(signer(ED25519).build().describe()).isEqualTo("ed25519-sha256 d=example.test s=ed");
        assertThat(signer(ED25519).build().keyName()).isEqualTo("ed._domainkey.example.test");
    }

    private static List<String> signedNames(String message) {
        String h = tags(signer(ED25519).build(), message).require("h");
        return TagList.colonList(h.toLowerCase(Locale.ROOT));
    }

    private static TagList tags(DkimSigner signer, String message) {
        String field = text(signer.sign(octets(message)));
        return TagList.parse(field.substring(field.indexOf(':') + 1));
    }
}
