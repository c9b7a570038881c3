package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Transaction;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.FakeMx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The client side of the tests: a connector, its callback thread, and shorthands that wait at most some seconds. */
final class SmtpClient implements AutoCloseable {

    static final Duration SHORT = Duration.ofMillis(300);
    static final Duration LONG = Duration.ofSeconds(10);

    private final ExecutorService callbacks = Executors.newSingleThreadExecutor(r -> new Thread(r, "callback"));
    private final NettySmtpConnector connector;
    private final SmtpTimeouts timeouts;

    SmtpClient() {
        this(SmtpClientOptions.defaults(), SmtpTimeouts.DEFAULT.atMost(LONG));
    }

    SmtpClient(SmtpClientOptions options, SmtpTimeouts timeouts) {
        this(options, timeouts, Transport.java(options.ioThreads(), options.threadFactory()));
    }

    SmtpClient(SmtpClientOptions options, SmtpTimeouts timeouts, Transport transport) {
        this.connector = new NettySmtpConnector(options, callbacks, transport);
        this.timeouts = timeouts;
    }

    NettySmtpConnector connector() {
        return connector;
    }

    Target target(FakeMx mx, TlsPolicy tls) {
        return target(mx, tls, mx.name());
    }

    Target target(FakeMx mx, TlsPolicy tls, String hostName) {
        return new Target(hostName, mx.address(), mx.port(), Optional.empty(), "client.example.test", tls, timeouts);
    }

    ConnectResult tryConnect(FakeMx mx, TlsPolicy tls) {
        return get(connector.connect(target(mx, tls)));
    }

    ConnectResult tryConnect(FakeMx mx, TlsPolicy tls, SmtpTimeouts limits) {
        return get(connector.connect(
                new Target(mx.name(), mx.address(), mx.port(), Optional.empty(), "client.example.test", tls, limits)));
    }

    SmtpSession connect(FakeMx mx) {
        return connect(mx, TlsPolicy.NONE);
    }

    SmtpSession connect(FakeMx mx, TlsPolicy tls) {
        return session(tryConnect(mx, tls));
    }

    static SmtpSession session(ConnectResult result) {
        if (result instanceof ConnectResult.Connected connected) {
            return connected.session();
        }
        throw new AssertionError("not connected: " + result);
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(15, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no result: " + e, e);
        }
    }

    static TransactionResult send(SmtpSession session, Transaction transaction) {
        return get(session.send(transaction));
    }

    static TransactionResult send(SmtpSession session, String... to) {
        return send(session, message("Subject: hello\r\n\r\nHello.\r\n", to));
    }

    static Transaction message(String content, String... to) {
        return message(content.getBytes(StandardCharsets.UTF_8), to);
    }

    static Transaction message(byte[] content, String... to) {
        List<Recipient> recipients = Arrays.stream(to)
                .map(a -> new Recipient(EmailAddress.parse(a), ReversePath.parse("sender@example.test")))
                .toList();
        return new Transaction(
                ReversePath.parse("sender@example.test"), recipients, content, false, false, Optional.empty(), false);
    }

    @Override
    public void close() {
        connector.close();
        callbacks.shutdownNow();
    }
}
