package io.github.cameldeliverability.crm.stub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A server that stands in for a CRM: a handler answers, a trap may answer first, a limit refuses what comes too fast, a
 * latency delays answers. It keeps every request.
 */
public final class StubServer implements AutoCloseable {

    /** What answers. Null: the next one answers. */
    public interface Handler extends Function<StubRequest, StubReply> {}

    private final HttpServer server;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4, task -> {
        Thread t = new Thread(task, "stub");
        t.setDaemon(true);
        return t;
    });
    private final List<StubRequest> requests = new CopyOnWriteArrayList<>();
    private final Deque<Long> window = new ArrayDeque<>();
    private final Handler handler;

    private volatile Handler trap = r -> null;
    private volatile Duration latency = Duration.ZERO;
    private volatile int limit;
    private volatile Duration period = Duration.ofSeconds(1);
    private volatile Supplier<StubReply> refusal = () -> StubReply.of(429, "{}");
    private int refused;

    public StubServer(Handler handler) {
        this.handler = handler;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Answers before the handler, until it is replaced. */
    public StubServer trap(Handler newTrap) {
        this.trap = newTrap;
        return this;
    }

    /** Answers so many requests in a period and refuses the others. */
    public StubServer limit(int calls, Duration newPeriod, Supplier<StubReply> newRefusal) {
        this.limit = calls;
        this.period = newPeriod;
        this.refusal = newRefusal;
        return this;
    }

    public StubServer latency(Duration newLatency) {
        this.latency = newLatency;
        return this;
    }

    /** All requests, in the order of their coming. */
    public List<StubRequest> requests() {
        return List.copyOf(requests);
    }

    /** The requests of a method whose path contains a text. */
    public List<StubRequest> requests(String method, String path) {
        return requests.stream()
                .filter(r -> r.method().equals(method) && r.path().contains(path))
                .toList();
    }

    public synchronized int refused() {
        return refused;
    }

    public void forget() {
        requests.clear();
    }

    private void take(HttpExchange x) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        x.getRequestHeaders().forEach((k, v) -> headers.put(k, v.get(0)));
        StubRequest r = new StubRequest(
                x.getRequestMethod(),
                x.getRequestURI().getRawPath(),
                x.getRequestURI().getRawQuery() == null ? "" : x.getRequestURI().getRawQuery(),
                headers,
                new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        requests.add(r);
        StubReply reply;
        if (isTooFast()) {
            reply = refusal.get();
        } else {
            try {
                reply = trap.apply(r);
                if (reply == null) {
                    reply = handler.apply(r);
                }
            } catch (RuntimeException e) {
                reply = StubReply.of(500, "the stub failed: " + e);
            }
        }
        StubReply answer = reply == null ? StubReply.of(404, "{\"message\":\"no such path\"}") : reply;
        // What goes wrong with the answer is told where it goes wrong.
        Future<?> sent = threads.schedule(() -> send(x, answer), latency.toMillis(), TimeUnit.MILLISECONDS);
        assert sent != null;
    }

    private synchronized boolean isTooFast() {
        if (limit == 0) {
            return false;
        }
        long now = System.nanoTime();
        while (!window.isEmpty() && now - window.peekFirst() > period.toNanos()) {
            window.pollFirst();
        }
        if (window.size() >= limit) {
            refused++;
            return true;
        }
        window.addLast(now);
        return false;
    }

    private static void send(HttpExchange x, StubReply reply) {
        try (x) {
            if (reply.status() == 0) {
                // Gone without an answer.
                return;
            }
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers().forEach(x.getResponseHeaders()::set);
            if (!reply.headers().containsKey("Content-Type")) {
                x.getResponseHeaders().set("Content-Type", "application/json");
            }
            x.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                try (OutputStream out = x.getResponseBody()) {
                    out.write(body);
                }
            }
        } catch (IOException e) {
            // The caller is gone; what it missed is its affair.
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
