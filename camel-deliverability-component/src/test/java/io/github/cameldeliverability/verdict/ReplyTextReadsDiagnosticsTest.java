package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTextReadsDiagnosticsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            550 5.1.1 no such user                                 | 550 | 5.1.1 | no such user
            smtp; 550-5.1.1 no such user                           | 550 | 5.1.1 | no such user
            smtp;550 : User unknown                                | 550 | -     | : User unknown
            550-Please go away                                     | 550 | -     | Please go away
            550 #5.1.0 Address rejected.                           | 550 | 5.1.0 | Address rejected.
            554-mx.example.org refused                             | 554 | -     | mx.example.org refused
            5.1.1 no such user                                     | -   | 5.1.1 | no such user
            Connection timed out                                   | -   | -     | Connection timed out
            X-Postfix; host mx[192.0.2.1] said: 550 5.1.1 no user  | 550 | 5.1.1 | no user
            Remote server returned '554 5.4.1 gone away now'       | 554 | 5.4.1 | gone away now'
            5.1.0 - Unknown address error 550-'5.7.1 go away now'  | 550 | 5.7.1 | go away now'
            220-mx.example.org 421 4.2.1 come back later           | 421 | 4.2.1 | come back later
            250 2.0.0 fine                                         | 250 | -     | 2.0.0 fine
            5501 is a number                                       | -   | -     | 5501 is a number
            552 4.16.55.1 is a version                             | 552 | -     | 4.16.55.1 is a version
            """)
    void codes(String text, Integer code, String enhanced, String rest) {
        ReplyEvidence e = ReplyText.parse(text);
        assertThat(e.code()).isEqualTo(Optional.ofNullable(code));
        assertThat(e.enhanced().map(EnhancedStatus::toString)).isEqualTo(Optional.ofNullable(enhanced));
        assertThat(e.text()).isEqualTo(rest);
    }

    @Test
    void theCommandThatWasAnsweredIsThePhase() {
        ReplyEvidence e = ReplyText.parse("host mx.example.org said: 554 refused it (in reply to end of DATA command)");
        assertThat(e.phase()).contains(SmtpPhase.DOT);
        assertThat(e.text()).isEqualTo("refused it");
        assertThat(ReplyText.parse("550 no (in reply to RCPT TO command)").phase())
                .contains(SmtpPhase.RCPT);
    }

    @Test
    void theStatusFieldFillsInOnlyWhatTheTextDoesNotState() {
        Optional<EnhancedStatus> status = EnhancedStatus.parse("5.0.0");
        assertThat(ReplyText.parse("smtp; 550 5.1.1 no", status).enhanced()).isEqualTo(EnhancedStatus.parse("5.1.1"));
        assertThat(ReplyText.parse("smtp; 550 no", status).enhanced()).isEqualTo(status);
    }

    @Test
    void judgementInThreeWords() {
        assertThat(ReplyJudgement.of(Replies.ENGINE, "550 5.1.1 No such user", Optional.empty()))
                .isEqualTo(new ReplyJudgement("userunknown", true, false));
        assertThat(ReplyJudgement.of(Replies.ENGINE, "450 4.2.0 Greylisted", Optional.empty()))
                .isEqualTo(new ReplyJudgement("greylisted", false, true));
    }
}
