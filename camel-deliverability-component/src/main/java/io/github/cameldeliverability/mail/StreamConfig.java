package io.github.cameldeliverability.mail;

import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.RecipientFields;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The identity and the policies of one stream. Immutable; start from {@link #defaults} and change it by {@link #with}:
 *
 * <pre>{@code StreamConfig.defaults("news", "mail.example.com").with(s -> s.priority(-1).verp(true))}</pre>
 */
public final class StreamConfig {

    /** RFC 5321 4.5.4.1: give up after at least 4-5 days. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(5);

    private final Draft is;

    private StreamConfig(Draft checked) {
        this.is = checked;
    }

    /** A stream without keys, VERP or suppression list; opportunistic TLS. */
    public static StreamConfig defaults(String name, String ehloName) {
        return new StreamConfig(new Draft(name, ehloName).checked());
    }

    /** This stream with some things changed. @throws IllegalArgumentException for values that cannot be */
    public StreamConfig with(Consumer<Draft> change) {
        Draft draft = is.copy();
        change.accept(draft);
        return new StreamConfig(draft.copy().checked());
    }

    /** The same stream by way of a smarthost. */
    public StreamConfig via(Smarthost host) {
        return with(s -> s.smarthost(Optional.of(host)));
    }

    public String name() {
        return is.name;
    }

    /** How the client greets; a name whose address is the source address. Sources may have names of their own. */
    public String ehloName() {
        return is.ehloName;
    }

    /** Local addresses that sessions come from, spread by weight; empty lets the system choose. No address twice. */
    public List<SourceAddress> sources() {
        return is.sources;
    }

    /** The source with an address's {@link SourceAddress#id() id}; empty where the system chooses. */
    public Optional<SourceAddress> source(String id) {
        return is.sources.stream().filter(s -> s.id().equals(id)).findFirst();
    }

    /** The base of the reverse-path when a message brings none. */
    public Optional<EmailAddress> returnPath() {
        return is.returnPath;
    }

    /** Whether each recipient gets a reverse-path with a token. */
    public boolean verp() {
        return is.verp;
    }

    /** DKIM signers, all of which sign; may be empty. */
    public List<MessageSigner> signers() {
        return is.signers;
    }

    /** What is asked of sessions. */
    public TlsPolicy tls() {
        return is.tls;
    }

    /** After which a message expires. */
    public Duration maxAge() {
        return is.maxAge;
    }

    /** The list that is asked right before sending; empty means none. */
    public Optional<String> suppressionList() {
        return is.suppressionList;
    }

    /** The scopes of that list which this stream obeys. */
    public Set<String> suppressionScopes() {
        return is.suppressionScopes;
    }

    /** How that list is asked. */
    public SuppressionChecks suppressionChecks() {
        return is.suppressionChecks;
    }

    /** Header fields made for each recipient; a message of the stream then has one recipient. */
    public Optional<RecipientFields> recipientFields() {
        return is.recipientFields;
    }

    /** Larger goes first where streams compete: what is less important waits, and never the other way round. */
    public int priority() {
        return is.priority;
    }

    /** The stream's share beside streams of the same priority where they compete, at least 1. */
    public int weight() {
        return is.weight;
    }

    /** Whether MX hosts with loopback or private addresses are used. */
    public boolean allowPrivateAddresses() {
        return is.allowPrivateAddresses;
    }

    /** What senders are told by mail. */
    public NotifySender notifySender() {
        return is.notifySender;
    }

    /** Which failures go to the stream's fallback; empty where it has none. */
    public Optional<FallbackRule> fallback() {
        return is.fallback;
    }

    /** The server that takes all mail, instead of the recipients' mail hosts. */
    public Optional<Smarthost> smarthost() {
        return is.smarthost;
    }

    /** By name, for logs. */
    @Override
    public String toString() {
        return "StreamConfig[" + is.name + "]";
    }

    /** A stream's configuration while it changes. One field, one default and one method a value. Not thread-safe. */
    public static final class Draft implements Cloneable {
        private final String name;
        private String ehloName;
        private List<SourceAddress> sources = List.of();
        private Optional<EmailAddress> returnPath = Optional.empty();
        private boolean verp;
        private List<MessageSigner> signers = List.of();
        private TlsPolicy tls = TlsPolicy.OPPORTUNISTIC;
        private Duration maxAge = DEFAULT_MAX_AGE;
        private Optional<String> suppressionList = Optional.empty();
        private Set<String> suppressionScopes;
        private SuppressionChecks suppressionChecks = SuppressionChecks.ALL;
        private Optional<RecipientFields> recipientFields = Optional.empty();
        private int priority;
        private int weight = 1;
        private boolean allowPrivateAddresses;
        private NotifySender notifySender = NotifySender.NEVER;
        private Optional<Smarthost> smarthost = Optional.empty();
        private Optional<FallbackRule> fallback = Optional.empty();

        private Draft(String name, String ehloName) {
            this.name = Objects.requireNonNull(name, "name");
            this.ehloName = Objects.requireNonNull(ehloName, "ehloName");
            this.suppressionScopes = Set.of(Suppression.GLOBAL, Suppression.streamScope(name));
        }

        public Draft sources(List<SourceAddress> value) {
            sources = List.copyOf(value);
            return this;
        }

        public Draft returnPath(Optional<EmailAddress> value) {
            returnPath = Objects.requireNonNull(value, "returnPath");
            return this;
        }

        public Draft verp(boolean value) {
            verp = value;
            return this;
        }

        public Draft signers(List<MessageSigner> value) {
            signers = List.copyOf(value);
            return this;
        }

        public Draft tls(TlsPolicy value) {
            tls = Objects.requireNonNull(value, "tls");
            return this;
        }

        public Draft maxAge(Duration value) {
            maxAge = Objects.requireNonNull(value, "maxAge");
            return this;
        }

        public Draft suppressionList(Optional<String> value) {
            suppressionList = Objects.requireNonNull(value, "suppressionList");
            return this;
        }

        public Draft suppressionScopes(Set<String> value) {
            suppressionScopes = Set.copyOf(value);
            return this;
        }

        public Draft suppressionChecks(SuppressionChecks value) {
            suppressionChecks = Objects.requireNonNull(value, "suppressionChecks");
            return this;
        }

        public Draft recipientFields(Optional<RecipientFields> value) {
            recipientFields = Objects.requireNonNull(value, "recipientFields");
            return this;
        }

        public Draft priority(int value) {
            priority = value;
            return this;
        }

        public Draft weight(int value) {
            weight = value;
            return this;
        }

        public Draft allowPrivateAddresses(boolean value) {
            allowPrivateAddresses = value;
            return this;
        }

        public Draft notifySender(NotifySender value) {
            notifySender = Objects.requireNonNull(value, "notifySender");
            return this;
        }

        public Draft smarthost(Optional<Smarthost> value) {
            smarthost = Objects.requireNonNull(value, "smarthost");
            return this;
        }

        public Draft fallback(Optional<FallbackRule> value) {
            fallback = Objects.requireNonNull(value, "fallback");
            return this;
        }

        private Draft checked() {
            if (maxAge.isNegative() || maxAge.isZero()) {
                throw new IllegalArgumentException("maxAge of stream " + name + " must be positive: " + maxAge);
            }
            if (weight < 1) {
                throw new IllegalArgumentException("weight of stream " + name + " must be at least 1: " + weight);
            }
            Set<String> seen = new HashSet<>();
            for (SourceAddress s : sources) {
                if (!seen.add(s.id())) {
                    throw new IllegalArgumentException("source address " + s.id() + " of stream " + name + " is twice");
                }
            }
            return this;
        }

        private Draft copy() {
            try {
                return (Draft) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
