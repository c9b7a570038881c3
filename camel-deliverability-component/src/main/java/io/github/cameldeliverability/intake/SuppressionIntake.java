package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.CanonicalForm;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The one way by which what came back, or was refused, gets into a suppression list and from there into a CRM.
 *
 * <p>Applying the same thing twice changes nothing the second time, except that a soft bounce counts twice. Thread-safe; the stages fail only if the list does.
 */
public final class SuppressionIntake {

    private final SuppressionPolicy policy;
    private final SuppressionList suppressions;
    private final Clock clock;
    private final SoftBounceRule softBounces;
    private final Set<CanonicalForm> canonical;

    /** Counts no soft bounces. */
    public SuppressionIntake(SuppressionPolicy policy, SuppressionList suppressions, Clock clock) {
        this(policy, suppressions, clock, SoftBounceRule.OFF, Set.of());
    }

    /**
     * @param canonical forms in which an address is suppressed besides the one that was mailed; each is an entry of its own
     *     that says so
     */
    public SuppressionIntake(
            SuppressionPolicy policy,
            SuppressionList suppressions,
            Clock clock,
            SoftBounceRule softBounces,
            Set<CanonicalForm> canonical) {
        this.policy = policy;
        this.suppressions = suppressions;
        this.clock = clock;
        this.softBounces = softBounces;
        this.canonical = Set.copyOf(canonical);
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
            items.add(carryOut(d).toCompletableFuture());
        }
        return CompletableFuture.allOf(items.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        new Applied(items.stream().map(CompletableFuture::join).toList()));
    }

    private CompletionStage<Applied.Item> carryOut(Decision d) {
        return switch (d.effect()) {
            case SUPPRESS -> add(d.entry().orElseThrow()).thenApply(changed -> new Applied.Item(d, changed));
            case SOFT -> softBounces.isOn() ? count(d) : unchanged(d);
            case DELIVERED ->
                softBounces.isOn()
                        ? suppressions
                                .delivered(policy.list(), d.address(), clock.instant())
                                .thenApply(ended -> new Applied.Item(d, !ended.isEmpty()))
                        : unchanged(d);
            case NONE, QUARANTINE, COUNT -> unchanged(d);
        };
    }

    private CompletionStage<Boolean> add(Suppression entry) {
        CompletionStage<Boolean> added = suppressions.add(entry);
        Optional<EmailAddress> form = CanonicalForm.of(entry.address(), canonical);
        return form.isEmpty()
                ? added
                : added.thenCombine(
                        suppressions.add(entry.forAddress(
                                form.get(), "canonical form of " + entry.address() + ": " + entry.evidence())),
                        (a, b) -> a || b);
    }

    private CompletionStage<Applied.Item> count(Decision d) {
        Suppression bounce = d.soft().orElseThrow();
        return suppressions
                .softBounce(policy.list(), d.address(), softBounces.step(bounce))
                .thenApply(step -> step.entry().isPresent()
                        ? new Applied.Item(
                                new Decision(d.address(), Decision.Effect.SUPPRESS, step.entry(), d.why()), true)
                        : new Applied.Item(
                                new Decision(
                                        d.address(),
                                        d.effect(),
                                        d.entry(),
                                        d.why() + ": number " + step.remember().bounces() + " of "
                                                + softBounces.limit(),
                                        d.soft()),
                                false));
    }

    private static CompletionStage<Applied.Item> unchanged(Decision d) {
        return CompletableFuture.completedFuture(new Applied.Item(d, false));
    }
}
