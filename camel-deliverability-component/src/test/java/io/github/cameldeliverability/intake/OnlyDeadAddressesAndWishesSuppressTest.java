package io.github.cameldeliverability.intake;

import static io.github.cameldeliverability.intake.Returns.DEAD;
import static io.github.cameldeliverability.intake.Returns.FULL;
import static io.github.cameldeliverability.intake.Returns.LISTED;
import static io.github.cameldeliverability.intake.Returns.NOON;
import static io.github.cameldeliverability.intake.Returns.action;
import static io.github.cameldeliverability.intake.Returns.failed;
import static io.github.cameldeliverability.intake.Returns.feedback;
import static io.github.cameldeliverability.intake.Returns.mailbox;
import static io.github.cameldeliverability.intake.Returns.proven;
import static io.github.cameldeliverability.intake.Returns.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.intake.SuppressionPolicy.OptOutScope;
import io.github.cameldeliverability.intake.SuppressionPolicy.Unauthenticated;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnlyDeadAddressesAndWishesSuppressTest {

    private static final String ANN = "ann@example.net";

    private final SuppressionPolicy policy = SuppressionPolicy.of("default");

    @Test
    void aDeadAddressIsDeadForEveryStream() {
        Suppression s = entry(proven(FeedbackKind.BOUNCE, "marketing", ANN, failed(ANN, DEAD)));
        assertThat(s)
                .isEqualTo(new Suppression(
                        "default",
                        Suppression.GLOBAL,
                        mailbox(ANN),
                        SuppressionKind.BOUNCE,
                        Optional.of(Reason.USERUNKNOWN),
                        "5.1.1 no such user",
                        Optional.of("test/unknown"),
                        "dsn",
                        NOON,
                        Optional.empty(),
                        new Suppression.Origin(Optional.of("marketing"), Optional.empty(), Optional.of("q1"))));
    }

    @Test
    void neitherAFullMailboxNorAListedSenderSuppresses() {
        assertThat(effect(proven(FeedbackKind.BOUNCE, "m", ANN, failed(ANN, FULL))))
                .isEqualTo(Decision.Effect.SOFT);
        assertThat(effect(proven(FeedbackKind.BOUNCE, "m", ANN, failed(ANN, LISTED))))
                .isEqualTo(Decision.Effect.NONE);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void onlyTheRecipientsFaultSuppresses(Fault fault) {
        Verdict v = new Verdict(Reason.USERUNKNOWN, Permanence.PERMANENT, fault, "test/x", "");
        assertThat(effect(proven(FeedbackKind.BOUNCE, "m", ANN, failed(ANN, v))))
                .isEqualTo(fault == Fault.RECIPIENT ? Decision.Effect.SUPPRESS : Decision.Effect.NONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = FeedbackKind.class,
            names = {"AUTO_REPLY", "DELIVERY_NOTICE", "NONE"})
    void otherMailNeverSuppressesWhateverItsVerdict(FeedbackKind kind) {
        assertThat(effect(proven(kind, "m", ANN, failed(ANN, DEAD)))).isEqualTo(Decision.Effect.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delayed", "delivered", "relayed", "expanded", "Delayed"})
    void aRecipientWhoseActionIsNoFailureIsLeftAlone(String action) {
        assertThat(effect(proven(FeedbackKind.BOUNCE, "m", ANN, action(ANN, action, DEAD))))
                .isEqualTo(Decision.Effect.NONE);
    }

    @Test
    void aComplaintCountsForItsStream() {
        Suppression s = entry(proven(FeedbackKind.COMPLAINT, "marketing", ANN, report(ANN, "abuse")));
        assertThat(s.kind()).isEqualTo(SuppressionKind.COMPLAINT);
        assertThat(s.scope()).isEqualTo("stream:marketing");
    }

    @Test
    void aComplaintMayCountForAllStreams() {
        SuppressionPolicy global =
                new SuppressionPolicy("default", Unauthenticated.QUARANTINE, OptOutScope.GLOBAL, Optional.empty());
        assertThat(global.decide(proven(FeedbackKind.COMPLAINT, "marketing", ANN, report(ANN, "abuse")), NOON)
                        .get(0)
                        .entry()
                        .orElseThrow()
                        .scope())
                .isEqualTo(Suppression.GLOBAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-spam", "virus", "auth-failure"})
    void aReportInWhichNobodyComplainsIsNoComplaint(String type) {
        assertThat(effect(proven(FeedbackKind.COMPLAINT, "m", ANN, report(ANN, type))))
                .isEqualTo(Decision.Effect.NONE);
    }

    @Test
    void anOptOutReportIsAnUnsubscription() {
        assertThat(entry(proven(FeedbackKind.COMPLAINT, "m", ANN, report(ANN, "opt-out")))
                        .kind())
                .isEqualTo(SuppressionKind.UNSUBSCRIBE);
    }

    @Test
    void anUnsubscriptionNeedsProofWhateverThePolicy() {
        Feedback asked = feedback(FeedbackKind.UNSUBSCRIBE, report(ANN, ""));
        for (Unauthenticated u : Unauthenticated.values()) {
            SuppressionPolicy p = new SuppressionPolicy("default", u, OptOutScope.STREAM, Optional.empty());
            assertThat(p.decide(asked, NOON).get(0).entry()).isEmpty();
        }
        Suppression s = entry(proven(FeedbackKind.UNSUBSCRIBE, "marketing", ANN, report(ANN, "")));
        assertThat(s.kind()).isEqualTo(SuppressionKind.UNSUBSCRIBE);
        assertThat(s.scope()).isEqualTo("stream:marketing");
    }

    @ParameterizedTest
    @EnumSource(Unauthenticated.class)
    void unprovenBouncesFollowThePolicy(Unauthenticated choice) {
        SuppressionPolicy p = new SuppressionPolicy("default", choice, OptOutScope.STREAM, Optional.empty());
        Decision d =
                p.decide(feedback(FeedbackKind.BOUNCE, failed(ANN, DEAD)), NOON).get(0);
        assertThat(d.effect())
                .isEqualTo(
                        switch (choice) {
                            case QUARANTINE -> Decision.Effect.QUARANTINE;
                            case COUNT -> Decision.Effect.COUNT;
                            case ACCEPT -> Decision.Effect.SUPPRESS;
                        });
    }

    @Test
    void aRefusalInTheSessionTakesTheSameWay() {
        Decision d = policy.decide(event(Outcome.BOUNCED, DEAD), NOON);
        assertThat(d.entry()).hasValueSatisfying(s -> {
            assertThat(s.source()).isEqualTo("session");
            assertThat(s.evidence()).isEqualTo("550 5.1.1 no such user");
            assertThat(s.scope()).isEqualTo(Suppression.GLOBAL);
        });
        assertThat(policy.decide(event(Outcome.BOUNCED, LISTED), NOON).entry()).isEmpty();
        assertThat(policy.decide(event(Outcome.DEFERRED, DEAD), NOON).entry()).isEmpty();
        assertThat(policy.decide(event(Outcome.EXPIRED, DEAD), NOON).entry()).isEmpty();
        assertThat(policy.decide(event(Outcome.SUPPRESSED, DEAD), NOON).entry()).isEmpty();
    }

    private static DeliveryEvent event(Outcome outcome, Verdict verdict) {
        return new DeliveryEvent(
                "marketing",
                "q1",
                "<m1@shop.example>",
                mailbox(ANN),
                outcome,
                SmtpReply.parse("550 5.1.1 no such user"),
                Optional.of(SmtpPhase.RCPT),
                Optional.of(verdict),
                Optional.empty(),
                Optional.empty(),
                1,
                NOON,
                Optional.empty(),
                Duration.ZERO,
                Optional.empty());
    }

    private Suppression entry(Feedback f) {
        return policy.decide(f, NOON).get(0).entry().orElseThrow();
    }

    private Decision.Effect effect(Feedback f) {
        return policy.decide(f, NOON).get(0).effect();
    }
}
