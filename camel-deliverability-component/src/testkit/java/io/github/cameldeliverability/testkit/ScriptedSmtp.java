package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpConnector;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.Transaction;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Mail servers in memory: an {@link SmtpConnector} that answers as it was told, without a network. Keeps what was sent.
 *
 * <p>By default every host takes everything at once. Thread-safe.
 */
public final class ScriptedSmtp implements SmtpConnector {

    private static final SmtpReply OK = SmtpReply.parse("250 2.0.0 taken").orElseThrow();

    private final Map<String, Function<Target, ConnectResult.Failed>> doors = new ConcurrentHashMap<>();
    private final Map<String, Function<Sent, TransactionResult>> rules = new ConcurrentHashMap<>();
    private final List<Target> connects = new CopyOnWriteArrayList<>();
    private final List<Target> peers = new CopyOnWriteArrayList<>();
    private final List<Sent> transactions = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile boolean holding;

    /**
     * One transaction as it arrived.
     *
     * @param host the host's name
     * @param session counts the sessions from 1
     */
    public record Sent(String host, int session, Transaction transaction) {
        public List<EmailAddress> recipients() {
            return transaction.recipients().stream().map(r -> r.address()).toList();
        }

        public ReversePath from() {
            return transaction.from();
        }
    }

    /** What a host does with connections: null lets them in. */
    public ScriptedSmtp door(String host, Function<Target, ConnectResult.Failed> door) {
        doors.put(host, door);
        return this;
    }

    /** Connections to the host fail in the network. */
    public ScriptedSmtp unreachable(String host) {
        return door(
                host,
                t -> new ConnectResult.Failed(
                        SmtpReply.synthetic(421, "4.4.1", "connection timed out"), SmtpPhase.CONNECT, false));
    }

    /** The host answers every connection with this greeting. */
    public ScriptedSmtp greeting(String host, String reply) {
        return door(
                host, t -> new ConnectResult.Failed(SmtpReply.parse(reply).orElseThrow(), SmtpPhase.GREETING, false));
    }

    /** The host lets everybody in again. */
    public ScriptedSmtp opens(String host) {
        doors.remove(host);
        return this;
    }

    /** What a host does with a transaction; null takes it. */
    public ScriptedSmtp transactions(String host, Function<Sent, TransactionResult> rule) {
        rules.put(host, rule);
        return this;
    }

    /** The host's reply to RCPT, by recipient; null takes it. */
    public ScriptedSmtp recipients(String host, Function<EmailAddress, String> reply) {
        return transactions(host, sent -> {
            List<RecipientResult> results = new ArrayList<>();
            for (EmailAddress a : sent.recipients()) {
                String text = reply.apply(a);
                results.add(text == null ? accepted() : refused(SmtpPhase.RCPT, text));
            }
            return new TransactionResult(results, false);
        });
    }

    /** From now on transactions are not answered until {@link #letGo}. */
    public void hold() {
        holding = true;
    }

    /** Answers what was held back, and everything from now on. */
    public void letGo() {
        holding = false;
        answerHeld();
    }

    /** Answers what was held back; what comes now is held back again. */
    public void answerHeld() {
        List<Runnable> all;
        synchronized (held) {
            all = List.copyOf(held);
            held.clear();
        }
        all.forEach(Runnable::run);
    }

    /** Every connection that was tried, in order. */
    public List<Target> connects() {
        return connects;
    }

    /** Where each session was opened to, by its number less one. */
    public List<Target> peers() {
        return peers;
    }

    /** Every transaction that was begun, in order. */
    public List<Sent> sent() {
        return transactions;
    }

    /** Sessions open now. */
    public int open() {
        return open.get();
    }

    /** Sessions that were open at the same time at most. */
    public int mostOpen() {
        return mostOpen.get();
    }

    public static RecipientResult accepted() {
        return new RecipientResult(Kind.ACCEPTED, SmtpPhase.DOT, OK);
    }

    public static RecipientResult refused(SmtpPhase phase, String reply) {
        return new RecipientResult(Kind.REFUSED, phase, SmtpReply.parse(reply).orElseThrow());
    }

    /** The same result for all recipients of a transaction. */
    public static TransactionResult all(Sent sent, RecipientResult result) {
        return new TransactionResult(
                java.util.Collections.nCopies(sent.recipients().size(), result), false);
    }

    @Override
    public CompletionStage<ConnectResult> connect(Target target) {
        connects.add(target);
        Function<Target, ConnectResult.Failed> door = doors.get(target.hostName());
        ConnectResult.Failed no = door == null ? null : door.apply(target);
        if (no != null) {
            return CompletableFuture.completedFuture(no);
        }
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        synchronized (peers) {
            peers.add(target);
            return CompletableFuture.completedFuture(new ConnectResult.Connected(new Session(target, peers.size())));
        }
    }

    private final class Session implements SmtpSession {
        private final Target target;
        private final int number;
        private volatile boolean up = true;
        private int begun;

        Session(Target target, int number) {
            this.target = target;
            this.number = number;
        }

        @Override
        public CompletionStage<TransactionResult> send(Transaction transaction) {
            begun++;
            Sent sent = new Sent(target.hostName(), number, transaction);
            transactions.add(sent);
            CompletableFuture<TransactionResult> result = new CompletableFuture<>();
            Runnable answer = () -> result.complete(answer(sent));
            if (holding) {
                synchronized (held) {
                    held.add(answer);
                }
            } else {
                answer.run();
            }
            return result;
        }

        private TransactionResult answer(Sent sent) {
            if (!up) {
                return all(
                        sent,
                        new RecipientResult(
                                Kind.FAILED, SmtpPhase.RCPT, SmtpReply.synthetic(421, "4.4.2", "connection lost")));
            }
            Function<Sent, TransactionResult> rule = rules.get(target.hostName());
            TransactionResult r = rule == null ? null : rule.apply(sent);
            TransactionResult answer = r == null ? all(sent, accepted()) : r;
            boolean lost = answer.replayable()
                    || answer.recipients().stream()
                            .anyMatch(x -> x.kind() == Kind.FAILED || x.kind() == Kind.UNCERTAIN);
            if (lost) {
                close();
            }
            return answer;
        }

        @Override
        public boolean isOpen() {
            return up;
        }

        @Override
        public int transactions() {
            return begun;
        }

        @Override
        public Features features() {
            return new Features(Set.of("PIPELINING", "8BITMIME"), OptionalLong.empty());
        }

        @Override
        public Optional<String> tls() {
            return Optional.empty();
        }

        @Override
        public String peer() {
            return target.hostName() + " [" + target.address().getHostAddress() + "]:" + target.port();
        }

        @Override
        public CompletionStage<Void> quit() {
            close();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void abort() {
            close();
        }

        private void close() {
            if (up) {
                up = false;
                open.decrementAndGet();
            }
        }
    }
}
