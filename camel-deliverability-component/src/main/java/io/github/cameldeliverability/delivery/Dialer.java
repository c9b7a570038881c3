package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SourceAddress;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.MxResolver;
import io.github.cameldeliverability.mail.spi.MxResolver.AddressAnswer;
import io.github.cameldeliverability.mail.spi.MxResolver.MxHost;
import io.github.cameldeliverability.mail.spi.SmtpConnector;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a session for a destination: host after host in the order of preference, address after address, until one takes
 * us or the budget is used up. Belongs to the serial executor.
 */
final class Dialer {

    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
    private static final int ADDRESSES_PER_HOST = 3;

    private final SmtpConnector connector;
    private final MxResolver resolver;
    private final EngineOptions options;
    private final RandomGenerator random;
    private final SerialExecutor actor;
    private final HostNotes notes;

    Dialer(
            SmtpConnector connector,
            MxResolver resolver,
            EngineOptions options,
            RandomGenerator random,
            SerialExecutor actor,
            HostNotes notes) {
        this.connector = connector;
        this.resolver = resolver;
        this.options = options;
        this.random = random;
        this.actor = actor;
        this.notes = notes;
    }

    /** Calls back once, on the serial executor. */
    void dial(StreamConfig stream, Destination destination, Consumer<Result> then) {
        new Dial(stream, destination, then).nextHost();
    }

    /** A session with this address broke off: its host's other addresses are asked before it for a while. */
    void brokeOff(InetAddress address) {
        notes.didNotAnswer(address);
    }

    sealed interface Result {}

    /**
     * @param untried the hosts that the same attempt may still ask, should this one not take the mail
     * @param again the same host, if it has addresses that were not tried
     */
    record Dialed(SmtpSession session, String host, InetAddress address, List<MxHost> untried, Optional<MxHost> again)
            implements Result {
        Dialed {
            untried = List.copyOf(untried);
        }
    }

    /**
     * @param host the host that said so, empty where none was reached
     * @param verdict where the meaning is known without a look at the text
     * @param ourSource whether our source address could not be bound, which says nothing of the destination
     */
    record Failed(SmtpReply reply, SmtpPhase phase, Optional<String> host, Optional<Verdict> verdict, boolean ourSource)
            implements Result {}

    private record Candidate(MxHost host, InetAddress address) {}

    /** One attempt at a destination. */
    private final class Dial {
        private final StreamConfig stream;
        private final Destination destination;
        private final Optional<SourceAddress> source;
        private final Consumer<Result> then;
        private final Deque<MxHost> hosts;
        private final Deque<InetAddress> addresses = new ArrayDeque<>();
        private final List<Candidate> putOff = new ArrayList<>();
        private MxHost host;
        private int hostsTried;
        private boolean lookupFailed;
        private boolean privateOnly;
        private boolean otherFamilyOnly;
        private Failed failure;

        Dial(StreamConfig stream, Destination destination, Consumer<Result> then) {
            this.stream = stream;
            this.destination = destination;
            this.source = stream.source(destination.lane().source());
            this.then = then;
            this.hosts = shuffled(destination.hosts());
        }

        void nextHost() {
            host = hosts.poll();
            if (host == null || hostsTried >= options.hostsPerAttempt()) {
                finish();
                return;
            }
            if (host.name().startsWith("[")) {
                hostsTried++;
                AddressRules.ofLiteral(host.name()).ifPresent(a -> choose(List.of(a)));
                nextAddress();
                return;
            }
            if (stream.smarthost().isPresent() && host.name().equals("localhost")) {
                // RFC 6761 6.3: a name that the DNS does not hold. The owner of the stream may say it, a stranger's MX
                // not.
                hostsTried++;
                choose(List.of(InetAddress.getLoopbackAddress()));
                nextAddress();
                return;
            }
            actor.when(resolver.addresses(host.name()), (answer, error) -> {
                if (error == null && answer instanceof AddressAnswer.Addresses a) {
                    hostsTried++;
                    choose(a.addresses());
                } else if (!(answer instanceof AddressAnswer.None)) {
                    lookupFailed = true;
                }
                nextAddress();
            });
        }

        private void choose(List<InetAddress> found) {
            addresses.clear();
            InetAddress first = null;
            for (InetAddress a : found) {
                boolean own =
                        stream.allowPrivateAddresses() || stream.smarthost().isPresent();
                if (!own && !AddressRules.isPublic(a)) {
                    privateOnly = true;
                    continue;
                }
                if (source.isPresent() && !AddressRules.sameFamily(source.get().address(), a)) {
                    otherFamilyOnly = true;
                    continue;
                }
                first = first == null ? a : first;
                // One of the other family is kept as the way out when the preferred family is broken.
                boolean other = !AddressRules.sameFamily(first, a);
                boolean haveOther = addresses.stream().anyMatch(x -> !AddressRules.sameFamily(addresses.peek(), x));
                if (addresses.size() < ADDRESSES_PER_HOST - 1 || (other && !haveOther)) {
                    if (addresses.size() < ADDRESSES_PER_HOST) {
                        addresses.add(a);
                    }
                }
            }
        }

        private void nextAddress() {
            InetAddress address = addresses.poll();
            if (address == null) {
                nextHost();
            } else if (notes.isUnreachable(address)) {
                // Did not answer a moment ago: the others first.
                putOff.add(new Candidate(host, address));
                nextAddress();
            } else {
                connect(address, notes.isTlsBroken(address));
            }
        }

        private void connect(InetAddress address, boolean tlsBroken) {
            TlsPolicy tls =
                    tlsBroken && destination.tls() == TlsPolicy.OPPORTUNISTIC ? TlsPolicy.NONE : destination.tls();
            String name = host.name();
            Target target = new Target(
                    name,
                    address,
                    stream.smarthost().map(Smarthost::port).orElse(options.port()),
                    source.map(SourceAddress::address),
                    source.map(SourceAddress::ehloName).orElse(stream.ehloName()),
                    tls,
                    options.timeouts(),
                    Optional.empty(),
                    stream.smarthost());
            actor.when(connector.connect(target), (result, error) -> {
                if (result instanceof ConnectResult.Connected c) {
                    notes.answered(address);
                    int left = Math.max(0, options.hostsPerAttempt() - hostsTried);
                    then.accept(new Dialed(
                            c.session(),
                            name,
                            address,
                            hosts.stream().limit(left).toList(),
                            addresses.isEmpty() ? Optional.empty() : Optional.of(host)));
                    return;
                }
                ConnectResult.Failed failed = result instanceof ConnectResult.Failed f
                        ? f
                        : new ConnectResult.Failed(
                                SmtpReply.synthetic(451, "4.3.0", "connecting failed inside: " + error),
                                SmtpPhase.CONNECT,
                                false);
                if (failed.tlsFault() && tls == TlsPolicy.OPPORTUNISTIC) {
                    // RFC 7435: some protection where it works, none rather than no mail; said aloud.
                    notes.tlsFailed(address);
                    LOG.info(
                            "event=tls-downgrade stream={} host={} address={} reason=\"{}\"",
                            stream.name(),
                            name,
                            address.getHostAddress(),
                            failed.reply().format());
                    connect(address, true);
                    return;
                }
                if (source.isPresent() && isOwnFault(failed)) {
                    SmtpReply reply = failed.reply();
                    Verdict verdict = new Verdict(
                            Reason.NETWORKERROR,
                            Permanence.TRANSIENT,
                            Fault.US,
                            "delivery/source-address",
                            reply.format());
                    then.accept(new Failed(reply, failed.phase(), Optional.empty(), Optional.of(verdict), true));
                    return;
                }
                if (failed.reply().synthetic() && failed.phase() == SmtpPhase.CONNECT) {
                    notes.didNotAnswer(address);
                }
                remember(failed, name + " [" + address.getHostAddress() + "]");
                nextAddress();
            });
        }

        /**
         * What the attempt came to is what a host said rather than that another was silent, and "not now" rather than
         * "never": the destination is only closed for good if nobody left hope.
         */
        private void remember(ConnectResult.Failed f, String where) {
            if (failure == null || rank(f.reply()) >= rank(failure.reply())) {
                failure = new Failed(f.reply(), f.phase(), Optional.of(where), Optional.empty(), false);
            }
        }

        private int rank(SmtpReply r) {
            if (r.isPermanent()) {
                return 0;
            }
            return r.synthetic() ? 1 : 2;
        }

        private void finish() {
            if (failure == null && !putOff.isEmpty()) {
                Candidate c = putOff.remove(0);
                host = c.host();
                connect(c.address(), notes.isTlsBroken(c.address()));
                return;
            }
            if (failure != null) {
                then.accept(failure);
            } else if (lookupFailed) {
                then.accept(failed(
                        SmtpReply.synthetic(451, "4.4.3", "addresses of the mail hosts not found now"),
                        Permanence.TRANSIENT,
                        Reason.NETWORKERROR,
                        Fault.NETWORK));
            } else if (stream.smarthost().isPresent()) {
                // It is our own setting that leads nowhere: no reason to lose mail.
                then.accept(failed(
                        SmtpReply.synthetic(451, "4.4.4", "the smarthost has no address that can be used"),
                        Permanence.TRANSIENT,
                        Reason.NETWORKERROR,
                        Fault.US));
            } else if (privateOnly || otherFamilyOnly) {
                String why = privateOnly ? "that are not on the Internet" : "of another family than our source address";
                then.accept(failed(
                        SmtpReply.synthetic(550, "5.4.4", "the mail hosts have only addresses " + why),
                        Permanence.PERMANENT,
                        Reason.NETWORKERROR,
                        privateOnly ? Fault.RECEIVER : Fault.US));
            } else {
                then.accept(failed(
                        SmtpReply.synthetic(550, "5.4.4", "the mail hosts have no address"),
                        Permanence.PERMANENT,
                        Reason.HOSTUNKNOWN,
                        Fault.RECIPIENT));
            }
        }

        private Failed failed(SmtpReply reply, Permanence permanence, Reason reason, Fault fault) {
            Verdict verdict = new Verdict(reason, permanence, fault, "delivery/hosts", reply.format());
            return new Failed(reply, SmtpPhase.DNS, Optional.empty(), Optional.of(verdict), false);
        }
    }

    /** RFC 3463 3.4: x.3.5 system incorrectly configured; said of the source address where it cannot be bound. */
    private static boolean isOwnFault(ConnectResult.Failed f) {
        return f.reply().synthetic()
                && f.phase() == SmtpPhase.CONNECT
                && f.reply()
                        .enhanced()
                        .filter(e -> e.subjectDetail().equals("3.5"))
                        .isPresent();
    }

    /** RFC 5321 5.1: equal preferences are to be tried in random order, every time anew. */
    private Deque<MxHost> shuffled(List<MxHost> hosts) {
        record Ticket(MxHost host, int draw) {}
        List<Ticket> tickets = new ArrayList<>();
        hosts.forEach(h -> tickets.add(new Ticket(h, random.nextInt())));
        tickets.sort(Comparator.<Ticket>comparingInt(t -> t.host().preference()).thenComparingInt(Ticket::draw));
        Deque<MxHost> order = new ArrayDeque<>();
        tickets.forEach(t -> order.add(t.host()));
        return order;
    }
}
