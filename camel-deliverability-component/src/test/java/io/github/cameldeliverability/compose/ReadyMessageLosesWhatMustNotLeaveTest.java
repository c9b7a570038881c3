package io.github.cameldeliverability.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.EmailAddress;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadyMessageLosesWhatMustNotLeaveTest {

    private final MessageStamp stamp =
            new MessageStamp(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC), new Random(7));

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n", "\r", "\r\r\n"})
    void bccAndReturnPathGoWhateverTheLineEnds(String eol) {
        ReadyMessage m = of(String.join(
                eol,
                "Return-Path: <old@example.com>",
                "From: A <a@example.com>",
                "To: b@example.net",
                "BCC: hidden@example.org,",
                "\thidden2@example.org",
                "Cc: B@example.net, c@example.net",
                "Message-ID: <1@example.com>",
                "Date: Sun, 1 Mar 2026 12:00:00 +0000",
                "",
                "Bcc: stays in the body",
                ""));

        assertThat(text(m))
                .isEqualTo(String.join(
                        "\r\n",
                        "From: A <a@example.com>",
                        "To: b@example.net",
                        "Cc: B@example.net, c@example.net",
                        "Message-ID: <1@example.com>",
                        "Date: Sun, 1 Mar 2026 12:00:00 +0000",
                        "",
                        "Bcc: stays in the body",
                        ""));
        assertThat(m.recipients())
                .extracting(EmailAddress::toString)
                .containsExactly("b@example.net", "c@example.net", "hidden@example.org", "hidden2@example.org");
        assertThat(m.messageId()).isEqualTo("<1@example.com>");
        assertThat(m.from()).hasToString("a@example.com");
    }

    @Test
    void dateAndMessageIdAreAddedWhereMissing() {
        ReadyMessage m = of("From: a@example.com\n\nhi\n");
        assertThat(text(m))
                .isEqualTo("Date: Sun, 1 Mar 2026 12:00:00 +0000\r\nMessage-ID: " + m.messageId()
                        + "\r\nFrom: a@example.com\r\n\r\nhi\r\n");
        ReadyMessage again = ReadyMessage.of(
                "From: a@example.com\n\nhi\n".getBytes(StandardCharsets.UTF_8), Optional.of("<same@x>"), stamp);
        assertThat(again.messageId()).isEqualTo("<same@x>");
    }

    @Test
    void aTextIsNotTakenForAMessage() {
        assertThatThrownBy(() -> of("Dear customer,\n\nthank you"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("Dear customer");
        assertThatThrownBy(() -> of(" folded first\nFrom: a@example.com\n\n")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> of("To: a@example.com\n\nx")).hasMessageContaining("From stands 0 times");
        assertThatThrownBy(() -> of("From: a@example.com\nFrom: b@example.com\n\nx"))
                .hasMessageContaining("From stands 2 times");
        assertThatThrownBy(() -> of("From: a@example.com\n\n\0")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyHolderOfAMessageIsRead() throws Exception {
        byte[] raw = "From: a@example.com\r\n\r\nhé".getBytes(StandardCharsets.UTF_8);
        assertThat(ReadyMessage.octets(raw)).isEqualTo(raw);
        assertThat(ReadyMessage.octets(new String(raw, StandardCharsets.UTF_8))).isEqualTo(raw);
        assertThat(ReadyMessage.octets(new ByteArrayInputStream(raw))).isEqualTo(raw);
        MimeMessage mime = new MimeMessage(Session.getInstance(new Properties()));
        mime.setFrom("a@example.com");
        mime.setRecipient(Message.RecipientType.BCC, new InternetAddress("b@example.net"));
        mime.setText("hé", "utf-8");
        assertThat(ReadyMessage.isMessageObject(mime)).isTrue();
        ReadyMessage m = ReadyMessage.of(ReadyMessage.octets(mime), Optional.empty(), stamp);
        assertThat(m.recipients()).extracting(EmailAddress::toString).containsExactly("b@example.net");
        assertThat(text(m)).doesNotContain("b@example.net");
        assertThatThrownBy(() -> ReadyMessage.octets(42)).hasMessageContaining("java.lang.Integer");
    }

    private ReadyMessage of(String raw) {
        return ReadyMessage.of(raw.getBytes(StandardCharsets.UTF_8), Optional.empty(), stamp);
    }

    private static String text(ReadyMessage m) {
        return new String(m.content(), StandardCharsets.UTF_8);
    }
}
