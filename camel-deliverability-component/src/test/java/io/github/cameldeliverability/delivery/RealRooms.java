package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.dns.AddressFamily;
import io.github.cameldeliverability.dns.DnsMxResolver;
import io.github.cameldeliverability.dns.DnsOptions;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.EffectShaper;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.smtp.NettySmtpConnector;
import io.github.cameldeliverability.smtp.SmtpClientOptions;
import io.github.cameldeliverability.testkit.FakeDns;
import io.github.cameldeliverability.token.HmacReturnTokens;
import io.github.cameldeliverability.token.QueueIds;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Everything an engine needs, as it is in production, in front of a fake Internet. */
final class RealRooms implements AutoCloseable {

    static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    final ExecutorService workers;
    final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(RealRooms::daemon);
    final NettySmtpConnector connector;
    final AdaptiveShaper shaper;
    /** Over the shaper; makes no effects until it is given rules. */
    final EffectShaper effects;

    final DeliveryEngine engine;

    RealRooms(
            Store store,
            FakeDns dns,
            int port,
            LimitSettings limits,
            RetryPolicy retries,
            DeliveryListener listener,
            StreamConfig... streams) {
        this(store, dns, port, limits, retries, RulePackEngine.builtIn(), listener, streams);
    }

    RealRooms(
            Store store,
            FakeDns dns,
            int port,
            LimitSettings limits,
            RetryPolicy retries,
            RulePackEngine rules,
            DeliveryListener listener,
            StreamConfig... streams) {
        Clock clock = Clock.systemUTC();
        workers = Executors.newFixedThreadPool(4, RealRooms::daemon);
        connector = new NettySmtpConnector(SmtpClientOptions.defaults(), workers);
        shaper = new AdaptiveShaper(clock, limits, List.of());
        effects = new EffectShaper(shaper, clock, new Random(3));
        QueueIds ids = new QueueIds(clock, new SecureRandom());
        engine = new DeliveryEngine(
                new EngineRooms(
                        store,
                        new DnsMxResolver(
                                List.of(dns.server()),
                                clock,
                                new Random(1),
                                workers,
                                DnsOptions.DEFAULTS,
                                AddressFamily.V4_FIRST),
                        connector,
                        effects,
                        rules,
                        Optional.of(new HmacReturnTokens(SECRET))),
                new EngineMachinery(clock, DelayTimer.of(scheduler), workers, new Random(2), ids::next),
                EngineOptions.DEFAULTS
                        .withPort(port)
                        .withTimeouts(SmtpTimeouts.DEFAULT.atMost(Duration.ofSeconds(10)))
                        .withStopTimeout(Duration.ofSeconds(5)),
                retries,
                List.of(streams),
                listener);
    }

    static StreamConfig stream(String name, List<MessageSigner> signers, boolean verp, Optional<String> list) {
        return StreamConfig.defaults(name, "mail.example.com").with(s -> s.returnPath(
                        Optional.of(io.github.cameldeliverability.mail.EmailAddress.parse("bounces@example.com")))
                .verp(verp)
                .signers(signers)
                .suppressionList(list)
                .allowPrivateAddresses(true));
    }

    private static Thread daemon(Runnable task) {
        Thread t = new Thread(task, "engine");
        t.setDaemon(true);
        return t;
    }

    @Override
    public void close() {
        engine.stop();
        connector.close();
        scheduler.shutdownNow();
        workers.shutdown();
    }
}
