package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Feedback;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubtfulRefusalsSuppressNobodyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host mx said: 550 5.1.1 <jo@example.org>: user unknown (in reply to RCPT TO command) | true  | userunknown",
                "host mx said: 550 user unknown (in reply to end of DATA command)                     | false | filtered",
                "host mx said: 550 5.1.1 user unknown (in reply to end of DATA command)               | true  | userunknown",
                "host mx said: 550 unknown user                                                       | false | filtered",
                "host mx said: 550 5.2.1 <jo@example.org>... user unknown                             | false | filtered",
                "host mx said: 550 domain does not exist (in reply to MAIL FROM command)              | false | rejected",
                "host mx refused to talk to me: 550 host unknown                                      | false | blocked"
            })
    void byWhatTheReplyAnswered(String diagnostic, boolean hard, String reason) {
        String mail = "From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered Mail Returned to Sender\n\n"
                + "This is the mail system. Your message could not be delivered.\n\n<jo@example.org>: " + diagnostic
                + "\n";
        Feedback f = Samples.READER.read(mail.getBytes(StandardCharsets.US_ASCII));
        assertThat(f.recipients()).singleElement().satisfies(r -> {
            assertThat(r.verdict().isHard()).as("hard").isEqualTo(hard);
            assertThat(r.verdict().reason().id()).isEqualTo(reason);
        });
    }
}
