package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.shaping.LimitFile.Sourced;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that is known of limits beforehand: what comes with the jar, and what a user's file puts over it. Immutable,
 * thread-safe; a changed file makes a new book.
 */
public final class LimitBook {

    /** The warm-up plan of targets that name none. */
    public static final String STANDARD_PLAN = "standard";

    private static final String BUILT_IN = "limits.yaml";

    private final LimitSettings defaults;
    private final ProviderTable builtIn;
    private final ProviderTable table;
    private final Map<String, ProviderDefinition> changes = new HashMap<>();
    private final LimitFile file;
    private final String text;
    private final Map<String, WarmupPlan> plans = new LinkedHashMap<>();
    private final Map<String, QuotaProfile> quotas = new LinkedHashMap<>();

    /** One layer of limits; {@code setBy} says whose. */
    record Layer(String setBy, LimitSettings limits) {}

    private LimitBook(LimitSettings defaults, Collection<ProviderDefinition> overrides, LimitFile file, String text) {
        this.text = text;
        this.defaults = defaults.over(LimitSettings.DEFAULTS);
        this.file = file;
        builtIn = ProviderTable.builtIn().with(overrides);
        table = builtIn.with(file.providers());
        file.providers().forEach(p -> changes.put(p.name(), p));
        LimitFile own = builtIn();
        plans.putAll(own.plans());
        plans.putAll(file.plans());
        quotas.putAll(own.quotas());
        file.quotas().forEach((name, q) -> quotas.merge(name, q, LimitBook::merged));
        checkNames();
    }

    /** What comes with the jar. */
    public static LimitBook builtInOnly() {
        return of(LimitSettings.NONE, List.of(), LimitFile.EMPTY);
    }

    /** @throws IllegalArgumentException for definitions that cannot work, with file, line and what is wanted */
    static LimitBook of(LimitSettings defaults, Collection<ProviderDefinition> overrides, LimitFile file) {
        return new LimitBook(defaults, overrides, file, "");
    }

    /**
     * What comes with the jar, and over it a user's file.
     *
     * @param name of the file, for errors and EXPLAIN
     * @throws LimitFileException for anything that is not understood or could never work: file, line, key and the fix
     */
    public static LimitBook parse(String name, String yaml) {
        try {
            return new LimitBook(LimitSettings.NONE, List.of(), new LimitFileReader(name).read(yaml), yaml);
        } catch (LimitFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new LimitFileException(e.getMessage(), e);
        }
    }

    private static LimitFile builtIn() {
        try (InputStream in = LimitBook.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is missing from the jar");
            }
            return new LimitFileReader(BUILT_IN).read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + BUILT_IN, e);
        }
    }

    /** A user's profile over the one that comes with the jar. */
    private static QuotaProfile merged(QuotaProfile base, QuotaProfile over) {
        return new QuotaProfile(
                base.name(),
                over.hosts().isEmpty() ? base.hosts() : over.hosts(),
                over.limits().over(base.limits()),
                over.stopAt(),
                over.asOf(),
                over.source());
    }

    private void checkNames() {
        file.warmups().forEach(w -> {
            if (!plans.containsKey(w.plan())) {
                throw new LimitFileException(w.source() + ": there is no warm-up plan " + w.plan() + "; known are "
                        + String.join(", ", plans.keySet()) + ", or add it under plans");
            }
        });
        file.streams().forEach((stream, limits) -> limits.byProvider()
                .forEach((name, sourced) -> mustExist(name, sourced.source(), "stream " + stream)));
        file.shared().forEach(s -> s.on().getOrDefault(SharedLimit.Dimension.PROVIDER, Set.of())
                .forEach(name -> mustExist(name, s.source(), "shared limit " + s.name())));
        file.plans().values().forEach(p -> p.byProvider().keySet().forEach(name -> {
            if (!name.equals(Warmup.OTHERS)) {
                mustExist(name, p.source(), "plan " + p.name());
            }
        }));
    }

    private void mustExist(String provider, String at, String who) {
        if (table.byName(provider).isEmpty() && !provider.startsWith("mx:")) {
            throw new LimitFileException(at + ": " + who + " names provider " + provider
                    + ", which is not defined: it would never match; define it under providers with its mx, or see"
                    + " docs/delivery.md for the names of the built-in ones");
        }
    }

    /** What is legal and may still not be meant, for people. */
    public List<String> findings() {
        List<String> all = new ArrayList<>();
        for (ProviderDefinition p : file.providers()) {
            for (String host : p.mxSuffixes()) {
                builtIn.ofHost(host)
                        .filter(o -> !o.name().equals(p.name()))
                        .ifPresent(o -> all.add(p.source() + ": provider " + p.name() + ": hosts below " + host
                                + " belonged to provider " + o.name() + " of " + o.source()));
            }
        }
        for (ProviderDefinition p : table.all()) {
            if (p.mxSuffixes().isEmpty()) {
                all.add(p.source() + ": provider " + p.name() + " matches no host any more: others took all of its mx");
            }
        }
        return all;
    }

    /** The file as it was read; empty without one. */
    String text() {
        return text;
    }

    ProviderTable table() {
        return table;
    }

    LimitFile file() {
        return file;
    }

    /** The retry schedules of the file as text, by stream ({@code ""} for all) and reason. */
    public Map<String, Map<String, LimitFile.Place>> retries() {
        return file.retries();
    }

    /** The lane's name of the provider of a domain: one of its own where the domain has limits of its own. */
    String provider(String domain, List<String> hosts) {
        String provider = table.nameFor(domain, hosts);
        String canonical = ProviderDefinition.canonical(domain);
        return file.domains().containsKey(canonical) ? provider + "@" + canonical : provider;
    }

    /** The names that providers have, built-in ones and the user's. */
    public Set<String> providerNames() {
        return table.all().stream().map(ProviderDefinition::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The layers of a lane's limits, the weakest first; the last one that sets a limit wins. */
    List<Layer> layers(Lane lane, StreamFacts facts) {
        List<Layer> layers = new ArrayList<>();
        String receiver = lane.receiver();
        layers.add(new Layer("defaults", defaults));
        if (!file.defaults().isEmpty()) {
            layers.add(new Layer("defaults in " + file.name(), file.defaults()));
        }
        builtIn.byName(receiver)
                .ifPresent(p -> layers.add(new Layer("provider " + p.name() + " in " + p.source(), p.limits())));
        Optional.ofNullable(changes.get(receiver))
                .ifPresent(p -> layers.add(new Layer("provider " + p.name() + " in " + p.source(), p.limits())));
        if (!receiver.equals(lane.provider())) {
            String domain = lane.provider().substring(receiver.length() + 1);
            Sourced own = file.domains().get(domain);
            if (own != null) {
                layers.add(new Layer("domain " + domain + " in " + own.source(), own.limits()));
            }
        }
        LimitFile.StreamLimits stream = file.streams().get(lane.stream());
        if (stream != null) {
            layers.add(new Layer(
                    "stream " + lane.stream() + " in " + stream.own().source(),
                    stream.own().limits()));
        }
        if (!facts.own().isEmpty()) {
            layers.add(new Layer("options of stream " + lane.stream(), facts.own()));
        }
        if (stream != null && stream.byProvider().containsKey(receiver)) {
            Sourced s = stream.byProvider().get(receiver);
            layers.add(new Layer(
                    "stream " + lane.stream() + " to provider " + receiver + " in " + s.source(), s.limits()));
        }
        return layers;
    }

    /**
     * The quota of the smarthost of a stream.
     *
     * @throws IllegalArgumentException if the stream names a profile that does not exist
     */
    Optional<QuotaProfile> quota(StreamFacts facts) {
        if (facts.smarthost().isEmpty() || facts.quota().filter("none"::equals).isPresent()) {
            return Optional.empty();
        }
        if (facts.quota().isPresent()) {
            String name = facts.quota().get();
            return Optional.of(Objects.requireNonNullElseGet(quotas.get(name), () -> {
                throw new IllegalArgumentException("there is no quota profile " + name + "; known are none, "
                        + String.join(", ", quotas.keySet()) + ", or add it under quotas of the limits file");
            }));
        }
        return quotas.values().stream()
                .filter(q -> q.isFor(facts.smarthost().get()))
                .findFirst();
    }

    Optional<WarmupPlan> plan(String name) {
        return Optional.ofNullable(plans.get(name));
    }

    /** The warm-up plans by name. */
    public Map<String, WarmupPlan> plans() {
        return Map.copyOf(plans);
    }
}
