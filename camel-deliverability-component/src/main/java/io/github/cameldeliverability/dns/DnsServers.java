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
        Record question = Record.newRecord(name, type, DClass.IN);
        int first = preferred.get();
        List<Integer> plan = new ArrayList<>();
        for (int i = 0; i < servers.size() * tries; i++) {
            plan.add((first + i) % servers.size());
        }
        attempt(question, plan, "no DNS server is configured", result);
        return result;
    }

    /** @param plan indices of the servers still to be asked, in order */
    private void attempt(Record question, List<Integer> plan, String problem, CompletableFuture<Message> result) {
        if (plan.isEmpty()) {
            result.completeExceptionally(new LookupFailedException(problem));
            return;
        }
        int index = plan.get(0);
        SimpleResolver server = servers.get(index);
        send(server, question)
                .handleAsync(
                        (response, error) -> {
                            if (error != null) {
                                List<Integer> rest = plan.subList(1, plan.size());
                                attempt(question, rest, server.getAddress() + ": " + text(error), result);
                            } else if (isAnswer(response)) {
                                preferred.set(index);
                                result.complete(response);
                            } else {
                                // Asking the same server again would get the same answer.
                                List<Integer> others =
                                        plan.stream().filter(i -> i != index).toList();
                                attempt(question, others, server.getAddress() + ": " + rcode(response), result);
                            }
                            return null;
                        },
                        executor)
                .exceptionally(e -> {
                    // The executor is shut down, or one of us is broken: the lookup still ends.
                    result.completeExceptionally(e);
                    return null;
                });
    }

    private CompletableFuture<Message> send(SimpleResolver server, Record question) {
        Message query = Message.newQuery(question);
        // RFC 6840 5.7: asks the server to tell whether it validated the answer.
        query.getHeader().setFlag(Flags.AD);
        try {
            return server.sendAsync(query, executor)
                    .toCompletableFuture()
                    .orTimeout(guard.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
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
