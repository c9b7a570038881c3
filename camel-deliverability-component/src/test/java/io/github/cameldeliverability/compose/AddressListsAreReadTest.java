package io.github.cameldeliverability.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListsAreReadTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a@example.com | a@example.com",
                "<a@example.com> | a@example.com",
                "a@EXAMPLE.com., b@example.net | a@example.com b@example.net",
                "a@example.com; b@example.net; | a@example.com b@example.net",
                "Shop <a@example.com> | Shop/a@example.com",
                "\"Doe, Jane\" <a@example.com>, b@x.example | Doe, Jane/a@example.com b@x.example",
                "\"a \\\"b\\\" c\" <a@example.com> | a \"b\" c/a@example.com",
                "=?utf-8?B?SsO8cmdlbg==?= <a@example.com> | Jürgen/a@example.com",
                "a@example.com (a comment, with (nested) ones) | a@example.com",
                "Friends: a@example.com, B <b@example.net>; c@x.example | a@example.com B/b@example.net c@x.example",
                "undisclosed-recipients:; | ``",
                "\"odd,local\"@example.com | \"odd,local\"@example.com",
                "<@relay.example,@other.example:a@example.com> | a@example.com",
                "user@[192.0.2.1] | user@[192.0.2.1]",
                "user@[IPv6:2001:db8::1], b@x.example | user@[ipv6:2001:db8::1] b@x.example",
                "björn@müller.example | björn@müller.example",
            })
    void forms(String text, String expected) {
        String read = AddressList.parse("To", text).stream()
                .map(m -> m.displayName().map(d -> d + "/").orElse("") + m.address())
                .collect(Collectors.joining(" "));
        assertThat(read).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "a@",
                "@b",
                "a b@example.com",
                "<a@example.com",
                "\"open <a@example.com>",
                "(open a@example.com",
                "<a@x.example> <b@x.example>",
                "a@[192.0.2.1",
                "a@exa mple.com"
            })
    void whatIsNoAddressIsNamed(String text) {
        assertThatThrownBy(() -> AddressList.parse("Cc", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cc");
    }

    @Test
    void oneMailboxMeansOne() {
        assertThatThrownBy(() -> AddressList.parseOne("From", "a@x.example, b@x.example"))
                .hasMessageContaining("From holds 2");
    }

    /** Strangers' text ends in a list or in an IllegalArgumentException, never in anything else. */
    @Property(tries = 3000)
    void nothingElseHappens(
            @ForAll
                    @StringLength(max = 40)
                    @Chars({'"', '(', ')', '<', '>', '[', ']', ',', ';', ':', '@', '\\', '.', '=', '?'})
                    @CharRange(from = 'a', to = 'c')
                    String text) {
        try {
            AddressList.parse("To", text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("To");
        }
    }
}
