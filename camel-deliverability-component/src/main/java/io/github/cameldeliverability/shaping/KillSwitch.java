package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.spi.EffectStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** Stops mail at once and for as long as it takes: an effect of an operator's, in a store. Thread-safe. */
public final class KillSwitch {

    private static final int LETTERS = 36;
    private static final int IDS = LETTERS * LETTERS * LETTERS * LETTERS;

    private final EffectStore store;
    private final RandomGenerator random;

    public KillSwitch(EffectStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    /**
     * Completes with the effect that holds the mail from now on, be it one that was there already.
     *
     * @param why for colleagues; may be empty
     */
    public CompletionStage<Effect> kill(EffectKey key, String who, String why, Instant now) {
        return find(key)
                .thenCompose(there -> there.isPresent()
                        ? CompletableFuture.completedFuture(there.get())
                        : impose(key, "by " + who + (why.isBlank() ? "" : ": " + why), now));
    }

    private CompletionStage<Effect> impose(EffectKey key, String why, Instant now) {
        String id = "kill-" + Integer.toString(IDS / LETTERS + random.nextInt(IDS - IDS / LETTERS), LETTERS);
        Effect kill = Effect.begin(
                id, EffectKind.KILL, key, 0, Effect.OPERATOR, why, List.of(), EffectBook.millis(now), Optional.empty());
        return store.impose(kill)
                .thenCompose(free -> free ? CompletableFuture.completedFuture(kill) : impose(key, why, now));
    }

    /** Completes with whether the mail had been killed by exactly this key. It comes back step by step. */
    public CompletionStage<Boolean> revive(EffectKey key, String who) {
        return find(key)
                .thenCompose(there -> there.isPresent()
                        ? store.cancel(there.get().id(), who)
                        : CompletableFuture.completedFuture(false));
    }

    private CompletionStage<Optional<Effect>> find(EffectKey key) {
        return store.effects(false).thenApply(all -> all.stream()
                .filter(e -> e.kind() == EffectKind.KILL && e.key().equals(key) && e.holdsNow())
                .findFirst());
    }
}
