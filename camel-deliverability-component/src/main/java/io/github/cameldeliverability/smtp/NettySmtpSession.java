package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpTimeouts;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A session that carries transactions until its server, its idle timeout or its owner ends it. Thread-safe. */
final class NettySmtpSession implements SmtpSession {

    private final Conversation conversation;
    private final Transcript transcript;
    private final Extensions extensions;
    private final Optional<String> tls;
    private final boolean verifiedTls;
    private final boolean lmtp;
    private final SmtpTimeouts timeouts;
    private final SmtpClientOptions options;
    private final Callbacks callbacks;
    private final long mailMax;

    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile int transactions;
    private volatile boolean leaving;
    // On the event loop:
    private boolean resetFirst;
    private ScheduledFuture<?> idle;

    NettySmtpSession(
            Conversation conversation,
            Transcript transcript,
            Extensions extensions,
            Optional<String> tls,
            boolean verifiedTls,
            boolean lmtp,
            SmtpTimeouts timeouts,
            SmtpClientOptions options,
            Callbacks callbacks) {
        this.conversation = conversation;
        this.transcript = transcript;
        this.extensions = extensions;
        this.tls = tls;
        this.verifiedTls = verifiedTls;
        this.lmtp = lmtp;
        this.timeouts = timeouts;
        this.options = options;
        this.callbacks = callbacks;
        this.mailMax = extensions.limit("MAILMAX").orElse(Long.MAX_VALUE);
        conversation.channel().closeFuture().addListener(done -> stopIdleTimer());
        startIdleTimer();
    }

    @Override
    public CompletionStage<TransactionResult> send(Transaction transaction) {
        CompletableFuture<TransactionResult> future = new CompletableFuture<>();
        if (!busy.compareAndSet(false, true)) {
            callbacks.complete(
                    future, failed(transaction, "the session is in the middle of another transaction", false));
            return future;
        }
        TransactionPlan plan = TransactionPlan.of(
                transaction, extensions, verifiedTls, options.eightBit() == SmtpClientOptions.EightBit.REFUSE);
        if (plan.rcpts().isEmpty()) {
            List<RecipientResult> refused =
                    plan.refused().stream().map(Optional::orElseThrow).toList();
            busy.set(false);
            callbacks.complete(future, new TransactionResult(refused, false));
            return future;
        }
        try {
            conversation.channel().eventLoop().execute(() -> begin(transaction, plan, future));
        } catch (RejectedExecutionException e) {
            callbacks.complete(future, failed(transaction, "the connector is closed", true));
        }
        return future;
    }

    private void begin(Transaction transaction, TransactionPlan plan, CompletableFuture<TransactionResult> future) {
        stopIdleTimer();
        // RFC 9422 3.1: one MAIL more and the server may refuse it or hang up.
        if (leaving || transactions >= mailMax) {
            busy.set(false);
            callbacks.complete(
                    future, failed(transaction, "the session with " + conversation.peer() + " has ended", true));
            return;
        }
        int earlier = transactions;
        transactions = earlier + 1;
        TransactionRun.Manner manner = new TransactionRun.Manner(
                options.pipelining() && extensions.has(Extensions.PIPELINING),
                options.chunking() && extensions.has(Extensions.CHUNKING),
                resetFirst,
                earlier > 0,
                lmtp);
        new TransactionRun(
                        conversation,
                        plan,
                        transaction.content(),
                        timeouts,
                        manner,
                        transcript,
                        (result, stillOpen) -> {
                            resetFirst = stillOpen;
                            startIdleTimer();
                            busy.set(false);
                            callbacks.complete(future, result);
                        })
                .start();
    }

    private static TransactionResult failed(Transaction transaction, String why, boolean replayable) {
        SmtpReply reply = SmtpReply.synthetic(421, "4.4.2", why);
        List<RecipientResult> results = new ArrayList<>();
        transaction.recipients().forEach(r -> results.add(new RecipientResult(Kind.FAILED, SmtpPhase.MAIL, reply)));
        return new TransactionResult(results, replayable);
    }

    @Override
    public boolean isOpen() {
        return !leaving
                && conversation.down().isEmpty()
                && conversation.channel().isActive()
                && transactions < mailMax;
    }

    @Override
    public int transactions() {
        return transactions;
    }

    @Override
    public Features features() {
        return extensions.features();
    }

    @Override
    public Optional<String> tls() {
        return tls;
    }

    @Override
    public String peer() {
        return conversation.peer();
    }

    @Override
    public CompletionStage<Void> quit() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        leaving = true;
        conversation.channel().closeFuture().addListener(done -> callbacks.complete(closed, null));
        onLoop(() -> {
            stopIdleTimer();
            if (busy.get()) {
                conversation.breakDown(ours("the session was closed in the middle of a transaction"));
            } else {
                // RFC 5321 4.1.1.10: the reply is waited for, though not for ever.
                conversation.say(
                        "QUIT",
                        new Step(
                                SmtpPhase.QUIT,
                                timeouts.quit(),
                                reply -> conversation.breakDown(ours("the session was closed by QUIT")),
                                breakdown -> {}));
            }
        });
        return closed;
    }

    @Override
    public void abort() {
        leaving = true;
        onLoop(() -> conversation.breakDown(ours("the session was aborted")));
    }

    private void onLoop(Runnable task) {
        try {
            conversation.channel().eventLoop().execute(task);
        } catch (RejectedExecutionException ignored) {
            // The connector is closed, and so are all its channels.
        }
    }

    private Breakdown ours(String why) {
        return Breakdown.of(Breakdown.Kind.OURS, SmtpPhase.MAIL, "4.4.2", why);
    }

    private void startIdleTimer() {
        if (conversation.down().isEmpty()) {
            idle = conversation
                    .channel()
                    .eventLoop()
                    .schedule(
                            () -> conversation.leave(ours("the session with " + conversation.peer() + " was idle for "
                                    + Conversation.shown(options.idleTimeout()))),
                            options.idleTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void stopIdleTimer() {
        if (idle != null) {
            idle.cancel(false);
            idle = null;
        }
    }
}
