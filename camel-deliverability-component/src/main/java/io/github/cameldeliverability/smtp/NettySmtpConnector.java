package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpConnector;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens SMTP sessions on Netty. Owns its network threads; {@link #close()} ends them and every session. Thread-safe.
 *
 * <p>All stages complete on the executor that the constructor takes, never on a network thread.
 */
public final class NettySmtpConnector implements SmtpConnector, AutoCloseable {

    /** How long {@link #close()} may take. */
    private static final long CLOSE_SECONDS = 3;

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final SmtpClientOptions options;
    private final Executor executor;
    private final Callbacks callbacks;
    private final TlsContexts contexts;
    private final Transport transport;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Map<Long, CompletableFuture<ConnectResult>> pending = new ConcurrentHashMap<>();
    private final AtomicLong connects = new AtomicLong();
    private volatile boolean closed;

    /**
     * @param callbacks runs whatever callers attach to the stages, the transcript listener and the arithmetic of TLS
     *     handshakes; it must not run tasks on the thread that hands them in
     */
    public NettySmtpConnector(SmtpClientOptions options, Executor callbacks) {
        this(options, callbacks, Transport.best(options.ioThreads(), options.threadFactory()));
    }

    NettySmtpConnector(SmtpClientOptions options, Executor callbacks, Transport transport) {
        this.options = Objects.requireNonNull(options, "options");
        this.executor = Objects.requireNonNull(callbacks, "callbacks");
        this.callbacks = new Callbacks(callbacks);
        this.contexts = new TlsContexts(options.verifyContext(), executor);
        this.transport = transport;
    }

    @Override
    public CompletionStage<ConnectResult> connect(Target target) {
        CompletableFuture<ConnectResult> future = new CompletableFuture<>();
        String peer = target.hostName() + " [" + target.address().getHostAddress() + "]:" + target.port();
        if (!isName(target.ehloName())) {
            // RFC 5321 4.1.1.1: anything else could end the command line.
            fail(future, SmtpPhase.EHLO, "4.3.5", "our EHLO name is no domain name or address literal");
            return future;
        }
        Long number = connects.incrementAndGet();
        pending.put(number, future);
        var unused = future.whenComplete((result, fault) -> pending.remove(number));
        open(target, peer, true, future);
        return future;
    }

    private void open(Target target, String peer, boolean ehlo, CompletableFuture<ConnectResult> future) {
        if (closed) {
            failClosed(future);
            return;
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(transport.loops())
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis(target))
                // A server that refuses the content says so and hangs up; closing on our failed write would lose its
                // words.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(new Initializer(target, peer, ehlo, future));
        try {
            SocketAddress remote = new InetSocketAddress(target.address(), target.port());
            ChannelFuture connecting = target.localAddress()
                    .<ChannelFuture>map(local -> bootstrap.connect(remote, new InetSocketAddress(local, 0)))
                    .orElseGet(() -> bootstrap.connect(remote));
            connecting.addListener(done -> {
                if (!done.isSuccess()) {
                    String from = target.localAddress()
                            .map(local -> " from " + local.getHostAddress())
                            .orElse("");
                    // RFC 3463 3.4: x.3.5 system incorrectly configured. We have no such address, or no port is left.
                    boolean ours = transport.isOurFault().test(done.cause())
                            && target.localAddress().isPresent();
                    fail(
                            future,
                            SmtpPhase.CONNECT,
                            ours ? "4.3.5" : "4.4.1",
                            "cannot connect to " + peer + from + ": " + Conversation.describe(done.cause()));
                }
            });
        } catch (RejectedExecutionException | IllegalStateException e) {
            failClosed(future);
        }
    }

    private void failClosed(CompletableFuture<ConnectResult> future) {
        fail(future, SmtpPhase.CONNECT, "4.3.2", "the SMTP connector is closed");
    }

    private void fail(CompletableFuture<ConnectResult> future, SmtpPhase phase, String enhanced, String text) {
        callbacks.complete(future, new ConnectResult.Failed(SmtpReply.synthetic(421, enhanced, text), phase, false));
    }

    private static int connectMillis(Target target) {
        return (int) Math.max(
                1, Math.min(Integer.MAX_VALUE, target.timeouts().connect().toMillis()));
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** Sets a new channel up, before it is connected. */
    private final class Initializer extends ChannelInitializer<SocketChannel> {
        private final Target target;
        private final String peer;
        private final boolean ehlo;
        private final CompletableFuture<ConnectResult> future;

        Initializer(Target target, String peer, boolean ehlo, CompletableFuture<ConnectResult> future) {
            this.target = target;
            this.peer = peer;
            this.ehlo = ehlo;
            this.future = future;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channels.add(channel);
            Transcript transcript = new Transcript(options.transcript(), peer, executor);
            Conversation conversation = new Conversation(channel, peer, transcript);
            channel.pipeline().addLast(conversation);
            Opening opening = new Opening(
                    conversation,
                    transcript,
                    target,
                    contexts,
                    (talk, extensions, tls) -> new NettySmtpSession(
                            talk,
                            transcript,
                            extensions,
                            tls,
                            tls.isPresent() && target.tls() == TlsPolicy.VERIFY,
                            target.speaks(Smarthost.Protocol.LMTP),
                            target.timeouts(),
                            options,
                            callbacks),
                    result -> callbacks.complete(future, result),
                    ehlo,
                    () -> open(target, peer, false, future));
            opening.begin();
        }
    }

    /** Blocking: aborts all sessions and ends the network threads, within a few seconds. */
    @Override
    public void close() {
        closed = true;
        channels.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        transport
                .loops()
                .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        // Connects that came between find loops that take no more tasks, not even the news of it.
        pending.values().forEach(this::failClosed);
    }
}
