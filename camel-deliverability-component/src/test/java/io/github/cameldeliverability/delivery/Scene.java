package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.testkit.ManualScheduler;
import io.github.cameldeliverability.testkit.MapMxResolver;
import io.github.cameldeliverability.testkit.MemoryStore;
import io.github.cameldeliverability.testkit.MutableClock;
import io.github.cameldeliverability.testkit.ScriptedSmtp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** An engine in virtual time with everything around it in memory; runs on the test's thread. */
final class Scene {

    final MutableClock clock = new MutableClock();
    final ManualScheduler time = new ManualScheduler(clock);
    final MemoryStore store = new MemoryStore(clock);
    final MapMxResolver dns = new MapMxResolver();
    final ScriptedSmtp smtp = new ScriptedSmtp();
    final AdaptiveShaper shaper;
    final SuspendableSources sources;
    final DeliveryEngine engine;

    private int ids;

    Scene() {
        this(o -> o, LimitSettings.NONE, stream("tx"));
    }

    Scene(StreamConfig... streams) {
        this(o -> o, LimitSettings.NONE, streams);
    }

    Scene(UnaryOperator<EngineOptions> options, LimitSettings limits, StreamConfig... streams) {
        this.shaper = new AdaptiveShaper(clock, limits, List.of());
        this.sources = new SuspendableSources(shaper);
        this.engine = newEngine(options, streams);
        engine.start();
        time.settle();
    }

    /** One more engine on the same store, as after a restart. Not started. */
    DeliveryEngine newEngine(UnaryOperator<EngineOptions> options, StreamConfig... streams) {
        return new DeliveryEngine(
                new EngineRooms(store, dns, smtp, sources, Scene::judge, Optional.empty()),
                new EngineMachinery(clock, time, Runnable::run, new Random(7), this::nextId),
                options.apply(EngineOptions.DEFAULTS),
                RetryPolicy.defaults(),
                Arrays.asList(streams));
    }

    static StreamConfig stream(String name) {
        return StreamConfig.defaults(name, "mail.example.com");
    }

    static StreamConfig stream(String name, int priority, Optional<String> suppressionList, Duration maxAge) {
        return stream(name)
                .with(s -> s.priority(priority).suppressionList(suppressionList).maxAge(maxAge));
    }

    String submit(String... recipients) {
        return submitTo("tx", recipients);
    }

    String submitTo(String stream, String... recipients) {
        CompletableFuture<String> id =
                engine.submit(message(stream, recipients)).toCompletableFuture();
        if (!id.isDone()) {
            throw new IllegalStateException("submission did not complete");
        }
        return id.join();
    }

    DeliveryReport direct(String... recipients) {
        return engine.deliverNow(message("tx", recipients))
                .toCompletableFuture()
                .getNow(null);
    }

    static Submission message(String stream, String... recipients) {
        Envelope envelope = new Envelope(
                ReversePath.parse("shop@example.com"),
                Arrays.stream(recipients).map(EmailAddress::parse).toList());
        byte[] content = "From: Shop <shop@example.com>\nSubject: hello\n\nbody\n".getBytes(StandardCharsets.US_ASCII);
        return new Submission(stream, envelope, content);
    }

    void pass(Duration step) {
        time.advance(step);
    }

    List<DeliveryEvent> events() {
        return store.events().all();
    }

    List<DeliveryEvent> eventsOf(String recipient) {
        return events().stream()
                .filter(e -> e.recipient().toString().equals(recipient))
                .toList();
    }

    List<Outcome> outcomesOf(String recipient) {
        return eventsOf(recipient).stream().map(DeliveryEvent::outcome).toList();
    }

    List<DeliveryEvent> finals() {
        return events().stream().filter(e -> e.outcome().isFinal()).toList();
    }

    long openRows() {
        Spool.Stats stats = store.spool().stats().toCompletableFuture().join();
        return stats.openRecipients();
    }

    EngineSnapshot snapshot() {
        return engine.snapshot().toCompletableFuture().join();
    }

    Lane lane(String provider) {
        return new Lane("tx", Lane.DEFAULT_SOURCE, provider);
    }

    private synchronized String nextId() {
        return String.format(Locale.ROOT, "%016d", ++ids);
    }

    /** A small verdict engine with the words that the tests use. */
    static Verdict judge(ReplyEvidence e) {
        String text = e.text().toLowerCase(Locale.ROOT);
        int code = e.code().orElse(0);
        Permanence permanence = code >= 500 ? Permanence.PERMANENT : Permanence.TRANSIENT;
        VerdictEngine table = ev -> Verdict.of(
                text.contains("greylist")
                        ? Reason.GREYLISTED
                        : text.contains("no such user")
                                ? Reason.USERUNKNOWN
                                : text.contains("too fast")
                                        ? Reason.RATELIMITED
                                        : text.contains("full")
                                                ? Reason.MAILBOXFULL
                                                : text.contains("blocked")
                                                        ? Reason.BLOCKED
                                                        : text.contains("spam")
                                                                ? Reason.SPAMDETECTED
                                                                : Reason.UNDEFINED,
                text.contains("for now")
                        ? Permanence.TRANSIENT
                        : text.contains("for good") ? Permanence.PERMANENT : permanence,
                "test/table",
                e.text());
        return table.judge(e);
    }
}
