package io.github.cameldeliverability.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FallbackTakesFailuresNotRefusalsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            default        | BOUNCED    | POLICYVIOLATION | true
            default        | BOUNCED    | MAILBOXFULL     | true
            default        | EXPIRED    | NETWORKERROR    | true
            default        | BOUNCED    | UNDEFINED       | true
            default        | BOUNCED    | USERUNKNOWN     | false
            default        | EXPIRED    | USERUNKNOWN     | false
            default        | BOUNCED    | HOSTUNKNOWN     | false
            default        | BOUNCED    | FEEDBACK        | false
            default        | SUPPRESSED | SUPPRESSED      | false
            default        | CANCELLED  | MAILBOXFULL     | false
            default        | DEFERRED   | MAILBOXFULL     | false
            default        | DELIVERED  | DELIVERED       | false
            POLICY,EXPIRED | BOUNCED    | POLICYVIOLATION | true
            POLICY,EXPIRED | EXPIRED    | GREYLISTED      | true
            POLICY,EXPIRED | EXPIRED    | USERUNKNOWN     | false
            POLICY,EXPIRED | BOUNCED    | MAILBOXFULL     | false
            full           | BOUNCED    | MAILBOXFULL     | true
            full           | EXPIRED    | MAILBOXFULL     | true
            full           | EXPIRED    | GREYLISTED      | false
            userunknown    | BOUNCED    | USERUNKNOWN     | true
            userunknown    | BOUNCED    | MAILBOXFULL     | false
            default,userunknown | BOUNCED | USERUNKNOWN   | true
            default,userunknown | EXPIRED | MAILBOXFULL   | true
            """)
    void byOutcomeAndReason(String on, Outcome outcome, Reason reason, boolean taken) {
        assertThat(FallbackRule.parse(on).takes(event(outcome, Optional.of(reason))))
                .isEqualTo(taken);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void withoutAReasonOnlyWhatRanOutOfTimeOrBounced(Outcome outcome) {
        boolean failed = outcome == Outcome.EXPIRED || outcome == Outcome.BOUNCED;
        assertThat(FallbackRule.DEFAULT.takes(event(outcome, Optional.empty()))).isEqualTo(failed);
        assertThat(FallbackRule.parse("expired").takes(event(outcome, Optional.empty())))
                .isEqualTo(outcome == Outcome.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void whateverItSaysNotWhoDoesNotWantTheMail(Outcome outcome) {
        String all = "default,userunknown,hostunknown,hasmoved,notaccept,policy,content,expired";
        for (Reason r : List.of(Reason.SUPPRESSED, Reason.FEEDBACK)) {
            assertThat(FallbackRule.parse(all).takes(event(outcome, Optional.of(r))))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"suppressed", "feedback,full", "delivered", "vacation", "whatever"})
    void whatCannotBeIsRefusedByName(String on) {
        assertThatThrownBy(() -> FallbackRule.parse(on))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + on.split(",")[0] + "\"");
    }

    @Test
    void hopsTravelAsTagsAndAsText() {
        FallbackHops hops = FallbackHops.parse("").with("a").with("b").with("a");
        assertThat(hops.streams()).containsExactly("a", "b");
        assertThat(FallbackHops.parse(hops.toString())).isEqualTo(hops);
        assertThat(FallbackHops.of(hops.tags())).isEqualTo(hops);
        assertThat(FallbackHops.of(List.of("campaign")).isEmpty()).isTrue();
    }

    private static DeliveryEvent event(Outcome outcome, Optional<Reason> reason) {
        return new DeliveryEvent(
                "s",
                "q",
                "<q@example.com>",
                EmailAddress.parse("a@example.net"),
                outcome,
                Optional.empty(),
                Optional.empty(),
                reason.map(r -> Verdict.of(r, Permanence.PERMANENT, "test/rule", "text")),
                Optional.empty(),
                Optional.empty(),
                1,
                Instant.EPOCH,
                Optional.empty(),
                Duration.ZERO,
                Optional.empty());
    }
}
