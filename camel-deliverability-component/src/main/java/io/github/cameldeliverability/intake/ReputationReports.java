package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.EffectStore.Report;
import io.github.cameldeliverability.mail.spi.EffectStore.ReportKind;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the engine's reputation guard of complaints and of returned mail: what the suppression policy believed, once, with
 * the provider that the mail had been delivered to. Thread-safe.
 *
 * <p>What nothing proves, or cannot be tied to a message of ours, is not told: a stranger's forged complaints must not
 * pause a stream.
 */
public final class ReputationReports {

    private static final Logger LOG = LoggerFactory.getLogger(ReputationReports.class);

    private final EventLog events;
    private final EffectStore effects;
    private final Clock clock;

    public ReputationReports(EventLog events, EffectStore effects, Clock clock) {
        this.events = events;
        this.effects = effects;
        this.clock = clock;
    }

    /** Completes with how many reports were made. Never fails: what was applied to the list stays applied. */
    public CompletionStage<Integer> tell(Feedback feedback, Applied applied) {
        Optional<String> queueId = feedback.correlation().queueId();
        List<EmailAddress> addresses = believed(feedback, applied);
        if (queueId.isEmpty() || addresses.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        return events.history(queueId.get())
                .thenCompose(history -> tell(feedback, addresses, history))
                .exceptionally(error -> {
                    LOG.warn("event=reputation-report-lost id={} reason=\"{}\"", queueId.get(), error.toString());
                    return 0;
                });
    }

    private static List<EmailAddress> believed(Feedback feedback, Applied applied) {
        if (feedback.kind() != FeedbackKind.COMPLAINT && feedback.kind() != FeedbackKind.BOUNCE) {
            return List.of();
        }
        return applied.items().stream()
                // The second report of the same person is no news.
                .filter(i -> i.changed() && i.decision().effect() == Decision.Effect.SUPPRESS)
                .map(i -> i.decision().address())
                .toList();
    }

    private CompletionStage<Integer> tell(Feedback feedback, List<EmailAddress> addresses, List<LoggedEvent> history) {
        ReportKind kind = feedback.kind() == FeedbackKind.COMPLAINT ? ReportKind.COMPLAINT : ReportKind.HARD_BOUNCE;
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (EmailAddress address : addresses) {
            delivered(history, address)
                    .map(e -> new Report(
                            0,
                            kind,
                            e.stream(),
                            e.provider().orElseThrow(),
                            e.at(),
                            clock.instant(),
                            evidence(feedback, e)))
                    .ifPresent(r -> told.add(effects.report(r).toCompletableFuture()));
        }
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).thenApply(done -> told.size());
    }

    /** The delivery to the address; where a forwarder changed it, the only delivery that there was. */
    private static Optional<DeliveryEvent> delivered(List<LoggedEvent> history, EmailAddress address) {
        List<DeliveryEvent> all = history.stream()
                .map(LoggedEvent::event)
                .filter(e -> e.outcome() == Outcome.DELIVERED && e.provider().isPresent())
                .toList();
        return all.stream()
                .filter(e -> e.recipient().key().equals(address.key()))
                .findFirst()
                .or(() -> all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty());
    }

    private static String evidence(Feedback feedback, DeliveryEvent e) {
        return (feedback.kind() == FeedbackKind.COMPLAINT ? "complaint" : "returned mail") + " about " + e.queueId()
                + feedback.reportingMta().map(m -> ", reported by " + m).orElse("");
    }
}
