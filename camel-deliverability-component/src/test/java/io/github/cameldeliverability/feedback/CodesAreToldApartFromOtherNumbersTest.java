package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodesAreToldApartFromOtherNumbersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "smtp; 550 5.1.1 no such user | 550 | 5.1.1 | no such user",
                "smtp;550-5.7.1 go away | 550 | 5.7.1 | go away",
                "host mx.example.org[192.0.2.5] said: 451 4.7.1 later (in reply to RCPT TO command) | 451 | 4.7.1 | later",
                "Sorry, no mailbox here by that name. (#5.1.1) | - | 5.1.1 | Sorry, no mailbox here by that name. (#5.1.1)",
                "5.1.0 - Unknown address error 550-'5.7.1 <a@example.org>... denied' | 550 | 5.7.1 | <a@example.org>... denied'",
                "smtp; 550 #5.1.0 Address rejected. | 550 | 5.1.0 | Address rejected.",
                "connect to 5.4.3.2: timed out after 450 seconds | - | - | connect to 5.4.3.2: timed out after 450 seconds",
                "message of 552 bytes from user550@example.org | - | - | message of 552 bytes from user550@example.org",
                "550: 5.2.2 <a@example.org>... Mailbox Full | 550 | 5.2.2 | <a@example.org>... Mailbox Full",
                "version 4.94.2 of 2021 | - | - | version 4.94.2 of 2021"
            })
    void of(String text, Integer code, String enhanced, String words) {
        Diagnostic d = Diagnostic.of(text);
        assertThat(d.code()).isEqualTo(Optional.ofNullable(code));
        assertThat(d.enhanced().map(EnhancedStatus::toString)).isEqualTo(Optional.ofNullable(enhanced));
        assertThat(d.words()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host x said: 550 no (in reply to RCPT TO command) | RCPT",
                "SMTP error from remote mail server after end of data: 550 no | DOT",
                "SMTP error from remote mail server after MAIL FROM:<a@example.org>: 550 no | MAIL",
                "host x refused to talk to me: 554 no | GREETING",
                "192.0.2.1 failed after I sent the message. Remote host said: 550 no | DOT"
            })
    void thePhaseIsReadFromTheWordsAroundTheReply(String text, SmtpPhase phase) {
        assertThat(Diagnostic.of(text).phase()).contains(phase);
    }
}
