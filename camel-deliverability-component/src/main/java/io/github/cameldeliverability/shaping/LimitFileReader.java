package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.shaping.LimitFile.Place;
import io.github.cameldeliverability.shaping.LimitFile.Sourced;
import io.github.cameldeliverability.shaping.SharedLimit.Dimension;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads a file of limits from YAML. Strict: whatever is not understood is refused with its line and what is wanted. */
final class LimitFileReader {

    private static final List<String> LIMITS =
            Arrays.stream(Limit.values()).map(Limit::key).toList();
    private static final List<String> SECTIONS = List.of(
            "timeZone",
            "defaults",
            "providers",
            "domains",
            "streams",
            "shared",
            "plans",
            "warmup",
            "quotas",
            "retries");

    private final String file;

    LimitFileReader(String file) {
        this.file = file;
    }

    LimitFile read(String text) {
        Map<String, YamlTree> top = YamlTree.read(file, text).map(YamlTree::map).orElse(Map.of());
        top.forEach((key, value) -> {
            if (!SECTIONS.contains(key)) {
                throw value.unknown(SECTIONS);
            }
        });
        LimitSettings defaults = LimitSettings.NONE;
        if (top.containsKey("defaults")) {
            defaults = limits(top.get("defaults"), List.of());
        }
        if (top.containsKey("timeZone")) {
            defaults = limit(Limit.TIME_ZONE, top.get("timeZone"), LimitSettings.NONE)
                    .over(defaults);
        }
        List<ProviderDefinition> providers = new ArrayList<>();
        Map<String, String> claimed = new HashMap<>();
        section(top, "providers").forEach((name, value) -> {
            ProviderDefinition p = provider(name, value);
            for (String host : p.mxSuffixes()) {
                String other = claimed.put(host, name);
                if (other != null) {
                    throw value.bad(host + " is claimed by provider " + other + ", too; leave it to one of them");
                }
            }
            providers.add(p);
        });
        Map<String, Sourced> domains = new LinkedHashMap<>();
        section(top, "domains").forEach((name, value) -> domains.put(domain(name, value), sourced(value)));
        Map<String, LimitFile.StreamLimits> streams = new LinkedHashMap<>();
        section(top, "streams").forEach((name, value) -> streams.put(name, stream(value)));
        List<SharedLimit> shared = new ArrayList<>();
        if (top.containsKey("shared")) {
            top.get("shared").list().forEach(v -> shared.add(shared(v, shared)));
        }
        WarmupReader warmupReader = new WarmupReader();
        Map<String, WarmupPlan> plans = new LinkedHashMap<>();
        section(top, "plans").forEach((name, value) -> plans.put(name, warmupReader.plan(name, value)));
        List<WarmupTarget> warmups = new ArrayList<>();
        if (top.containsKey("warmup")) {
            top.get("warmup").list().forEach(v -> warmups.add(target(v, warmups)));
        }
        Map<String, QuotaProfile> quotas = new LinkedHashMap<>();
        section(top, "quotas").forEach((name, value) -> quotas.put(name, quota(name, value)));
        Map<String, Map<String, Place>> retries = new LinkedHashMap<>();
        if (top.containsKey("retries")) {
            retries.put("", places(top.get("retries")));
        }
        section(top, "streams").forEach((name, value) -> {
            if (value.map().containsKey("retries")) {
                retries.put(name, places(value.map().get("retries")));
            }
        });
        return new LimitFile(
                file, defaults, providers, domains, streams, shared, plans, warmups, quotas, Map.copyOf(retries));
    }

    private static Map<String, YamlTree> section(Map<String, YamlTree> top, String name) {
        return top.containsKey(name) ? top.get(name).map() : Map.of();
    }

    /** The limits among the keys of a mapping; other keys must be among {@code also}. */
    private static LimitSettings limits(YamlTree tree, List<String> also) {
        LimitSettings settings = LimitSettings.NONE;
        for (Map.Entry<String, YamlTree> entry : tree.map().entrySet()) {
            Limit limit = Limit.byKey(entry.getKey()).orElse(null);
            if (limit != null) {
                settings = limit(limit, entry.getValue(), settings);
            } else if (!also.contains(entry.getKey())) {
                List<String> known = new ArrayList<>(LIMITS);
                known.addAll(also);
                throw entry.getValue().unknown(known);
            }
        }
        return settings;
    }

    private static LimitSettings limit(Limit limit, YamlTree value, LimitSettings over) {
        try {
            return over.with(limit, limit.parse(value.text()));
        } catch (IllegalArgumentException e) {
            throw e instanceof LimitFileException known ? known : value.bad(e.getMessage());
        }
    }

    private static Sourced sourced(YamlTree tree) {
        return new Sourced(limits(tree, List.of()), tree.at());
    }

    private static ProviderDefinition provider(String name, YamlTree tree) {
        if (!name.matches("[a-z0-9][a-z0-9._-]*")) {
            throw tree.bad("the name of a provider is made of lower-case letters, digits, '.', '_' and '-'");
        }
        LimitSettings limits = limits(tree, List.of("mx"));
        List<String> mx = List.of();
        if (tree.map().containsKey("mx")) {
            YamlTree hosts = tree.map().get("mx");
            mx = hosts.texts();
            for (String host : mx) {
                if (!HostPattern.isValid(host)) {
                    throw hosts.bad(
                            host + " can match no host; want a domain (example.net, which means all below it, too)"
                                    + " or a pattern with * and ? such as mx*.example.net");
                }
            }
        }
        return new ProviderDefinition(name, mx, limits, tree.at());
    }

    private static String domain(String name, YamlTree tree) {
        try {
            return new EmailAddress("postmaster", name).asciiDomain().toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw tree.bad("is no mail domain: " + e.getMessage());
        }
    }

    private static LimitFile.StreamLimits stream(YamlTree tree) {
        Map<String, Sourced> byProvider = new LinkedHashMap<>();
        YamlTree providers = tree.map().get("providers");
        if (providers != null) {
            providers.map().forEach((name, value) -> byProvider.put(name, sourced(value)));
        }
        return new LimitFile.StreamLimits(
                new Sourced(limits(tree, List.of("providers", "retries")), tree.at()), byProvider);
    }

    private static SharedLimit shared(YamlTree tree, List<SharedLimit> before) {
        Map<String, YamlTree> map = tree.map();
        LimitSettings limits = limits(tree, List.of("name", "for", "per"));
        String name = required(tree, "name").text();
        if (before.stream().anyMatch(s -> s.name().equals(name))) {
            throw map.get("name").bad("there are two shared limits named " + name);
        }
        Map<Dimension, Set<String>> on = new EnumMap<>(Dimension.class);
        if (map.containsKey("for")) {
            map.get("for").map().forEach((key, value) -> on.put(dimension(key, value), new TreeSet<>(value.texts())));
        }
        List<Dimension> by = new ArrayList<>();
        if (map.containsKey("per")) {
            map.get("per").texts().forEach(key -> by.add(dimension(key, map.get("per"))));
        }
        for (Limit limit : List.of(Limit.MESSAGES_PER_CONNECTION, Limit.RECIPIENTS_PER_TRANSACTION)) {
            if (limits.limits().contains(limit)) {
                throw map.get(limit.key())
                        .bad("belongs to a session and cannot be shared; state it under defaults,"
                                + " providers, domains or streams");
            }
        }
        if (limits.isEmpty()) {
            throw tree.bad("shared limit " + name + " limits nothing; add one of " + String.join(", ", LIMITS));
        }
        return new SharedLimit(name, on, by, limits, tree.at());
    }

    private static Dimension dimension(String key, YamlTree tree) {
        try {
            return Dimension.valueOf(key.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw tree.bad(key + " is unknown; lanes can be told apart by stream, source, provider and dkim");
        }
    }

    private static WarmupTarget target(YamlTree tree, List<WarmupTarget> before) {
        Map<String, YamlTree> map = tree.map();
        List<String> known = List.of("source", "domain", "stream", "plan", "start", "day");
        map.forEach((key, value) -> {
            if (!known.contains(key)) {
                throw value.unknown(known);
            }
        });
        List<WarmupTarget.Kind> kinds = Arrays.stream(WarmupTarget.Kind.values())
                .filter(k -> map.containsKey(k.id()))
                .toList();
        if (kinds.size() != 1) {
            throw tree.bad("say what is warmed up by one of source, domain and stream");
        }
        WarmupTarget.Kind kind = kinds.get(0);
        YamlTree value = map.get(kind.id());
        WarmupTarget target = new WarmupTarget(
                kind,
                kind == WarmupTarget.Kind.SOURCE ? source(value) : value.text().toLowerCase(Locale.ROOT),
                map.containsKey("plan") ? map.get("plan").text() : LimitBook.STANDARD_PLAN,
                date(required(tree, "start")),
                map.containsKey("day") ? WarmupReader.number(map.get("day"), 1) : 1,
                tree.at());
        if (before.stream().anyMatch(t -> t.id().equals(target.id()))) {
            throw tree.bad(target.id() + " is warmed up twice");
        }
        return target;
    }

    private static String source(YamlTree tree) {
        String text = tree.text();
        if (text.equals(Lane.DEFAULT_SOURCE)) {
            return text;
        }
        if (!text.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw tree.bad("must be an IP address as in sourceAddress, or default: " + text);
        }
        try {
            return InetAddress.getByName(text).getHostAddress();
        } catch (UnknownHostException e) {
            throw tree.bad("is no IP address: " + text);
        }
    }

    private static LocalDate date(YamlTree tree) {
        try {
            return LocalDate.parse(tree.text());
        } catch (DateTimeException e) {
            throw tree.bad("wants a date such as 2026-11-22, not " + tree.text());
        }
    }

    private static QuotaProfile quota(String name, YamlTree tree) {
        Map<String, YamlTree> map = tree.map();
        LimitSettings limits = limits(tree, List.of("hosts", "stopAt", "asOf"));
        double stopAt = map.containsKey("stopAt") ? WarmupReader.share(map.get("stopAt")) : 0.95;
        try {
            return new QuotaProfile(
                    name,
                    map.containsKey("hosts") ? map.get("hosts").texts() : List.of(),
                    limits,
                    stopAt,
                    map.containsKey("asOf") ? map.get("asOf").text() : "stated by you",
                    tree.at());
        } catch (IllegalArgumentException e) {
            throw tree.bad(e.getMessage());
        }
    }

    private static Map<String, Place> places(YamlTree tree) {
        Map<String, Place> all = new LinkedHashMap<>();
        tree.map().forEach((key, value) -> all.put(key, new Place(value.text(), value.at() + ": " + key)));
        return all;
    }

    static YamlTree required(YamlTree tree, String key) {
        YamlTree value = tree.map().get(key);
        if (value == null) {
            throw tree.bad(key + " is missing");
        }
        return value;
    }
}
