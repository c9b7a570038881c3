package io.github.cameldeliverability.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A real DNS server on loopback, UDP and TCP, that answers like a recursive resolver from records held in memory.
 *
 * <p>A name that nobody entered does not exist; {@code *.example.test} stands for all names under {@code example.test}
 * that were not entered. Aliases are followed. Names can be made to fail ({@link #servfail}) or to stay silent ({@link
 * #drop}). Everything may be changed while it runs; answers that do not fit are truncated over UDP. Thread-safe.
 *
 * <pre>{@code
 * try (FakeDns dns = FakeDns.builder().mx("example.test", 10, "mx1.example.test").a("mx1.example.test", "127.0.0.2").build()) {
 *     resolver = new DnsMxResolver(List.of(dns.server()), ...);
 * }
 * }</pre>
 */
public final class FakeDns implements AutoCloseable {

    private static final int MOST_ALIASES = 16;

    private final Map<String, List<Record>> records = new ConcurrentSkipListMap<>();
    private final Set<String> servfail = ConcurrentHashMap.newKeySet();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Set<String> authentic = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final AtomicInteger udpQueries = new AtomicInteger();
    private final AtomicInteger tcpQueries = new AtomicInteger();
    private final FakeDnsSockets sockets;
    private volatile long ttl;
    private volatile boolean followsAliases = true;

    private FakeDns(Duration ttl, int port) {
        this.ttl = ttl.toSeconds();
        this.sockets = FakeDnsSockets.open(port, this::answer);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Where it listens, {@code 127.0.0.1:PORT}. */
    public String server() {
        return "127.0.0.1:" + address().getPort();
    }

    public InetSocketAddress address() {
        return sockets.address();
    }

    public FakeDns mx(String name, int preference, String host) {
        return add(name, n -> new MXRecord(n, DClass.IN, ttl, preference, name(host)));
    }

    /** RFC 7505: takes no mail. */
    public FakeDns nullMx(String name) {
        return mx(name, 0, ".");
    }

    public FakeDns a(String name, String... addresses) {
        for (String address : addresses) {
            add(name, n -> new ARecord(n, DClass.IN, ttl, InetAddress.getByName(address)));
        }
        return this;
    }

    public FakeDns aaaa(String name, String... addresses) {
        for (String address : addresses) {
            add(name, n -> new AAAARecord(n, DClass.IN, ttl, InetAddress.getByName(address)));
        }
        return this;
    }

    /** One TXT record; text of more than 255 octets goes into several strings. */
    public FakeDns txt(String name, String text) {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at == 0 || at < octets.length; at += 255) {
            int length = Math.min(octets.length - at, 255);
            strings.write(length);
            strings.write(octets, at, length);
        }
        return add(name, n -> Record.newRecord(n, Type.TXT, DClass.IN, ttl, strings.toByteArray()));
    }

    public FakeDns cname(String name, String target) {
        return add(name, n -> new CNAMERecord(n, DClass.IN, ttl, name(target)));
    }

    /** @param address an address, not its reverse name */
    public FakeDns ptr(String address, String host) {
        try {
            Name reverse = ReverseMap.fromAddress(InetAddress.getByName(address));
            return add(reverse.toString(true), n -> new PTRRecord(n, DClass.IN, ttl, name(host)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + address, e);
        }
    }

    /** @param name {@code _25._tcp.mx1.example.test} */
    public FakeDns tlsa(String name, int usage, int selector, int matching, String hex) {
        byte[] data = HexFormat.of().parseHex(hex);
        return add(name, n -> new TLSARecord(n, DClass.IN, ttl, usage, selector, matching, data));
    }

    /** Every query for this name is answered SERVFAIL until {@link #heal}. */
    public FakeDns servfail(String name) {
        servfail.add(key(name));
        return this;
    }

    /** No query for this name is answered until {@link #heal}. */
    public FakeDns drop(String name) {
        silent.add(key(name));
        return this;
    }

    /** Sets the AD flag of positive and negative answers for this name, as if DNSSEC vouched for them. */
    public FakeDns authentic(String name) {
        authentic.add(key(name));
        return this;
    }

    /** Ends {@link #servfail} and {@link #drop} for this name. */
    public FakeDns heal(String name) {
        servfail.remove(key(name));
        silent.remove(key(name));
        return this;
    }

    /** Takes away all records of this name. */
    public FakeDns remove(String name) {
        records.remove(key(name));
        return this;
    }

    /** TTL of the records added from now on. */
    public FakeDns ttl(Duration ttl) {
        this.ttl = ttl.toSeconds();
        return this;
    }

    /** Answers an alias with the alias alone, as an authoritative server does when the target is elsewhere. */
    public FakeDns leaveAliases() {
        followsAliases = false;
        return this;
    }

    /** How often this name was asked for, any type. */
    public int queries(String name) {
        String prefix = key(name) + "/";
        return counts.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .mapToInt(e -> e.getValue().get())
                .sum();
    }

    /** @param type {@code MX}, {@code A}, ... */
    public int queries(String name, String type) {
        AtomicInteger n = counts.get(key(name) + "/" + type);
        return n == null ? 0 : n.get();
    }

    /** All queries, answered or not. */
    public int queries() {
        return udpQueries.get() + tcpQueries.get();
    }

    public int tcpQueries() {
        return tcpQueries.get();
    }

    @Override
    public void close() {
        sockets.close();
    }

    private byte[] answer(byte[] wire, boolean tcp) throws IOException {
        (tcp ? tcpQueries : udpQueries).incrementAndGet();
        Message query = new Message(wire);
        Record question = query.getQuestion();
        if (question == null) {
            return null;
        }
        String name = key(question.getName().toString(true));
        counts.computeIfAbsent(name + "/" + Type.string(question.getType()), n -> new AtomicInteger())
                .incrementAndGet();
        if (silent.contains(name)) {
            return null;
        }
        Message response = new Message(query.getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            response.getHeader().setFlag(Flags.RD);
        }
        response.addRecord(question, Section.QUESTION);
        if (servfail.contains(name)) {
            response.getHeader().setRcode(Rcode.SERVFAIL);
        } else {
            fill(response, question);
            if (authentic.contains(name)) {
                response.getHeader().setFlag(Flags.AD);
            }
        }
        int room = query.getOPT() == null ? 512 : Math.max(512, query.getOPT().getPayloadSize());
        return response.toWire(tcp ? 65535 : room);
    }

    private void fill(Message response, Record question) throws IOException {
        Name at = question.getName();
        for (int aliases = 0; aliases < MOST_ALIASES; aliases++) {
            List<Record> all = find(at);
            if (all == null) {
                if (!hasChild(at)) {
                    response.getHeader().setRcode(Rcode.NXDOMAIN);
                }
                break;
            }
            CNAMERecord alias = null;
            boolean found = false;
            for (Record r : all) {
                if (r.getType() == question.getType()) {
                    response.addRecord(named(r, at), Section.ANSWER);
                    found = true;
                } else if (r instanceof CNAMERecord c) {
                    alias = c;
                }
            }
            if (found) {
                return;
            }
            if (alias == null) {
                break;
            }
            response.addRecord(named(alias, at), Section.ANSWER);
            if (!followsAliases) {
                return;
            }
            at = alias.getTarget();
        }
        Name apex = at.labels() > 2 ? new Name(at, at.labels() - 2) : Name.root;
        response.addRecord(
                new SOARecord(apex, DClass.IN, ttl, Name.root, Name.root, 1, 3600, 600, 86400, ttl), Section.AUTHORITY);
    }

    private List<Record> find(Name at) {
        String name = key(at.toString(true));
        List<Record> exact = records.get(name);
        if (exact != null || hasChild(at)) {
            return exact;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            List<Record> wild = records.get("*" + name.substring(dot));
            if (wild != null) {
                return wild;
            }
        }
        return null;
    }

    private boolean hasChild(Name at) {
        String suffix = "." + key(at.toString(true));
        return records.keySet().stream().anyMatch(n -> n.endsWith(suffix) && !n.startsWith("*"));
    }

    private static Record named(Record r, Name name) throws IOException {
        return Record.newRecord(name, r.getType(), DClass.IN, r.getTTL(), r.rdataToWireCanonical());
    }

    private interface Maker {
        Record make(Name name) throws IOException;
    }

    private FakeDns add(String name, Maker maker) {
        try {
            records.computeIfAbsent(key(name), n -> new CopyOnWriteArrayList<>())
                    .add(maker.make(name(name)));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("no such record: " + name, e);
        }
    }

    private static Name name(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("not a domain name: " + name, e);
        }
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The records to begin with; the same words as on {@link FakeDns} itself. */
    public static final class Builder {

        private final List<java.util.function.Consumer<FakeDns>> steps = new ArrayList<>();
        private Duration ttl = Duration.ofMinutes(5);
        private int port;

        private Builder() {}

        public Builder mx(String name, int preference, String host) {
            return step(d -> d.mx(name, preference, host));
        }

        public Builder nullMx(String name) {
            return step(d -> d.nullMx(name));
        }

        public Builder a(String name, String... addresses) {
            return step(d -> d.a(name, addresses));
        }

        public Builder aaaa(String name, String... addresses) {
            return step(d -> d.aaaa(name, addresses));
        }

        public Builder txt(String name, String text) {
            return step(d -> d.txt(name, text));
        }

        public Builder cname(String name, String target) {
            return step(d -> d.cname(name, target));
        }

        public Builder ptr(String address, String host) {
            return step(d -> d.ptr(address, host));
        }

        public Builder tlsa(String name, int usage, int selector, int matching, String hex) {
            return step(d -> d.tlsa(name, usage, selector, matching, hex));
        }

        public Builder servfail(String name) {
            return step(d -> d.servfail(name));
        }

        public Builder drop(String name) {
            return step(d -> d.drop(name));
        }

        public Builder authentic(String name) {
            return step(d -> d.authentic(name));
        }

        /** TTL of all records, five minutes if not set. */
        public Builder ttl(Duration ttl) {
            this.ttl = ttl;
            return this;
        }

        /** A fixed port; any free one if not set. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** Starts the server. */
        public FakeDns build() {
            FakeDns dns = new FakeDns(ttl, port);
            steps.forEach(s -> s.accept(dns));
            return dns;
        }

        private Builder step(java.util.function.Consumer<FakeDns> step) {
            steps.add(step);
            return this;
        }
    }
}
