package io.github.cameldeliverability.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/**
 * Says what a {@link FakeMx} does. Without further words it offers PIPELINING, 8BITMIME, SMTPUTF8, SIZE and
 * ENHANCEDSTATUSCODES, has no TLS and accepts everything. Not thread-safe; to be used for one server.
 */
public final class FakeMxBuilder {

    /** An address or message that is refused, and with which reply. */
    record Refusal<T>(Predicate<T> which, String reply) {}

    String name = "mx.example.test";
    InetAddress address = loopback("127.0.0.1");
    int port;
    Clock clock = Clock.systemUTC();
    int keep = 100_000;
    int receiveBuffer;
    final Map<String, String> extensions = new LinkedHashMap<>();
    Optional<SSLContext> tls = Optional.empty();
    String tlsOnlyExtensions = "";
    boolean implicitTls;
    Optional<String> user = Optional.empty();
    String secret = "";
    Optional<Function<String, String>> lmtp = Optional.empty();
    String acceptReply = "250 2.0.0 queued";
    final List<Refusal<String>> senders = new ArrayList<>();
    final List<Refusal<String>> recipients = new ArrayList<>();
    final List<Refusal<ReceivedMessage>> contents = new ArrayList<>();
    Duration greylist = Duration.ZERO;
    String greylistReply = "451 4.7.1 Greylisted, please try again later";
    Duration tarpit = Duration.ZERO;
    Duration idle = Duration.ZERO;
    String idleWords = "";
    int maxConnections;
    int rate;
    Duration ratePeriod = Duration.ZERO;
    int maxMessagesPerConnection;
    int maxRecipients;
    String limitReply = "421 4.7.0 Too much mail from you, try again later";
    final Map<Moment, List<Behaviour>> behaviours = new EnumMap<>(Moment.class);
    final List<Consumer<ReceivedMessage>> listeners = new ArrayList<>();

    FakeMxBuilder() {
        extension("PIPELINING").extension("8BITMIME").extension("SMTPUTF8").extension("ENHANCEDSTATUSCODES");
        maxSize(35_882_577);
    }

    /** Starts the server. */
    public FakeMx build() {
        return new FakeMx(this);
    }

    /** The name in its greeting and EHLO reply; default {@code mx.example.test}, which is in the test certificate. */
    public FakeMxBuilder name(String hostName) {
        this.name = hostName;
        return this;
    }

    /** A loopback address such as {@code 127.0.0.7} or {@code ::1}; default 127.0.0.1. */
    public FakeMxBuilder address(String loopbackAddress) {
        this.address = loopback(loopbackAddress);
        return this;
    }

    /** Default 0: a free one. */
    public FakeMxBuilder port(int listenOn) {
        this.port = listenOn;
        return this;
    }

    /** The time for greylisting, rates and records; delays are in real time. Default the system's. */
    public FakeMxBuilder clock(Clock time) {
        this.clock = Objects.requireNonNull(time, "time");
        return this;
    }

    /** How many messages and commands are kept, the newest; 0 only counts. Default 100,000. */
    public FakeMxBuilder keep(int newest) {
        this.keep = newest;
        return this;
    }

    /** The size of the TCP receive buffer, small to make a client feel back-pressure; default the system's. */
    public FakeMxBuilder receiveBuffer(int octets) {
        this.receiveBuffer = octets;
        return this;
    }

    /**
     * Offers an extension; the line is the keyword with its parameters. The limits of {@code "LIMITS RCPTMAX=2 MAILMAX=5"}
     * are enforced as {@link #maxRecipients} and {@link #maxMessagesPerConnection}.
     */
    public FakeMxBuilder extension(String line) {
        for (String word : line.split(" +")) {
            if (word.startsWith("RCPTMAX=")) {
                maxRecipients(Integer.parseInt(word.substring(8)));
            } else if (word.startsWith("MAILMAX=")) {
                maxMessagesPerConnection(Integer.parseInt(word.substring(8)));
            }
        }
        int space = line.indexOf(' ');
        String keyword = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        extensions.put(keyword, space < 0 ? "" : line.substring(space + 1));
        return this;
    }

    /** Does not offer an extension. */
    public FakeMxBuilder without(String keyword) {
        extensions.remove(keyword.toUpperCase(Locale.ROOT));
        return this;
    }

    /** SIZE: declared, and enforced; 0 declares no limit. */
    public FakeMxBuilder maxSize(long octets) {
        return extension("SIZE " + octets);
    }

    /** Offers STARTTLS with the certificate of {@link FakeMxTls}. */
    public FakeMxBuilder startTls() {
        return startTls(FakeMxTls.server());
    }

    /** Offers STARTTLS. */
    public FakeMxBuilder startTls(SSLContext context) {
        this.tls = Optional.of(context);
        return extension("STARTTLS");
    }

    /** Speaks TLS from the first octet, with the certificate of {@link FakeMxTls}. */
    public FakeMxBuilder implicitTls() {
        this.tls = Optional.of(FakeMxTls.server());
        this.implicitTls = true;
        return this;
    }

    /**
     * Takes mail only from who has logged in.
     *
     * @param mechanisms what it offers of PLAIN, LOGIN and XOAUTH2, {@code "PLAIN LOGIN"}
     * @param password or the token of XOAUTH2
     */
    public FakeMxBuilder login(String mechanisms, String userName, String password) {
        this.user = Optional.of(userName);
        this.secret = password;
        return extension("AUTH " + mechanisms);
    }

    /**
     * Speaks LMTP (RFC 2033).
     *
     * @param reply what each recipient is answered after the content; null takes it
     */
    public FakeMxBuilder lmtp(Function<String, String> reply) {
        this.lmtp = Optional.of(reply);
        return this;
    }

    /** Offers REQUIRETLS once TLS is up (RFC 8689 2). */
    public FakeMxBuilder requireTls() {
        this.tlsOnlyExtensions = "REQUIRETLS";
        return this;
    }

    /** The reply to accepted content. */
    public FakeMxBuilder acceptReply(String reply) {
        this.acceptReply = reply;
        return this;
    }

    /** Refuses reverse-paths (without brackets, empty for the null path). */
    public FakeMxBuilder rejectSenders(Predicate<String> which, String reply) {
        senders.add(new Refusal<>(which, reply));
        return this;
    }

    /** Refuses recipients, {@code rejectRecipients(a -> a.startsWith("x@"), "550 5.1.1 no such user")}. */
    public FakeMxBuilder rejectRecipients(Predicate<String> which, String reply) {
        recipients.add(new Refusal<>(which, reply));
        return this;
    }

    /** Refuses messages after their content. */
    public FakeMxBuilder rejectMessages(Predicate<ReceivedMessage> which, String reply) {
        contents.add(new Refusal<>(which, reply));
        return this;
    }

    /** Puts off each new triple of client address, sender and recipient for that long, by the clock. */
    public FakeMxBuilder greylist(Duration delay) {
        this.greylist = delay;
        return this;
    }

    public FakeMxBuilder greylistReply(String reply) {
        this.greylistReply = reply;
        return this;
    }

    /** Waits so long, in real time, before every reply. */
    public FakeMxBuilder tarpit(Duration delay) {
        this.tarpit = delay;
        return this;
    }

    /** Greets with 421 while that many connections are open. */
    public FakeMxBuilder maxConnections(int limit) {
        this.maxConnections = limit;
        return this;
    }

    /** Answers MAIL with 421 and closes where that many messages have begun within the period, by the clock. */
    public FakeMxBuilder maxRate(int messages, Duration period) {
        this.rate = messages;
        this.ratePeriod = period;
        return this;
    }

    /** Answers MAIL with 421 and closes after that many messages on a connection. */
    public FakeMxBuilder maxMessagesPerConnection(int limit) {
        this.maxMessagesPerConnection = limit;
        return this;
    }

    /** Refuses recipients after that many in a transaction, with 452. */
    public FakeMxBuilder maxRecipients(int limit) {
        this.maxRecipients = limit;
        return this;
    }

    /** The reply when one of the limits is passed; default a 421. */
    public FakeMxBuilder limitReply(String reply) {
        this.limitReply = reply;
        return this;
    }

    /** Does something else at that moment; of several behaviours the first one that has an answer counts. */
    public FakeMxBuilder on(Moment moment, Behaviour behaviour) {
        behaviours.computeIfAbsent(moment, m -> new ArrayList<>()).add(behaviour);
        return this;
    }

    /** Says exactly that and closes when a client was silent for so long between transactions, in real time. */
    public FakeMxBuilder onIdle(Duration silence, String octets) {
        this.idle = silence;
        this.idleWords = octets;
        return this;
    }

    /** Hears of each accepted message, on the connection's thread, before the client does. */
    public FakeMxBuilder onMessage(Consumer<ReceivedMessage> listener) {
        listeners.add(listener);
        return this;
    }

    private static InetAddress loopback(String text) {
        try {
            InetAddress address = InetAddress.getByName(text);
            if (!address.isLoopbackAddress()) {
                throw new IllegalArgumentException(text + " is no loopback address; a FakeMx listens on nothing else");
            }
            return address;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }
}
