package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.EmailAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReadMailCarriesWhatTiesItToOursTest {

    private static final EmailAddress OURS = EmailAddress.parse("bounces+k7x2@news.example.com");

    @Test
    void addressesOfTheReportAndOfTheReturnedMail() {
        ReadMail read = Samples.READER.readMail(Samples.mail("postfix-dsn"));
        assertThat(read.returnedTo()).contains(OURS);
        assertThat(read.originalRecipients()).containsExactly(EmailAddress.parse("anna@example.org"));
        assertThat(read.feedback().originalMessageId()).contains("<order-17@example.com>");
        assertThat(read.feedback().correlation()).isEqualTo(Correlation.NONE);
    }

    @Test
    void theEnvelopeIdIsDecoded() {
        assertThat(Samples.READER.readMail(Samples.mail("postfix-dsn")).envelopeId())
                .contains("QID-77");
    }

    @Test
    void theReturnedHeaderIsFoundInlineToo() {
        ReadMail read = Samples.READER.readMail(Samples.mail("qmail"));
        assertThat(read.feedback().originalMessageId()).contains("<order-17@example.com>");
        assertThat(read.originalRecipients()).containsExactly(EmailAddress.parse("hanna@example.org"));
        assertThat(read.returnedTo()).contains(OURS);
    }

    @Test
    void theReportersNameSubjectAndDateAreKept() {
        ReadMail read = Samples.READER.readMail(Samples.mail("exchange-base64-text"));
        assertThat(read.feedback().reportingMta()).contains("ex1.example.org");
        assertThat(read.feedback().subject()).contains("Delivery Status Notification (Failure)");
        assertThat(read.feedback().receivedAt()).isEqualTo(Instant.parse("2026-04-14T07:30:00Z"));
    }

    @Test
    void aMailWithoutDateIsOfNow() {
        assertThat(Samples.READER
                        .read("Subject: x\n\ny".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .receivedAt())
                .isEqualTo(Samples.NOW);
    }

    @Test
    void theFinalAddressIsToldApartFromTheOneWeMailed() {
        assertThat(Samples.READER.read(Samples.mail("original-before-final")).recipients())
                .singleElement()
                .satisfies(r -> assertThat(r.finalAddress()).contains("w.smith@store.example.org"));
    }
}
