package io.github.cameldeliverability.crm.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.format.Call;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Rule;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Auth;
import io.github.cameldeliverability.crm.format.Template;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes the calls of one sink: through the {@link Gate}, with credentials, and says what the answer means. Never throws for
 * what a remote side does. Thread-safe.
 */
public final class Transport {

    private static final int MAX_BODY = 16 << 20;
    private static final int TRIES = 4;

    private final SystemDescription system;
    private final Scope settings;
    private final HttpClient client;
    private final Gate gate;
    private final Clock clock;
    private final Duration timeout;
    private final Mask mask;
    private final Credentials credentials;
    private final String base;

    public Transport(
            SystemDescription system,
            Scope settings,
            HttpClient client,
            Gate gate,
            Clock clock,
            Duration timeout,
            Mask mask,
            TokenStore tokens) {
        this.system = system;
        this.settings = settings;
        this.client = client;
        this.gate = gate;
        this.clock = clock;
        this.timeout = timeout;
        this.mask = mask;
        this.base = Template.render(system.base(), settings).replaceFirst("/+$", "");
        Auth auth = system.auth();
        this.credentials = new Credentials(
                auth,
                settings,
                auth.type() == Auth.Type.OAUTH2
                        ? new AccessToken(auth, base, settings, tokens, clock, c -> send(c, List.of(), false))
                        : null,
                auth.type() == Auth.Type.SIGV4
                        ? new SigV4(
                                Template.render(auth.user(), settings),
                                Template.render(auth.password(), settings),
                                Template.render(auth.service(), settings),
                                clock)
                        : null);
    }

    /** A client as the transport wants it: no redirects (they would carry the key to somebody else), HTTP/1.1 or 2. */
    public static HttpClient newClient(Duration timeout) {
        return HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Blocking: makes a call; the rules come before those of the system and of HTTP. */
    public Answer call(Call call, Scope scope, List<Rule> rules) throws InterruptedException {
        return send(prepare(call, scope), rules, true);
    }

    /** The request that {@link #call} would make, without credentials. */
    public HttpCall prepare(Call call, Scope scope) {
        return HttpCall.of(call, base, system.headers(), scope);
    }

    /** A request as text for people, without secrets. */
    public String show(HttpCall call) {
        StringBuilder b = new StringBuilder(call.toString());
        call.headers().forEach((k, v) -> b.append("\n  ").append(k).append(": ").append(v));
        if (call.form() != null) {
            b.append("\n  ").append(HttpCall.encode(call.form()));
        } else if (call.json() != null) {
            b.append("\n  ").append(call.json());
        }
        return mask.of(b.toString());
    }

    private Answer send(HttpCall call, List<Rule> rules, boolean proven) throws InterruptedException {
        boolean renewed = false;
        Answer answer = null;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Credentials.Proven full = new Credentials.Proven(call, "");
            if (proven) {
                try {
                    full = credentials.prove(call);
                } catch (CallFailed e) {
                    return e.answer()
                            .ruled(
                                    e.answer().outcome(),
                                    mask.of(e.getMessage()),
                                    e.answer().after());
                }
            }
            Optional<Duration> away = gate.enter();
            if (away.isPresent()) {
                return answer != null
                        ? answer.ruled(answer.outcome(), answer.reason(), away)
                        : Answer.none(Outcome.THROTTLED, "the system asked for quiet", away, false);
            }
            try {
                answer = rule(exchange(full.call()), rules);
            } finally {
                gate.leave();
            }
            if (answer.outcome() == Outcome.RENEW) {
                if (!proven || renewed || !credentials.canRenew()) {
                    return answer.ruled(Outcome.STOP, answer.reason(), Optional.empty());
                }
                renewed = true;
                credentials.renew(full.token());
            } else if (answer.outcome() == Outcome.THROTTLED) {
                Duration quiet = gate.refused(answer.after());
                answer = answer.ruled(answer.outcome(), answer.reason(), Optional.of(quiet));
            } else {
                if (answer.isOk()) {
                    gate.passed();
                }
                Quotas.look(system.throttle().quota(), answer, clock).ifPresent(gate::quiet);
                return answer;
            }
        }
        return answer;
    }

    private Answer exchange(HttpCall call) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.toUri()).timeout(timeout);
        byte[] body = call.body();
        request.method(
                call.method(),
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        call.headers().forEach(request::header);
        if (!call.contentType().isEmpty()) {
            request.setHeader("Content-Type", call.contentType());
        }
        if (!call.headers().containsKey("Accept")) {
            request.header("Accept", "application/json");
        }
        CompletableFuture<HttpResponse<byte[]>> future =
                client.sendAsync(request.build(), info -> new LimitedBody(MAX_BODY));
        try {
            // The client's own timeout ends with the header fields; a body may drip for ever.
            HttpResponse<byte[]> r = future.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            Map<String, String> headers = new TreeMap<>();
            r.headers().map().forEach((k, v) -> headers.put(k.toLowerCase(Locale.ROOT), v.get(0)));
            return Answer.raw(r.statusCode(), headers, r.body());
        } catch (TimeoutException e) {
            future.cancel(true);
            return noAnswer("no answer within " + timeout.toSeconds() + " s", true);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            return noAnswer(
                    call.method() + " " + call.toUri().getHost() + ": " + text,
                    !(cause instanceof ConnectException) && cause instanceof IOException);
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        }
    }

    private Answer noAnswer(String reason, boolean written) {
        return Answer.none(Outcome.RETRY, mask.of(reason), Optional.empty(), written);
    }

    private Answer rule(Answer answer, List<Rule> rules) {
        if (answer.status() == 0) {
            return answer;
        }
        ObjectNode headers = JsonNodeFactory.instance.objectNode();
        answer.headers().forEach(headers::put);
        Scope scope = settings.with("answer", answer.json()).with("headers", headers);
        for (List<Rule> list : List.of(rules, system.answers())) {
            for (Rule r : list) {
                if (r.holds(answer.status(), answer.text(), answer.json(), scope)) {
                    String reason = r.then() == Outcome.DONE
                            ? ""
                            : r.reason() == null ? usual(answer) : Template.render(r.reason(), scope);
                    return answer.ruled(r.then(), mask.of(reason), Waits.of(answer, r.after(), scope, clock));
                }
            }
        }
        Outcome outcome = HttpMeaning.of(answer);
        return answer.ruled(
                outcome, outcome == Outcome.DONE ? "" : mask.of(usual(answer)), Waits.of(answer, null, scope, clock));
    }

    private static String usual(Answer answer) {
        return (answer.status() + " " + answer.excerpt()).strip();
    }
}
