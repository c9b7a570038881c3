package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.bounce.BounceComponent;
import io.github.cameldeliverability.bounce.RuleFiles;
import io.github.cameldeliverability.delivery.DelayTimer;
import io.github.cameldeliverability.delivery.DeliveryEngine;
import io.github.cameldeliverability.delivery.EngineMachinery;
import io.github.cameldeliverability.delivery.EngineOptions;
import io.github.cameldeliverability.delivery.EngineRooms;
import io.github.cameldeliverability.delivery.RetryPolicy;
import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dkim.DkimSigner;
import io.github.cameldeliverability.dns.DnsClient;
import io.github.cameldeliverability.dns.DnsLookup;
import io.github.cameldeliverability.dns.DnsMxResolver;
import io.github.cameldeliverability.dns.DnsOptions;
import io.github.cameldeliverability.dns.OwnAddresses;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.Fallbacks.HandOver;
import io.github.cameldeliverability.mail.spi.Mailer;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.MxResolver;
import io.github.cameldeliverability.mail.spi.RecipientFields;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitBook;
import io.github.cameldeliverability.shaping.LocalMeters;
import io.github.cameldeliverability.smtp.NettySmtpConnector;
import io.github.cameldeliverability.smtp.SmtpClientOptions;
import io.github.cameldeliverability.token.HmacReturnTokens;
import io.github.cameldeliverability.token.LinkTokens;
import io.github.cameldeliverability.token.QueueIds;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;

/** Puts the rooms together: the only class that sees them all. Owns the threads and the network, not the store. */
final class MxEngine implements MailEngine {

    private static final long STORE_TIMEOUT_SECONDS = 30;
    private static final int LEAST_SECRET = 16;

    private final CamelContext context;
    private final Settings settings;
    private final Store store;
    private final ReturnTokens tokens;
    private final ExecutorService workers;
    private final ScheduledExecutorService timer;
    private final NettySmtpConnector connector;
    private final MxLimits limits;
    private final PublishedKeyCheck publishedKeys;
    private final SourceCheck sources;
    private final EffectsDesk effects;
    private final DeliveryEngine engine;

    private MxEngine(
            CamelContext context,
            Settings settings,
            Store store,
            ReturnTokens tokens,
            Optional<LimitsSource> source,
            LimitBook book)
            throws IOException, InterruptedException {
        this.context = context;
        this.settings = settings;
        this.store = store;
        this.tokens = tokens;
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        workers = Pools.fixed(context, this, "MxWorker", Math.max(2, settings.workerThreads()));
        timer = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "MxTimer");
        SmtpClientOptions smtp = SmtpClientOptions.defaults();
        connector = new NettySmtpConnector(
                settings.sslContext().map(smtp::withVerifyContext).orElse(smtp), workers);
        DnsLookup dns = new DnsClient(settings.dnsServers(), clock, workers, DnsOptions.DEFAULTS);
        sources = new SourceCheck(dns);
        publishedKeys = new PublishedKeyCheck(dns);
        OwnAddresses own = new OwnAddresses(clock);
        MxResolver resolver =
                new DnsMxResolver(dns, random, () -> settings.addressFamily().orElseGet(own));
        AdaptiveShaper shaper = new AdaptiveShaper(clock, book, store.counters(), new LocalMeters());
        RuleFiles verdicts;
        try {
            verdicts = rules(context, settings.rules());
            effects = EffectsDesk.open(
                    context, shaper, store, verdicts.current(), settings.reactions(), clock, random, timer);
        } catch (IOException | InterruptedException | RuntimeException e) {
            endThreads();
            throw e;
        }
        engine = new DeliveryEngine(
                new EngineRooms(store, resolver, connector, effects.shaper(), verdicts, Optional.of(tokens)),
                new EngineMachinery(clock, DelayTimer.of(timer), workers, random, new QueueIds(clock, random)::next),
                EngineOptions.DEFAULTS.withPort(settings.smtpPort()).withEventRetention(settings.eventRetention()),
                RetryPolicy.defaults(),
                List.of(),
                settings.listener());
        limits = new MxLimits(source, shaper, engine);
        limits.follow(timer);
        verdicts.follow(timer);
        engine.start();
        var unused =
                timer.scheduleWithFixedDelay(engine::beat, 0, DeliveryEngine.BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Blocking: asks the store for its secret where none is given. */
    static MailEngine open(CamelContext context, Settings settings, Store store)
            throws IOException, InterruptedException {
        Optional<LimitsSource> source = settings.providers().map(p -> new LimitsSource(context, p));
        LimitBook book = source.isPresent() ? source.get().first() : LimitBook.builtInOnly();
        return new MxEngine(
                context,
                settings,
                store,
                new HmacReturnTokens(secret(settings, store, BounceComponent.SECRET_NAME)),
                source,
                book);
    }

    private static RuleFiles rules(CamelContext context, Optional<String> packs) throws IOException {
        try {
            return RuleFiles.open(context, RulePackEngine.builtIn(), packs);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("rules of the mx component: " + e.getMessage(), e);
        }
    }

    private static byte[] secret(Settings settings, Store store, String name) throws IOException, InterruptedException {
        if (settings.tokenSecret().isPresent()) {
            byte[] secret = settings.tokenSecret().get().getBytes(StandardCharsets.UTF_8);
            if (secret.length < LEAST_SECRET) {
                throw new IllegalArgumentException("tokenSecret of the mx component has " + secret.length
                        + " octets; return tokens need at least " + LEAST_SECRET);
            }
            return secret;
        }
        try {
            return store.secret(name).toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("The store gives no secret for tokens: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("The store gave no secret for tokens in " + STORE_TIMEOUT_SECONDS + " s", e);
        }
    }

    @Override
    public RecipientFields unsubscribe(UnsubscribeFields.Settings unsubscribe) throws IOException {
        try {
            return new UnsubscribeFields(
                    unsubscribe,
                    new LinkTokens(List.of(secret(settings, store, LinkTokens.SECRET_NAME))),
                    tokens,
                    Clock.systemUTC());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the store gave its secret for links", e);
        }
    }

    @Override
    public Mailer mailer() {
        return engine;
    }

    @Override
    public MessageSigner signer(String domain, String selector, String pem) {
        DkimKeyPair key = DkimKeyPair.parse(pem, selector + "._domainkey." + domain);
        publishedKeys.check(domain, selector, key);
        return DkimSigner.builder(domain, selector, key).build();
    }

    @Override
    public void start(StreamConfig stream, StreamLimits streamLimits) {
        RetryPolicy retries = limits.start(stream, streamLimits);
        sources.check(stream.name(), stream.sources());
        effects.streamStarts(stream);
        engine.addStream(stream, Optional.of(retries));
    }

    @Override
    public List<String> explain(Lane lane) {
        List<String> lines = new ArrayList<>(effects.explain(lane));
        lines.addAll(limits.explain(lane));
        return lines;
    }

    @Override
    public void tickWarmups() {
        limits.tick();
    }

    @Override
    public List<String> warmups() {
        return limits.warmups();
    }

    @Override
    public Optional<String> unhealthyReason() {
        return engine.unhealthyReason();
    }

    @Override
    public CompletionStage<Void> tellSender(HandOver handOver) {
        return engine.tellSender(
                handOver.message(),
                handOver.event().withoutFallback(),
                handOver.key().ordinal());
    }

    @Override
    public void stop(String stream) {
        engine.removeStream(stream);
    }

    @Override
    public List<String> trouble(String stream) {
        return effects.trouble(stream);
    }

    @Override
    public List<String> effects() {
        return effects.all();
    }

    @Override
    public void reloadReactions() throws IOException {
        effects.reload();
    }

    @Override
    public void close() {
        engine.stop();
        limits.close();
        effects.close();
        endThreads();
    }

    private void endThreads() {
        connector.close();
        // What is still to come is of no use any more; waiting for it would take as long as its delays.
        context.getExecutorServiceManager().shutdownNow(timer);
        context.getExecutorServiceManager().shutdownGraceful(workers);
    }
}
