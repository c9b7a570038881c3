package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.EffectShaper;
import io.github.cameldeliverability.shaping.Explanation;
import io.github.cameldeliverability.shaping.ReactionChecks;
import io.github.cameldeliverability.shaping.ShapingMemory;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The effects of one engine: their rules, their memory in the store, and the clockwork of both. Thread-safe. */
final class EffectsDesk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EffectsDesk.class);
    private static final long STORE_TIMEOUT_SECONDS = 30;
    private static final long EVERY_MILLIS = 1_000;

    private final EffectShaper shaper;
    private final ShapingMemory memory;
    private final ReactionFiles files;
    private final AutoCloseable following;
    private final Consumer<Collection<Effect>> meters;

    private EffectsDesk(
            EffectShaper shaper,
            ShapingMemory memory,
            ReactionFiles files,
            AutoCloseable following,
            Consumer<Collection<Effect>> meters) {
        this.shaper = shaper;
        this.memory = memory;
        this.files = files;
        this.following = following;
        this.meters = meters;
    }

    /**
     * Blocking: reads the rules and what the store remembers.
     *
     * @param timer saves and looks after changed files; its owner ends it
     */
    static EffectsDesk open(
            CamelContext context,
            AdaptiveShaper limits,
            Store store,
            RulePackEngine verdicts,
            Optional<String> reactions,
            Clock clock,
            RandomGenerator random,
            ScheduledExecutorService timer)
            throws IOException, InterruptedException {
        ReactionChecks checks = new ReactionChecks(() -> limits.book().providerNames(), verdicts.ruleIds(), verdicts);
        EffectShaper shaper = new EffectShaper(limits, clock, random);
        ReactionFiles files = new ReactionFiles(context, reactions, checks, shaper);
        files.load();
        ShapingMemory memory = new ShapingMemory(store.effects(), store.control(), shaper, clock);
        await(memory.load(), "The store does not give the effects that hold");
        EffectsDesk desk = new EffectsDesk(shaper, memory, files, memory.follow(), meters(context));
        var unused = timer.scheduleWithFixedDelay(desk::tick, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return desk;
    }

    private static Consumer<Collection<Effect>> meters(CamelContext context) {
        try {
            return EffectMeters.register(context);
        } catch (NoClassDefFoundError e) {
            LOG.debug("Micrometer is not there: no metrics of effects", e);
            return effects -> {};
        }
    }

    private void tick() {
        try {
            files.check();
            memory.save();
            meters.accept(shaper.effects());
        } catch (RuntimeException e) {
            // A thrown exception would end the clockwork for good.
            LOG.error("event=effects-tick-failed", e);
        }
    }

    EffectShaper shaper() {
        return shaper;
    }

    void streamStarts(StreamConfig stream) {
        shaper.streamSigns(
                stream.name(),
                stream.signers().stream()
                        .flatMap(s -> s.domain().stream())
                        .map(d -> d.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
    }

    /** Reads the rules anew. */
    void reload() throws IOException {
        files.load();
    }

    /** The effects on mail of the stream, for people, and what is wrong with the rules. */
    List<String> trouble(String stream) {
        List<String> lines = new java.util.ArrayList<>(shaper.effects().stream()
                .filter(e -> e.key().stream().map(stream::equals).orElse(true))
                .map(EffectsDesk::describe)
                .toList());
        files.fault().ifPresent(f -> lines.add("the rules in use are older than the file: " + f));
        return lines;
    }

    List<String> all() {
        return shaper.effects().stream().map(EffectsDesk::describe).toList();
    }

    private static String describe(Effect e) {
        return e.describe() + (e.evidence().isEmpty() ? "" : "; last replies: " + String.join(" | ", e.evidence()));
    }

    /** What effects do to the lane, and how its stream stands there; the limits are not among it. */
    List<String> explain(Lane lane) {
        return shaper.explainEffects(lane).stream().map(Explanation::toString).toList();
    }

    /** Blocking: saves what is not saved yet. */
    @Override
    public void close() {
        meters.accept(List.of());
        try {
            following.close();
            await(memory.saveAll(), "The store does not take the effects");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("event=effects-unsaved reason=\"{}\"", e.toString());
        }
    }

    private static void await(CompletionStage<Void> stage, String what) throws IOException, InterruptedException {
        try {
            stage.toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(what + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(what + " in " + STORE_TIMEOUT_SECONDS + " s", e);
        }
    }
}
