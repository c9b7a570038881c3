package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.MxResolver;
import io.github.cameldeliverability.mail.spi.MxResolver.AddressAnswer;
import io.github.cameldeliverability.mail.spi.MxResolver.MxAnswer;
import io.github.cameldeliverability.mail.spi.MxResolver.MxHost;
import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * From a recipient's domain to a destination. Belongs to the serial executor. Asks the resolver once for all recipients
 * of a domain that come in together, and remembers the answer for a moment.
 */
final class Routes {

    private static final int REMEMBERED = 10_000;
    private static final Duration AT_MOST = Duration.ofMinutes(5);
    private static final Duration FAILURE = Duration.ofSeconds(5);

    private final MxResolver resolver;
    private final Shaper shaper;
    private final Sources sources;
    private final NetworkWatch network;
    private final Clock clock;
    private final SerialExecutor actor;

    private final Map<String, Known> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Map<String, List<Consumer<Known>>> asked = new HashMap<>();

    Routes(
            MxResolver resolver,
            Shaper shaper,
            Sources sources,
            NetworkWatch network,
            Clock clock,
            SerialExecutor actor) {
        this.resolver = resolver;
        this.shaper = shaper;
        this.sources = sources;
        this.network = network;
        this.clock = clock;
        this.actor = actor;
    }

    /** Calls back on the serial executor, at once where the answer is known. */
    void find(StreamConfig stream, Item item, Consumer<Routing> then) {
        EmailAddress recipient = item.recipient().address();
        String message = item.job.message.queueId();
        // RFC 8689 4.2.1: REQUIRETLS asks for a server that is known to be the right one.
        boolean requireTls = item.job.message.requireTls();
        TlsPolicy tls = requireTls ? TlsPolicy.VERIFY : stream.tls();
        if (stream.smarthost().isPresent()) {
            Smarthost s = stream.smarthost().get();
            String provider = shaper.provider(s.host(), List.of(s.host()));
            to(stream, message, provider, List.of(new MxHost(s.host(), 0)), requireTls ? tls : s.tls(), then);
            return;
        }
        if (recipient.isAddressLiteral()) {
            // RFC 5321 4.1.3 and 5.1: an address literal is where to go, without a look at the DNS.
            String literal = recipient.domain();
            String provider = shaper.provider(literal, List.of(literal));
            to(stream, message, provider, List.of(new MxHost(literal, 0)), tls, then);
            return;
        }
        ask(recipient.asciiDomain(), k -> {
            if (k.answer instanceof MxAnswer.Hosts h) {
                to(stream, message, k.provider, h.hosts(), tls, then);
            } else {
                then.accept(nowhere(k, recipient.asciiDomain()));
            }
        });
    }

    private void ask(String domain, Consumer<Known> then) {
        Known k = known.get(domain);
        if (k != null && clock.instant().isBefore(k.until)) {
            then.accept(k);
            return;
        }
        List<Consumer<Known>> waiting = asked.get(domain);
        if (waiting != null) {
            waiting.add(then);
            return;
        }
        List<Consumer<Known>> first = new ArrayList<>();
        first.add(then);
        asked.put(domain, first);
        CompletionStage<MxAnswer> lookup = resolver.mx(domain);
        boolean fromMemory = lookup.toCompletableFuture().isDone();
        actor.when(lookup, (answer, error) -> {
            MxAnswer a = error == null ? answer : new MxAnswer.TemporaryFailure("resolver failed: " + error);
            if (a instanceof MxAnswer.TemporaryFailure f) {
                network.lookupFailed(domain, f.detail());
            } else if (!fromMemory) {
                network.lookupAnswered();
            }
            Known fresh = new Known(a, providerOf(domain, a), clock.instant().plus(keep(a)));
            known.put(domain, fresh);
            List<Consumer<Known>> all = asked.remove(domain);
            if (all != null) {
                all.forEach(c -> c.accept(fresh));
            }
        });
    }

    private String providerOf(String domain, MxAnswer answer) {
        return answer instanceof MxAnswer.Hosts h
                ? shaper.provider(domain, h.hosts().stream().map(MxHost::name).toList())
                : "";
    }

    private static Routing nowhere(Known k, String domain) {
        if (k.answer instanceof MxAnswer.NullMx) {
            // RFC 7505 3 and 4.1: a single MX "." means the domain takes no mail; 556 5.1.10 says so.
            return nowhere(556, "5.1.10", "domain " + domain + " takes no mail (null MX)", Reason.NOTACCEPT);
        }
        if (k.answer instanceof MxAnswer.NoSuchDomain) {
            return nowhere(550, "5.1.2", "domain " + domain + " does not exist", Reason.HOSTUNKNOWN);
        }
        if (k.answer instanceof MxAnswer.NoMailHost) {
            // RFC 5321 5.1: no MX and no address: the mail cannot be delivered.
            return nowhere(550, "5.4.4", "domain " + domain + " has no mail host", Reason.HOSTUNKNOWN);
        }
        String detail = k.answer instanceof MxAnswer.TemporaryFailure f ? f.detail() : "";
        SmtpReply reply = SmtpReply.synthetic(451, "4.4.3", "mail hosts of " + domain + " not found now: " + detail);
        return new Routing.Nowhere(
                reply, Verdict.of(Reason.NETWORKERROR, Permanence.TRANSIENT, "delivery/dns", reply.format()));
    }

    private void to(
            StreamConfig stream,
            String message,
            String provider,
            List<MxHost> hosts,
            TlsPolicy tls,
            Consumer<Routing> then) {
        Consumer<Optional<Boolean>> byFamily = v6 ->
                then.accept(new Routing.To(Destination.of(sources.lane(stream, provider, message, v6), hosts, tls)));
        if (Sources.needFamily(stream)) {
            family(hosts, 0, byFamily);
        } else {
            byFamily.accept(Optional.empty());
        }
    }

    /** The family that is preferred at the first host that has an address: true for IPv6, empty if none has. */
    private void family(List<MxHost> hosts, int from, Consumer<Optional<Boolean>> then) {
        if (from == hosts.size()) {
            then.accept(Optional.empty());
            return;
        }
        String host = hosts.get(from).name();
        if (host.startsWith("[")) {
            then.accept(AddressRules.ofLiteral(host).map(AddressRules::isV6));
            return;
        }
        actor.when(resolver.addresses(host), (answer, error) -> {
            if (error == null && answer instanceof AddressAnswer.Addresses a) {
                then.accept(Optional.of(AddressRules.isV6(a.addresses().get(0))));
            } else {
                family(hosts, from + 1, then);
            }
        });
    }

    private static Routing nowhere(int code, String enhanced, String text, Reason reason) {
        SmtpReply reply = SmtpReply.synthetic(code, enhanced, text);
        return new Routing.Nowhere(
                reply, Verdict.of(reason, Permanence.PERMANENT, "delivery/dns-" + reason.id(), reply.format()));
    }

    private static Duration keep(MxAnswer answer) {
        if (answer instanceof MxAnswer.Hosts h) {
            return h.ttl().compareTo(AT_MOST) < 0 ? h.ttl() : AT_MOST;
        }
        return FAILURE;
    }

    private record Known(MxAnswer answer, String provider, Instant until) {}
}
