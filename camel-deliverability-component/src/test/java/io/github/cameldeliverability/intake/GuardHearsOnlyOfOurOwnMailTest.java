package io.github.cameldeliverability.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.EffectStore.ReportKind;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.testkit.MemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuardHearsOnlyOfOurOwnMailTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant DELIVERED = NOON.minus(Duration.ofHours(5));

    private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
    private final MemoryStore store = new MemoryStore(clock);
    private final ReputationReports reports = new ReputationReports(store.events(), store.effects(), clock);

    @Test
    void whatWasBelievedIsToldWithTheProviderAndTheMomentOfTheDelivery() {
        delivered("q1", Optional.of("yahoo"), "ann@example.net", "bob@example.net");
        assertThat(tell(FeedbackKind.COMPLAINT, "q1", believed("Bob@example.net")))
                .isEqualTo(1);
        Report told = told().get(0);
        assertThat(told.kind()).isEqualTo(ReportKind.COMPLAINT);
        assertThat(told.stream()).isEqualTo("news");
        assertThat(told.provider()).isEqualTo("yahoo");
        assertThat(told.deliveredAt()).isEqualTo(DELIVERED);
        assertThat(told.at()).isEqualTo(NOON);
        assertThat(told.evidence())
                .contains("complaint about q1", "mx.example.net")
                .doesNotContain("bob");

        assertThat(tell(FeedbackKind.BOUNCE, "q1", believed("ann@example.net"))).isEqualTo(1);
        assertThat(told()).extracting(Report::kind).containsExactly(ReportKind.COMPLAINT, ReportKind.HARD_BOUNCE);
    }

    @Test
    void aForwardedAddressIsTiedToTheOnlyDeliveryButNeverGuessedAmongTwo() {
        delivered("q1", Optional.of("yahoo"), "ann@example.net");
        delivered("q2", Optional.of("yahoo"), "ann@example.net", "bob@example.net");
        assertThat(tell(FeedbackKind.BOUNCE, "q1", believed("elsewhere@example.org")))
                .isEqualTo(1);
        assertThat(tell(FeedbackKind.BOUNCE, "q2", believed("elsewhere@example.org")))
                .isZero();
    }

    @Test
    void whatWasNotBelievedOrIsNoNewsIsNotTold() {
        delivered("q1", Optional.of("yahoo"), "ann@example.net");
        assertThat(tell(FeedbackKind.COMPLAINT, "q1", item("ann@example.net", Decision.Effect.QUARANTINE, true)))
                .isZero();
        assertThat(tell(FeedbackKind.COMPLAINT, "q1", item("ann@example.net", Decision.Effect.SUPPRESS, false)))
                .as("the second complaint of one person")
                .isZero();
        assertThat(tell(FeedbackKind.AUTO_REPLY, "q1", believed("ann@example.net")))
                .isZero();
        assertThat(told()).isEmpty();
    }

    @Test
    void whatIsTiedToNoDeliveryOfOursIsNotTold() {
        delivered("q1", Optional.empty(), "ann@example.net");
        assertThat(tell(FeedbackKind.COMPLAINT, "q1", believed("ann@example.net")))
                .as("the provider is not known")
                .isZero();
        assertThat(tell(FeedbackKind.COMPLAINT, "unknown", believed("ann@example.net")))
                .isZero();
        assertThat(reports.tell(
                                Returns.feedback(FeedbackKind.COMPLAINT),
                                new Applied(List.of(believed("ann@example.net"))))
                        .toCompletableFuture()
                        .join())
                .as("no queue id")
                .isZero();
        assertThat(told()).isEmpty();
    }

    @Test
    void aStoreThatFailsLosesTheReportAndNothingElse() {
        delivered("q1", Optional.of("yahoo"), "ann@example.net");
        store.breakDown("the disk is gone");
        assertThat(tell(FeedbackKind.COMPLAINT, "q1", believed("ann@example.net")))
                .isZero();
        store.repair();
        assertThat(told()).isEmpty();
    }

    private int tell(FeedbackKind kind, String queueId, Applied.Item... items) {
        Feedback feedback = Returns.feedback(kind)
                .withCorrelation(new Correlation(
                        Correlation.Method.TOKEN, true, Optional.of("news"), Optional.of(queueId), Optional.empty()));
        return reports.tell(feedback, new Applied(List.of(items)))
                .toCompletableFuture()
                .join();
    }

    private List<Report> told() {
        return store.effects().reports(10).toCompletableFuture().join();
    }

    private static Applied.Item believed(String address) {
        return item(address, Decision.Effect.SUPPRESS, true);
    }

    private static Applied.Item item(String text, Decision.Effect effect, boolean changed) {
        EmailAddress address = EmailAddress.parse(text);
        Optional<Suppression> entry = Optional.of(new Suppression(
                "default",
                Suppression.GLOBAL,
                address,
                SuppressionKind.COMPLAINT,
                Optional.empty(),
                "",
                Optional.empty(),
                "test",
                NOON,
                Optional.empty()));
        return new Applied.Item(
                new Decision(address, effect, entry.filter(e -> effect == Decision.Effect.SUPPRESS), "because"),
                changed);
    }

    private void delivered(String queueId, Optional<String> provider, String... addresses) {
        Spool spool = store.spool();
        List<Recipient> recipients = Arrays.stream(addresses)
                .map(a -> new Recipient(
                        EmailAddress.parse(a), ReversePath.parse("bounce@mail.example.com"), DsnRequest.NONE))
                .toList();
        String messageId = "<" + queueId + "@mail.example.com>";
        spool.add(
                        new SpooledMessage(
                                queueId,
                                "news",
                                messageId,
                                new byte[] {'\r', '\n'},
                                false,
                                false,
                                Optional.empty(),
                                false,
                                DELIVERED,
                                NOON.plus(Duration.ofDays(5)),
                                DELIVERED,
                                Set.of(),
                                recipients),
                        true)
                .toCompletableFuture()
                .join();
        for (int i = 0; i < recipients.size(); i++) {
            DeliveryEvent event = new DeliveryEvent(
                    "news",
                    queueId,
                    messageId,
                    recipients.get(i).address(),
                    Outcome.DELIVERED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    provider,
                    Optional.empty(),
                    1,
                    DELIVERED,
                    Optional.empty(),
                    Duration.ofSeconds(1),
                    Optional.empty());
            spool.settle(new RecipientKey(queueId, i), event)
                    .toCompletableFuture()
                    .join();
        }
    }
}
