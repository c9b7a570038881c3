package io.github.cameldeliverability.intake;

import static io.github.cameldeliverability.intake.Returns.DEAD;
import static io.github.cameldeliverability.intake.Returns.FULL;
import static io.github.cameldeliverability.intake.Returns.NOON;
import static io.github.cameldeliverability.intake.Returns.failed;
import static io.github.cameldeliverability.intake.Returns.feedback;
import static io.github.cameldeliverability.intake.Returns.mailbox;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.feedback.ReadMail;
import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForgedReturnsSuppressNobodyTest {

    private static final RecipientKey KEY = new RecipientKey("q1", 0);
    private static final EmailAddress ANN = mailbox("ann@example.net");

    private final MemoryStore store = new MemoryStore();
    private final PlainTokens tokens = new PlainTokens("ours");
    private final Correlator correlator = new Correlator(tokens, store.events());
    private EmailAddress returnPath;

    @BeforeEach
    void send() {
        store.sent("marketing", KEY, "<m1@shop.example>", ANN);
        returnPath = path(tokens, KEY, ANN);
    }

    @Test
    void ourTokenProvesForItsRecipient() {
        Feedback f = correlate(feedback(FeedbackKind.BOUNCE, failed("ann@example.net", DEAD)), returnPath);
        assertThat(f.correlation())
                .isEqualTo(new Correlation(
                        Correlation.Method.TOKEN, true, Optional.of("marketing"), Optional.of("q1"), Optional.of(ANN)));
        assertThat(suppressedBy(f)).containsExactly("ann@example.net");
    }

    @Test
    void theTokensRecipientWinsOverWhomAForwardedMailNames() {
        Feedback f = forwarded(feedback(FeedbackKind.BOUNCE, failed("ann.private@forward.example", DEAD)));
        RecipientFeedback r = f.recipients().get(0);
        assertThat(r.address()).isEqualTo(ANN);
        assertThat(r.finalAddress()).contains("ann.private@forward.example");
        assertThat(suppressedBy(f)).containsExactly("ann@example.net");
    }

    @Test
    void anAliasWithOneDeadTargetOfTwoIsAlive() {
        Feedback f = forwarded(feedback(FeedbackKind.BOUNCE, failed("a@x.example", DEAD), failed("b@x.example", FULL)));
        assertThat(f.recipients()).singleElement().satisfies(r -> assertThat(r.verdict())
                .isEqualTo(FULL));
        assertThat(suppressedBy(f)).isEmpty();
    }

    @Test
    void whoGotOneMailSpeaksForItsRecipientOnly() {
        Feedback f = correlate(
                feedback(FeedbackKind.BOUNCE, failed("ann@example.net", DEAD), failed("victim@example.net", DEAD)),
                returnPath);
        assertThat(suppressedBy(f)).containsExactly("ann@example.net");
    }

    @Test
    void aTokenReplayedWithAnotherNameSuppressesNeither() {
        Feedback f = correlate(feedback(FeedbackKind.BOUNCE, failed("victim@example.net", DEAD)), returnPath);
        assertThat(f.correlation().method()).isEqualTo(Correlation.Method.TOKEN);
        assertThat(f.correlation().authenticated()).isFalse();
        assertThat(f.recipients()).singleElement().satisfies(r -> assertThat(r.address())
                .hasToString("victim@example.net"));
        assertThat(suppressedBy(f)).isEmpty();
    }

    @Test
    void aTokenOfAnotherRecipientProvesNothing() {
        EmailAddress forged = path(new PlainTokens("guessed"), KEY, ANN);
        Feedback f = correlate(feedback(FeedbackKind.BOUNCE, failed("ann@example.net", DEAD)), forged);
        assertThat(f.correlation()).isEqualTo(Correlation.NONE);
        assertThat(suppressedBy(f)).isEmpty();
    }

    @Test
    void aReplayChangesNothing() {
        Feedback f = correlate(feedback(FeedbackKind.BOUNCE, failed("ann@example.net", DEAD)), returnPath);
        SuppressionIntake intake = intake(SuppressionPolicy.of("default"));
        assertThat(intake.apply(f).toCompletableFuture().join().changed()).hasSize(1);
        assertThat(intake.apply(f).toCompletableFuture().join().changed()).isEmpty();
    }

    @Test
    void aTokenOutlivesTheHistoryWhereTheMailNamesTheRecipient() {
        RecipientKey old = new RecipientKey("q0", 3);
        Feedback f = correlate(
                feedback(FeedbackKind.BOUNCE, failed("bob@example.net", DEAD)),
                path(tokens, old, mailbox("bob@example.net")));
        assertThat(f.correlation().authenticated()).isTrue();
        assertThat(f.correlation().stream()).isEmpty();
    }

    @Test
    void aRedactedComplaintIsAboutTheTokensRecipient() {
        Feedback f = correlate(feedback(FeedbackKind.COMPLAINT), returnPath);
        assertThat(f.recipients()).singleElement().satisfies(r -> assertThat(r.address())
                .isEqualTo(ANN));
        assertThat(suppressedBy(f)).containsExactly("ann@example.net");
    }

    @Test
    void envelopeIdsAndMessageIdsMatchAndProveNothing() {
        Feedback bounce = feedback(FeedbackKind.BOUNCE, failed("ann@example.net", DEAD));
        Feedback byEnvelope = correlator
                .correlate(mail(bounce, List.of(), Optional.of("q1")))
                .toCompletableFuture()
                .join();
        assertThat(byEnvelope.correlation().method()).isEqualTo(Correlation.Method.ENVID);
        assertThat(byEnvelope.correlation().stream()).contains("marketing");
        assertThat(byEnvelope.correlation().authenticated()).isFalse();
        assertThat(suppressedBy(byEnvelope)).isEmpty();
        Feedback about = new Feedback(
                FeedbackKind.BOUNCE,
                bounce.recipients(),
                Correlation.NONE,
                Optional.of("<m1@shop.example>"),
                Optional.empty(),
                Optional.empty(),
                NOON,
                "test");
        Feedback byMessageId = correlator
                .correlate(mail(about, List.of(), Optional.of("unknown")))
                .toCompletableFuture()
                .join();
        assertThat(byMessageId.correlation().method()).isEqualTo(Correlation.Method.MESSAGE_ID);
        assertThat(byMessageId.correlation().queueId()).contains("q1");
        assertThat(byMessageId.correlation().authenticated()).isFalse();
        assertThat(suppressedBy(byMessageId)).isEmpty();
    }

    @Test
    void aThousandAddressesCostEightLookups() {
        List<EmailAddress> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(path(new PlainTokens("guessed"), new RecipientKey("q" + i, 0), ANN));
        }
        many.add(returnPath);
        Feedback f = correlator
                .correlate(mail(feedback(FeedbackKind.BOUNCE), many, Optional.empty()))
                .toCompletableFuture()
                .join();
        assertThat(f.correlation()).isEqualTo(Correlation.NONE);
    }

    private Feedback correlate(Feedback f, EmailAddress returnedTo) {
        return correlator
                .correlate(mail(f, List.of(returnedTo), Optional.empty()))
                .toCompletableFuture()
                .join();
    }

    /** A mail that came back with a message to Ann in it. */
    private Feedback forwarded(Feedback f) {
        return correlator
                .correlate(new ReadMail(f, List.of(returnPath), Optional.empty(), List.of(ANN), Optional.empty()))
                .toCompletableFuture()
                .join();
    }

    private static ReadMail mail(Feedback f, List<EmailAddress> returnedTo, Optional<String> envelopeId) {
        return new ReadMail(f, returnedTo, envelopeId, List.of(), Optional.empty());
    }

    private List<String> suppressedBy(Feedback f) {
        return intake(SuppressionPolicy.of("default")).apply(f).toCompletableFuture().join().changed().stream()
                .map(s -> s.address().toString())
                .toList();
    }

    private SuppressionIntake intake(SuppressionPolicy policy) {
        return new SuppressionIntake(policy, store.suppressions(), Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private static EmailAddress path(PlainTokens tokens, RecipientKey key, EmailAddress recipient) {
        return tokens.mint(ReversePath.parse("bounces@shop.example"), "marketing", key, recipient)
                .address()
                .orElseThrow();
    }
}
