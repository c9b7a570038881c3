package io.github.cameldeliverability.dns;

import io.github.cameldeliverability.dns.DnsCache.Question;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
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
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks recursive DNS servers: several of them with retries, over TCP when an answer is truncated, with a cache by TTL, and
 * one query for any number of equal questions asked at the same time. Thread-safe; hold one for the whole process.
 */
public final class DnsClient implements DnsLookup {

    /** Longer chains of aliases are taken for loops; resolvers of today give up between 8 and 16. */
    private static final int MOST_ALIASES = 10;

    private final DnsServers servers;
    private final DnsOptions options;
    private final DnsCache cache;
    private final Map<Question, CompletableFuture<Resolution>> inFlight = new ConcurrentHashMap<>();

    /**
     * @param servers {@code HOST:PORT} each, in the order of preference; empty takes those of the system. Give addresses: a
     *     host name is looked up here and now, which blocks
     * @param clock by which the cache ages
     * @param executor where answers are read and the stages returned complete
     * @throws IllegalArgumentException if a server cannot be read
     */
    public DnsClient(List<String> servers, Clock clock, Executor executor, DnsOptions options) {
        this.options = Objects.requireNonNull(options, "options");
        this.servers = new DnsServers(servers, options, Objects.requireNonNull(executor, "executor"));
        this.cache = new DnsCache(Objects.requireNonNull(clock, "clock"), options.cacheEntries());
    }

    @Override
    public CompletionStage<Answer<String>> txt(String name) {
        return lookup(name, Type.TXT, r -> text((TXTRecord) r));
    }

    @Override
    public CompletionStage<Answer<InetAddress>> a(String name) {
        return lookup(name, Type.A, r -> ((ARecord) r).getAddress());
    }

    @Override
    public CompletionStage<Answer<InetAddress>> aaaa(String name) {
        return lookup(name, Type.AAAA, r -> ((AAAARecord) r).getAddress());
    }

    @Override
    public CompletionStage<Answer<Mx>> mx(String name) {
        return lookup(name, Type.MX, r -> new Mx(((MXRecord) r).getPriority(), plain(((MXRecord) r).getTarget())));
    }

    @Override
    public CompletionStage<Answer<String>> ptr(InetAddress address) {
        return lookup(ReverseMap.fromAddress(address).toString(), Type.PTR, r -> plain(((PTRRecord) r).getTarget()));
    }

    @Override
    public CompletionStage<Answer<Tlsa>> tlsa(String name) {
        return lookup(name, Type.TLSA, r -> {
            TLSARecord t = (TLSARecord) r;
            return new Tlsa(
                    t.getCertificateUsage(), t.getSelector(), t.getMatchingType(), t.getCertificateAssociationData());
        });
    }

    private <T> CompletionStage<Answer<T>> lookup(String name, int type, Function<Record, T> read) {
        Name absolute;
        try {
            // The root makes it absolute: a search list would ask for example.com.our-domain.
            absolute = Name.fromString(name.toLowerCase(Locale.ROOT), Name.root);
        } catch (TextParseException | RuntimeException e) {
            return CompletableFuture.completedFuture(new Answer.NoSuchName<>(false));
        }
        return resolve(absolute, type).thenApply(found -> answer(found, read));
    }

    private static <T> Answer<T> answer(Resolution found, Function<Record, T> read) {
        return switch (found.kind()) {
            case FOUND ->
                new Answer.Found<>(found.records().stream().map(read).toList(), found.authentic(), found.ttl());
            case NO_DATA -> new Answer.NoData<>(found.authentic());
            case NO_SUCH_NAME -> new Answer.NoSuchName<>(found.authentic());
            case FAILED -> new Answer.TemporaryFailure<>(found.detail());
        };
    }

    // What the chain below throws ends in exceptionally, and its result in mine.
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletionStage<Resolution> resolve(Name name, int type) {
        Question question = new Question(name.toString(), type);
        Resolution known = cache.get(question);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Resolution> mine = new CompletableFuture<>();
        CompletableFuture<Resolution> others = inFlight.putIfAbsent(question, mine);
        if (others != null) {
            return others;
        }
        follow(name, name, type, new Chain())
                .exceptionally(error -> Resolution.failed(text(error), options.failureTtl()))
                .thenAccept(resolution -> {
                    cache.put(question, resolution);
                    inFlight.remove(question);
                    mine.complete(resolution);
                });
        return mine;
    }

    /** What the answers of one lookup have in common. */
    private static final class Chain {
        private final Set<Name> seen = new HashSet<>();
        private boolean authentic = true;
        private long ttl = Long.MAX_VALUE;
    }

    private CompletableFuture<Resolution> follow(Name asked, Name name, int type, Chain chain) {
        return servers.ask(name, type).thenCompose(response -> {
            chain.authentic &= response.getHeader().getFlag(Flags.AD);
            Name at = name;
            List<Record> answers = response.getSection(Section.ANSWER);
            for (CNAMERecord alias = alias(answers, at, type); alias != null; alias = alias(answers, at, type)) {
                chain.ttl = Math.min(chain.ttl, alias.getTTL());
                if (!chain.seen.add(at) || chain.seen.size() > MOST_ALIASES) {
                    return CompletableFuture.completedFuture(
                            Resolution.failed("the aliases of " + plain(asked) + " form a loop", options.failureTtl()));
                }
                at = alias.getTarget();
            }
            List<Record> found = of(answers, at, type);
            if (!found.isEmpty()) {
                found.forEach(r -> chain.ttl = Math.min(chain.ttl, r.getTTL()));
                return CompletableFuture.completedFuture(
                        new Resolution(Resolution.Kind.FOUND, found, chain.authentic, positiveTtl(chain.ttl), ""));
            }
            if (response.getRcode() == Rcode.NOERROR && !at.equals(name) && negativeProof(response) == null) {
                // The server gave the alias alone: its target is for us to ask.
                return follow(asked, at, type, chain);
            }
            return CompletableFuture.completedFuture(new Resolution(
                    response.getRcode() == Rcode.NXDOMAIN ? Resolution.Kind.NO_SUCH_NAME : Resolution.Kind.NO_DATA,
                    List.of(),
                    chain.authentic,
                    negativeTtl(response, chain.ttl),
                    ""));
        });
    }

    /** The alias at this name, unless the records asked for stand there too. */
    private static CNAMERecord alias(List<Record> answers, Name at, int type) {
        if (!of(answers, at, type).isEmpty()) {
            return null;
        }
        for (Record r : answers) {
            if (r instanceof CNAMERecord alias && r.getName().equals(at)) {
                return alias;
            }
        }
        return null;
    }

    private static List<Record> of(List<Record> answers, Name at, int type) {
        List<Record> found = new ArrayList<>();
        for (Record r : answers) {
            if (r.getType() == type && r.getName().equals(at)) {
                found.add(r);
            }
        }
        return found;
    }

    private static SOARecord negativeProof(Message response) {
        for (Record r : response.getSection(Section.AUTHORITY)) {
            if (r instanceof SOARecord soa) {
                return soa;
            }
        }
        return null;
    }

    private Duration positiveTtl(long seconds) {
        Duration ttl = Duration.ofSeconds(seconds);
        return ttl.compareTo(options.minTtl()) < 0
                ? options.minTtl()
                : ttl.compareTo(options.maxTtl()) > 0 ? options.maxTtl() : ttl;
    }

    /** RFC 2308 5: the lesser of the SOA's TTL and its MINIMUM field. */
    private Duration negativeTtl(Message response, long aliasTtl) {
        SOARecord soa = negativeProof(response);
        long seconds = soa == null ? options.failureTtl().toSeconds() : Math.min(soa.getTTL(), soa.getMinimum());
        Duration ttl = Duration.ofSeconds(Math.min(seconds, aliasTtl));
        return ttl.compareTo(options.maxNegativeTtl()) > 0 ? options.maxNegativeTtl() : ttl;
    }

    private static String text(TXTRecord record) {
        StringBuilder joined = new StringBuilder();
        for (byte[] string : record.getStringsAsByteArrays()) {
            joined.append(new String(string, StandardCharsets.ISO_8859_1));
        }
        // Joined as octets first: a UTF-8 character may lie across two strings.
        return new String(joined.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String plain(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static String text(Throwable error) {
        Throwable e = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return e instanceof DnsServers.LookupFailedException ? e.getMessage() : e.toString();
    }
}
