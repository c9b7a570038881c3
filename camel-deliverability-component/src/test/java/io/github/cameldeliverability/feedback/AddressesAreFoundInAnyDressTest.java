package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EmailAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesAreFoundInAnyDressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "rfc822; jo@example.org | jo@example.org",
                "RFC822;<jo@example.org> | jo@example.org",
                "rfc822;[SMTP:jo@example.org] | jo@example.org",
                "rfc822;Jo Doe <jo@example.org> | jo@example.org",
                "jo@example.org | jo@example.org",
                "IMCEASMTP-jo+40example+2Eorg@gw.example.net | jo@example.org",
                "rfc822;\"jo doe\"@example.org | \"jo doe\"@example.org",
                "utf-8;j\\x{F6}@example.org | jö@example.org",
                "x400; c=US;a= ;p=Ex;dda:SMTP=jo@example.org; | jo@example.org",
                "rfc822; bounce+jo=example.org@news.example.com | bounce+jo=example.org@news.example.com"
            })
    void inReportFields(String value, String address) {
        assertThat(Addresses.ofField(value)).contains(EmailAddress.parse(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unknown user: jo@example.org",
                "delivering your mail to <jo@example.org>.",
                "addressed to 'jo@example.org', failed",
                "メールjo@example.orgへ",
                "recipient=jo@example.org;",
                "(jo@example.org)"
            })
    void inSentences(String line) {
        assertThat(Addresses.all(line)).containsExactly(EmailAddress.parse("jo@example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "a@", "@b.example", "jo@localhost", "@@@@", "rfc822;", "a@b", "x@."})
    void andNowhereElse(String text) {
        assertThat(Addresses.find(text)).isEmpty();
    }

    @Test
    void xtextIsDecoded() {
        assertThat(Addresses.xtext("a+2Bb+3D+zz")).isEqualTo("a+b=+zz");
    }
}
