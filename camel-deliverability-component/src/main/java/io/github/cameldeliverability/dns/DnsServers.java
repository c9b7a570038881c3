package io.github.cameldeliverability.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/** Sends a question to one server after the other until one answers. */
final class DnsServers {

    private static final int DEFAULT_PORT = 53;

    private final List<SimpleResolver> servers;
    private final int tries;
    private final Duration guard;
    private final Executor executor;

    /** The server that answered last: a dead first server must not cost a timeout each time. */
    private final AtomicInteger preferred = new AtomicInteger();

    DnsServers(List<String> servers, DnsOptions options, Executor executor) {
        List<InetSocketAddress> addresses = servers.isEmpty()
                ? ResolverConfig.getCurrentConfig().servers()
                : servers.stream().map(DnsServers::address).toList();
        this.servers = addresses.stream()
                .map(address -> resolver(address, options.timeout()))
                .toList();
        this.tries = options.tries();
        // A lookup must end even if dnsjava's selector loses it under load; a truncated answer takes two timeouts.
        this.guard = options.timeout().multipliedBy(2).plusSeconds(1);
        this.executor = executor;
    }

    /** Completes with an answer (NOERROR or NXDOMAIN), or exceptionally with a text for people. */
    CompletableFuture<Message> ask(Name name, int type) {
        CompletableFuture<Message> result = new CompletableFuture<>();
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        // RFC 6840 5.7: asks the server to tell whether it validated the answer.
        query.getHeader().setFlag(Flags.AD);
        List<Integer> order = new ArrayList<>();
        int first = preferred.get();
        for (int i = 0; i < servers.size(); i++) {
            order.add((first + i) % servers.size());
        }
        attempt(query, order, 0, "no DNS server is configured", result);
        return result;
    }

    private void attempt(
            Message query, List<Integer> order, int n, String lastProblem, CompletableFuture<Message> result) {
        if (n >= order.size() * tries || order.isEmpty()) {
            result.completeExceptionally(new LookupFailedException(lastProblem));
            return;
        }
        int index = order.get(n % order.size());
        SimpleResolver server = servers.get(index);
        CompletableFuture<Message> sent;
        try {
            sent = server.sendAsync(query.clone(), executor)
                    .toCompletableFuture()
                    .orTimeout(guard.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedFuture(e);
        }
        sent.whenCompleteAsync(
                        (response, error) -> {
                            if (error != null) {
                                attempt(query, order, n + 1, server.getAddress() + ": " + text(error), result);
                            } else if (isAnswer(response)) {
                                preferred.set(index);
                                result.complete(response);
                            } else {
                                // Asking the same server again would get the same answer.
                                List<Integer> others = new ArrayList<>(order);
                                others.remove(Integer.valueOf(index));
                                int next =
                                        order.size() == 1 ? 0 : n % order.size() + (n / order.size()) * others.size();
                                attempt(query, others, next, server.getAddress() + ": " + rcode(response), result);
                            }
                        },
                        executor)
                .exceptionally(e -> {
                    // The executor is shut down, or one of us is broken: the lookup still ends.
                    result.completeExceptionally(e);
                    return null;
                });
    }

    private static boolean isAnswer(Message response) {
        int rcode = response.getRcode();
        return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
    }

    private static String rcode(Message response) {
        return Rcode.string(response.getRcode());
    }

    private static String text(Throwable error) {
        Throwable e = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (e instanceof java.util.concurrent.TimeoutException) {
            return "timeout";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static SimpleResolver resolver(InetSocketAddress address, Duration timeout) {
        SimpleResolver resolver = new SimpleResolver(address);
        resolver.setTimeout(timeout);
        return resolver;
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:5353}, {@code [2001:db8::1]:53}, {@code 2001:db8::1}. */
    static InetSocketAddress address(String server) {
        String host = server.strip();
        int port = DEFAULT_PORT;
        int colon = host.lastIndexOf(':');
        boolean bare6 = host.indexOf(':') != colon && !host.startsWith("[");
        if (colon >= 0 && !bare6 && !host.endsWith("]")) {
            port = port(host.substring(colon + 1), server);
            host = host.substring(0, colon);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            // A literal is not looked up; a name is, once, at the start, by the system's resolver.
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("DNS server \"" + server + "\" cannot be found; wanted HOST:PORT", e);
        }
    }

    private static int port(String digits, String server) {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("DNS server \"" + server + "\" has no valid port; wanted HOST:PORT", e);
        }
        throw new IllegalArgumentException("DNS server \"" + server + "\" has no valid port; wanted HOST:PORT");
    }

    /** No server gave an answer; the message is fit for a log and a reply text. */
    static final class LookupFailedException extends Exception {

        private static final long serialVersionUID = 1L;

        LookupFailedException(String message) {
            super(message);
        }
    }
}
