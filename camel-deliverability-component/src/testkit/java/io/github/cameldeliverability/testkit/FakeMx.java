package io.github.cameldeliverability.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An SMTP server on a loopback address that records what it accepts and can be told to behave in any way a real one does,
 * well or badly. Thread-safe; running from {@link #start} or {@code Builder.build()} until {@link #close()}.
 *
 * <pre>{@code
 * try (FakeMx mx = FakeMx.builder()
 *         .greylist(Duration.ofMinutes(5))
 *         .rejectRecipients(a -> a.startsWith("nobody@"), "550 5.1.1 no such user")
 *         .build()) {
 *     // deliver to mx.address() and mx.port()
 *     assertThat(mx.messages()).hasSize(1);
 * }
 * }</pre>
 *
 * <p>It is strict where a real server may be: parameters of extensions that were not offered are refused, as are commands
 * out of order and commands sent ahead without PIPELINING.
 */
public final class FakeMx implements AutoCloseable {

    private final FakeMxBuilder script;
    private final ServerSocket server;
    private final ExecutorService threads;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong acceptedRecipients = new AtomicLong();
    private final ArrayDeque<ReceivedMessage> messages = new ArrayDeque<>();
    private final ArrayDeque<String> commands = new ArrayDeque<>();
    private final Map<String, Instant> greylist = new HashMap<>();
    private final ArrayDeque<Instant> recentMessages = new ArrayDeque<>();

    FakeMx(FakeMxBuilder script) {
        this.script = script;
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            if (script.receiveBuffer > 0) {
                server.setReceiveBufferSize(script.receiveBuffer);
            }
            server.bind(new InetSocketAddress(script.address, script.port), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + script.address + ":" + script.port, e);
        }
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake-mx-" + server.getLocalPort());
            thread.setDaemon(true);
            return thread;
        });
        threads.execute(this::accept);
    }

    /** A well-behaved server on 127.0.0.1 and a free port. */
    public static FakeMx start() {
        return builder().build();
    }

    public static FakeMxBuilder builder() {
        return new FakeMxBuilder();
    }

    public InetAddress address() {
        return server.getInetAddress();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The name in its greeting. */
    public String name() {
        return script.name;
    }

    /** What was accepted and kept, oldest first; see {@link FakeMxBuilder#keep}. */
    public List<ReceivedMessage> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    /** How many messages were accepted, kept or not. */
    public long accepted() {
        return accepted.get();
    }

    /** How many recipients the accepted messages had. */
    public long acceptedRecipients() {
        return acceptedRecipients.get();
    }

    /** How many connections were made, refused ones included. */
    public int connections() {
        return connections.get();
    }

    /** How many connections are open now. */
    public int openConnections() {
        return open.size();
    }

    /** The command lines of all connections in the order of their arrival, as many as are kept. */
    public List<String> commands() {
        synchronized (commands) {
            return List.copyOf(commands);
        }
    }

    /** Forgets the recorded messages and commands; counters stay. */
    public void forget() {
        synchronized (messages) {
            messages.clear();
        }
        synchronized (commands) {
            commands.clear();
        }
    }

    /**
     * Blocking: waits until that many messages were accepted.
     *
     * @return whether they came in time
     */
    public boolean awaitAccepted(long count, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (messages) {
            while (accepted.get() < count) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(messages, left);
            }
        }
        return true;
    }

    /** Closes all connections and stops listening. */
    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.forEach(FakeMx::closeQuietly);
            threads.shutdownNow();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                threads.execute(() -> serve(socket, number));
            } catch (IOException ignored) {
                // Closed, or out of descriptors; the loop's condition tells which.
            }
        }
    }

    private void serve(Socket socket, int number) {
        try {
            socket.setTcpNoDelay(true);
            new FakeMxSession(this, script, socket, number).run();
        } catch (IOException ignored) {
            // The client has gone, or this server was closed.
        } finally {
            open.remove(socket);
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }

    void record(ReceivedMessage message) {
        synchronized (messages) {
            if (script.keep > 0) {
                if (messages.size() == script.keep) {
                    messages.removeFirst();
                }
                messages.add(message);
            }
            acceptedRecipients.addAndGet(message.recipients().size());
            accepted.incrementAndGet();
            messages.notifyAll();
        }
        script.listeners.forEach(listener -> listener.accept(message));
    }

    void record(String command) {
        synchronized (commands) {
            if (script.keep > 0) {
                if (commands.size() == script.keep) {
                    commands.removeFirst();
                }
                commands.add(command);
            }
        }
    }

    /** Waits in real time, or until the server is closed. */
    void pause(Duration time) throws IOException {
        try {
            if (closed.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("closed", e);
        }
    }

    boolean isGreylisted(String client, String from, String to) {
        if (script.greylist.isZero()) {
            return false;
        }
        Instant now = script.clock.instant();
        synchronized (greylist) {
            Instant first = greylist.computeIfAbsent(client + " " + from + " " + to, key -> now);
            return now.isBefore(first.plus(script.greylist));
        }
    }

    /** Whether one message more is over the hidden rate; counts it if it is not. */
    boolean isOverRate() {
        if (script.rate <= 0) {
            return false;
        }
        Instant now = script.clock.instant();
        synchronized (recentMessages) {
            while (!recentMessages.isEmpty() && !recentMessages.peekFirst().isAfter(now.minus(script.ratePeriod))) {
                recentMessages.removeFirst();
            }
            if (recentMessages.size() >= script.rate) {
                return true;
            }
            recentMessages.add(now);
            return false;
        }
    }

    boolean isOverConnections() {
        return script.maxConnections > 0 && open.size() > script.maxConnections;
    }

    List<String> ehloLines() {
        List<String> lines = new ArrayList<>();
        lines.add(script.name);
        script.extensions.forEach(
                (keyword, parameters) -> lines.add(parameters.isEmpty() ? keyword : keyword + " " + parameters));
        return lines;
    }
}
