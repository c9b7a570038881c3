package io.github.cameldeliverability.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.WireMessage;
import jakarta.mail.Message;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ComposedMessageReadsBackAsDraftedTest {

    private final MessageComposer composer = new MessageComposer(
            new MessageStamp(Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC), new Random(7)));

    @Test
    void plainTextStaysAsItIs() throws Exception {
        byte[] out = composer.compose(Draft.builder()
                .from("Shop <shop@example.com>")
                .to("a@example.net")
                .bcc("secret@example.org")
                .subject("Your order")
                .text("Hello,\n\nbye\n")
                .build());

        assertThat(new String(out, StandardCharsets.US_ASCII))
                .isEqualTo(String.join(
                        "\r\n",
                        "Date: Sun, 1 Mar 2026 12:00:00 +0000",
                        "From: Shop <shop@example.com>",
                        "To: a@example.net",
                        "Subject: Your order",
                        "Message-ID: " + Parsed.of(out).getMessageID(),
                        "MIME-Version: 1.0",
                        "Content-Type: text/plain; charset=us-ascii",
                        "Content-Transfer-Encoding: 7bit",
                        "",
                        "Hello,",
                        "",
                        "bye",
                        ""));
        assertThat(Parsed.of(out).getMessageID()).endsWith("@example.com>");
    }

    @Test
    void textHtmlPictureAndFileBecomeOneTree() throws Exception {
        byte[] pdf = {0, 1, 2, (byte) 0xff, '\r', '\n', '\n'};
        byte[] out = composer.compose(Draft.builder()
                .from("a@example.com")
                .to("b@example.net")
                .text("Grüße\n")
                .html("<p>Grüße <img src=\"cid:logo@x\"></p>")
                .inline(new Draft.Part(
                        Optional.of("logo.png"),
                        "image/png",
                        () -> new ByteArrayInputStream(pdf),
                        Optional.of("logo@x")))
                .attach(new Draft.Part(
                        "Rechnung März 2026 – Kopie für die sehr lange Ablage.pdf",
                        "application/pdf",
                        () -> new ByteArrayInputStream(pdf)))
                .build());

        MimeMessage m = Parsed.of(out);
        Multipart mixed = (Multipart) m.getContent();
        assertThat(m.getContentType()).startsWith("multipart/mixed");
        Multipart alternative = (Multipart) mixed.getBodyPart(0).getContent();
        assertThat(mixed.getBodyPart(0).getContentType()).startsWith("multipart/alternative");
        assertThat(alternative.getBodyPart(0).getContent()).isEqualTo("Grüße\r\n");
        assertThat(alternative.getBodyPart(1).getContentType()).startsWith("multipart/related");
        Multipart related = (Multipart) alternative.getBodyPart(1).getContent();
        assertThat((String) related.getBodyPart(0).getContent()).contains("Grüße <img");
        MimeBodyPart logo = (MimeBodyPart) related.getBodyPart(1);
        assertThat(logo.getContentID()).isEqualTo("<logo@x>");
        assertThat(logo.getDisposition()).isEqualTo(Part.INLINE);
        MimeBodyPart file = (MimeBodyPart) mixed.getBodyPart(1);
        assertThat(file.getFileName()).isEqualTo("Rechnung März 2026 – Kopie für die sehr lange Ablage.pdf");
        assertThat(file.getDisposition()).isEqualTo(Part.ATTACHMENT);
        assertThat(file.getInputStream().readAllBytes()).isEqualTo(pdf);
        WireMessage wire = WireMessage.of(out);
        assertThat(wire.content()).as("already in wire form").isSameAs(out);
        assertThat(wire.eightBit()).isFalse();
        assertThat(wire.utf8Header()).isFalse();
    }

    @Test
    void internationalDomainsBecomeAsciiAndLocalPartsStay() throws Exception {
        byte[] out = composer.compose(Draft.builder()
                .from("Müller <info@müller.example>")
                .to("björn@müller.example, c@example.com")
                .build());
        String text = new String(out, StandardCharsets.UTF_8);

        assertThat(text).contains("<info@xn--mller-kva.example>");
        assertThat(text).contains("To: björn@müller.example, c@example.com");
        assertThat(WireMessage.of(out).utf8Header()).isTrue();
    }

    @Test
    void anAttachedMessageIsNeverBase64() throws Exception {
        String attached = "Subject: naïve\nFrom: a@example.com\n\nhöhö\n";
        byte[] out = composer.compose(Draft.builder()
                .from("a@example.com")
                .to("b@example.net")
                .text("see")
                .attach(new Draft.Part(
                        "m.eml",
                        "message/rfc822",
                        () -> new ByteArrayInputStream(attached.getBytes(StandardCharsets.UTF_8))))
                .build());

        MimeBodyPart part = (MimeBodyPart) ((Multipart) Parsed.of(out).getContent()).getBodyPart(1);
        assertThat(part.getContentType()).startsWith("message/rfc822");
        assertThat(part.getEncoding()).isEqualTo("8bit");
        assertThat(Parsed.of(out).getEncoding()).isEqualTo("8bit");
    }

    @Test
    void nobodyVisibleIsSaidSo() throws Exception {
        byte[] out = composer.compose(
                Draft.builder().from("a@example.com").bcc("b@example.net").build());
        assertThat(new String(out, StandardCharsets.US_ASCII))
                .contains("\r\nTo: undisclosed-recipients:;\r\n")
                .doesNotContain("b@example.net");
    }

    @Test
    void aBodyOfAnotherTypeStandsAlone() throws Exception {
        byte[] out = composer.compose(Draft.builder()
                .from("a@example.com")
                .to("b@example.net")
                .body(new Draft.Part(
                        Optional.empty(),
                        "text/calendar; method=REQUEST; charset=utf-8",
                        () -> new ByteArrayInputStream("BEGIN".getBytes(StandardCharsets.UTF_8)),
                        Optional.empty()))
                .build());
        MimeMessage m = Parsed.of(out);
        assertThat(m.getContentType()).startsWith("text/calendar").contains("method=REQUEST");
        assertThat(m.getInputStream().readAllBytes()).asString().isEqualTo("BEGIN");
    }

    @Test
    void noAuthorNoMessage() {
        assertThatThrownBy(() ->
                        composer.compose(Draft.builder().to("a@example.com").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("From");
    }

    /** Any text survives, in lines that every relay takes. */
    @Property(tries = 400)
    void anyTextSurvives(
            @ForAll @StringLength(max = 1500) String text, @ForAll @StringLength(max = 3) @NumericChars String n)
            throws Exception {
        String body = text.replaceAll("[\\ud800-\\udfff]", "?");
        byte[] out = composer.compose(Draft.builder()
                .from("a@example.com")
                .to("b@example.net")
                .text(body + n)
                .build());

        WireMessage wire = WireMessage.of(out);
        assertThat(wire.longestLine()).isLessThanOrEqualTo(998);
        assertThat(wire.eightBit() || wire.utf8Header()).isFalse();
        assertThat(Parsed.of(out).getContent()).isEqualTo(LineEnds.toCrlf(body + n));
    }

    @Property(tries = 400)
    void anySubjectAndNameSurvive(
            @ForAll @StringLength(min = 1, max = 400) String subject,
            @ForAll @StringLength(min = 1, max = 120) String name)
            throws Exception {
        String s = printable(subject);
        String n = printable(name);
        byte[] out = composer.compose(Draft.builder()
                .from(java.util.List.of(new Mailbox(Optional.of(n), EmailAddress.parse("a@example.com"))))
                .to("b@example.net")
                .subject(s)
                .build());

        MimeMessage m = Parsed.of(out);
        assertThat(squeezed(m.getSubject())).isEqualTo(squeezed(s));
        InternetAddress from = (InternetAddress) m.getFrom()[0];
        assertThat(from.getAddress()).isEqualTo("a@example.com");
        assertThat(squeezed(from.getPersonal())).isEqualTo(squeezed(n));
        assertThat(m.getRecipients(Message.RecipientType.TO)).hasSize(1);
        WireMessage wire = WireMessage.of(out);
        assertThat(wire.utf8Header()).isFalse();
        assertThat(wire.longestLine()).isLessThanOrEqualTo(998);
    }

    private static String printable(String s) {
        return "x" + s.replaceAll("\\p{Cntrl}|[\\ud800-\\udfff]|=\\?", "-") + "x";
    }

    private static String squeezed(String s) {
        return s.replaceAll("[ \t]+", " ").strip();
    }
}
