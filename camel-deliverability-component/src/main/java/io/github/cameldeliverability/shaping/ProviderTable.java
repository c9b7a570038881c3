package io.github.cameldeliverability.shaping;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which provider runs an MX host. Immutable, thread-safe. */
public final class ProviderTable {

    private static final String BUILT_IN = "providers.properties";
    private static final int LONGEST_NAME = 200;

    private final Map<String, ProviderDefinition> byName;
    private final Map<String, ProviderDefinition> bySuffix;
    private final Map<String, Pattern> globs = new LinkedHashMap<>();

    private ProviderTable(Map<String, ProviderDefinition> byName) {
        this.byName = byName;
        this.bySuffix = new HashMap<>();
        byName.values().forEach(p -> p.mxSuffixes().forEach(s -> {
            ProviderDefinition other = bySuffix.put(s, p);
            if (other != null) {
                throw new IllegalArgumentException(p.source() + ": MX suffix " + s + " is claimed by providers "
                        + other.name() + " (" + other.source() + ") and " + p.name() + "; leave it to one of them");
            }
            if (HostPattern.isGlob(s)) {
                globs.put(s, HostPattern.compile(s));
            }
        }));
    }

    /** The table that comes with the jar. */
    public static ProviderTable builtIn() {
        try (InputStream in = ProviderTable.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is missing from the jar");
            }
            return new ProviderTable(read(new InputStreamReader(in, StandardCharsets.UTF_8), BUILT_IN));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + BUILT_IN, e);
        }
    }

    /**
     * Reads definitions: {@code NAME.mx = suffix, suffix} and {@code NAME.LIMIT = value}, the limits being named as in
     * {@link LimitSettings}; rates may carry a unit: {@code 30/m}.
     *
     * @param source who says so, for {@code EXPLAIN} and for errors
     * @throws IllegalArgumentException naming the key that is wrong
     */
    public static List<ProviderDefinition> parse(Reader text, String source) throws IOException {
        return List.copyOf(read(text, source).values());
    }

    /**
     * This table with definitions put over it: limits that are set win, and suffixes are taken from whoever had them. A
     * definition of a new name without suffixes is refused, for it could never match.
     */
    public ProviderTable with(Collection<ProviderDefinition> overrides) {
        Map<String, ProviderDefinition> merged = new LinkedHashMap<>(byName);
        for (ProviderDefinition o : overrides) {
            ProviderDefinition base = merged.get(o.name());
            if (base == null && o.mxSuffixes().isEmpty()) {
                throw new IllegalArgumentException("provider " + o.name() + " of " + o.source()
                        + " is unknown and names no MX suffix: it would never match; add mx, or correct the name");
            }
            List<String> suffixes = o.mxSuffixes().isEmpty() && base != null ? base.mxSuffixes() : o.mxSuffixes();
            merged.replaceAll((name, p) -> withoutSuffixes(p, suffixes));
            LimitSettings limits = base == null ? o.limits() : o.limits().over(base.limits());
            merged.put(o.name(), new ProviderDefinition(o.name(), suffixes, limits, o.source()));
        }
        return new ProviderTable(merged);
    }

    public Optional<ProviderDefinition> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<ProviderDefinition> all() {
        return byName.values();
    }

    /** The provider of one host: a pattern wins over a suffix, the longest suffix over the others. */
    public Optional<ProviderDefinition> ofHost(String host) {
        String rest = ProviderDefinition.canonical(host);
        for (Map.Entry<String, Pattern> glob : globs.entrySet()) {
            if (glob.getValue().matcher(rest).matches()) {
                return Optional.of(bySuffix.get(glob.getKey()));
            }
        }
        while (!rest.isEmpty()) {
            ProviderDefinition p = bySuffix.get(rest);
            if (p != null) {
                return Optional.of(p);
            }
            int dot = rest.indexOf('.');
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        return Optional.empty();
    }

    /** The provider on which all hosts agree, else a name made of the sorted host set. */
    public String nameFor(String domain, List<String> hosts) {
        if (hosts.isEmpty()) {
            return "mx:" + ProviderDefinition.canonical(domain);
        }
        ProviderDefinition common = ofHost(hosts.get(0)).orElse(null);
        for (String host : hosts) {
            // A vanity domain that mixes providers must not be shaped as either of them.
            if (common == null || !ofHost(host).map(common::equals).orElse(false)) {
                return siteName(hosts);
            }
        }
        return common == null ? siteName(hosts) : common.name();
    }

    private static String siteName(List<String> hosts) {
        TreeSet<String> sorted = new TreeSet<>();
        hosts.forEach(h -> sorted.add(ProviderDefinition.canonical(h)));
        String name = "mx:" + String.join(",", sorted);
        return name.length() <= LONGEST_NAME
                ? name
                : name.substring(0, LONGEST_NAME) + "#" + Integer.toHexString(name.hashCode());
    }

    private static ProviderDefinition withoutSuffixes(ProviderDefinition p, List<String> taken) {
        return p.mxSuffixes().stream().noneMatch(taken::contains)
                ? p
                : new ProviderDefinition(
                        p.name(),
                        p.mxSuffixes().stream().filter(s -> !taken.contains(s)).toList(),
                        p.limits(),
                        p.source());
    }

    private static Map<String, ProviderDefinition> read(Reader text, String source) throws IOException {
        Properties properties = new Properties();
        properties.load(text);
        Map<String, List<String>> suffixes = new TreeMap<>();
        Map<String, LimitSettings> limits = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            int dot = key.lastIndexOf('.');
            String value = properties.getProperty(key).strip();
            if (dot <= 0) {
                throw new IllegalArgumentException(source + ": want PROVIDER.mx or PROVIDER.LIMIT, not " + key);
            }
            String name = key.substring(0, dot).toLowerCase(Locale.ROOT);
            LimitSettings known = limits.getOrDefault(name, LimitSettings.NONE);
            String property = key.substring(dot + 1);
            if (property.equals("mx")) {
                List<String> list = new ArrayList<>();
                for (String s : value.split(",", -1)) {
                    if (!s.isBlank()) {
                        list.add(s);
                    }
                }
                suffixes.put(name, list);
                limits.put(name, known);
            } else {
                limits.put(name, set(known, property, value, source + ": " + key));
            }
        }
        Map<String, ProviderDefinition> result = new LinkedHashMap<>();
        limits.forEach((name, l) ->
                result.put(name, new ProviderDefinition(name, suffixes.getOrDefault(name, List.of()), l, source)));
        return result;
    }

    private static LimitSettings set(LimitSettings limits, String property, String value, String where) {
        Limit limit = Limit.byKey(property).orElseThrow(() -> new IllegalArgumentException(where + " is no limit"));
        try {
            return limits.with(limit, limit.parse(value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }
}
