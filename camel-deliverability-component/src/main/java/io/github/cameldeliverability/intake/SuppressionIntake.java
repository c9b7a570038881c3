package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The one way by which what came back, or was refused, gets into a suppression list and from there into a CRM.
 *
 * <p>Applying the same thing twice changes nothing the second time. Thread-safe; the stages fail only if the list does.
 */
public final class SuppressionIntake {

    private final SuppressionPolicy policy;
    private final SuppressionList suppressions;
    private final Clock clock;

    public SuppressionIntake(SuppressionPolicy policy, SuppressionList suppressions, Clock clock) {
        this.policy = policy;
        this.suppressions = suppressions;
        this.clock = clock;
    }

    public CompletionStage<Applied> apply(Feedback feedback) {
        return write(policy.decide(feedback, clock.instant()));
    }

    public CompletionStage<Applied> apply(DeliveryEvent event) {
        return write(List.of(policy.decide(event, clock.instant())));
    }

    /** Several events at once, such as those of a {@code DeliveryReport}. */
    public CompletionStage<Applied> apply(Collection<DeliveryEvent> events) {
        return write(events.stream().map(e -> policy.decide(e, clock.instant())).toList());
    }

    private CompletionStage<Applied> write(List<Decision> decisions) {
        List<CompletableFuture<Applied.Item>> items = new ArrayList<>();
        for (Decision d : decisions) {
            items.add(
                    d.entry().isEmpty()
                            ? CompletableFuture.completedFuture(new Applied.Item(d, false))
                            : suppressions
                                    .add(d.entry().get())
                                    .thenApply(changed -> new Applied.Item(d, changed))
                                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(items.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        new Applied(items.stream().map(CompletableFuture::join).toList()));
    }
}
