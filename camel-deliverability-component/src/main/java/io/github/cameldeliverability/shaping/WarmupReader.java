package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.shaping.WarmupPlan.Signal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads warm-up plans. */
final class WarmupReader {

    private static final List<String> KEYS = List.of(
            "days", "providers", "limits", "skipWeekends", "count", "overflow", "hold", "back", "idle", "timeZone");

    WarmupPlan plan(String name, YamlTree tree) {
        Map<String, YamlTree> map = tree.map();
        allow(map, KEYS);
        Map<String, List<Long>> byProvider = new LinkedHashMap<>();
        LimitSettings limits = LimitSettings.NONE;
        if (map.containsKey("providers")) {
            map.get("providers").map().forEach((provider, value) -> byProvider.put(provider, days(value)));
        }
        if (map.containsKey("limits")) {
            for (Map.Entry<String, YamlTree> e : map.get("limits").map().entrySet()) {
                try {
                    limits = limits.with(e.getKey(), e.getValue().text());
                } catch (IllegalArgumentException bad) {
                    throw e.getValue().bad(bad.getMessage());
                }
            }
        }
        Map<String, YamlTree> hold = nested(map, "hold", List.of("deferrals", "minimum"));
        Map<String, YamlTree> back = nested(map, "back", List.of("blocks", "minimum", "steps"));
        Map<String, YamlTree> idle = nested(map, "idle", List.of("after", "steps", "restart"));
        try {
            return new WarmupPlan(
                    name,
                    days(LimitFileReader.required(tree, "days")),
                    byProvider,
                    limits,
                    map.containsKey("skipWeekends") && flag(map.get("skipWeekends")),
                    choice(map, "count", WarmupPlan.Count.values(), WarmupPlan.Count.SENDING),
                    choice(map, "overflow", WarmupPlan.Overflow.values(), WarmupPlan.Overflow.ADDRESSES),
                    new Signal(share(hold, "deferrals", 0.2), number(hold, "minimum", 20)),
                    new Signal(share(back, "blocks", 0.05), number(back, "minimum", 20)),
                    number(back, "steps", 3),
                    days(idle, "after", 14),
                    number(idle, "steps", 7),
                    days(idle, "restart", 60),
                    zone(map),
                    tree.at());
        } catch (LimitFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw tree.bad(e.getMessage());
        }
    }

    private static Map<String, YamlTree> nested(Map<String, YamlTree> map, String key, List<String> known) {
        if (!map.containsKey(key)) {
            return Map.of();
        }
        Map<String, YamlTree> inner = map.get(key).map();
        allow(inner, known);
        return inner;
    }

    private static void allow(Map<String, YamlTree> map, List<String> known) {
        map.forEach((key, value) -> {
            if (!known.contains(key)) {
                throw value.unknown(known);
            }
        });
    }

    private static List<Long> days(YamlTree tree) {
        try {
            return WarmupPlan.parseDays(String.join(",", new ArrayList<>(tree.texts())));
        } catch (LimitFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw tree.bad(e.getMessage());
        }
    }

    private static ZoneId zone(Map<String, YamlTree> map) {
        if (!map.containsKey("timeZone")) {
            return ZoneOffset.UTC;
        }
        try {
            return (ZoneId) Limit.TIME_ZONE.parse(map.get("timeZone").text());
        } catch (IllegalArgumentException e) {
            throw map.get("timeZone").bad(e.getMessage());
        }
    }

    private static boolean flag(YamlTree tree) {
        return switch (tree.text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw tree.bad("must be true or false");
        };
    }

    private static <E extends Enum<E>> E choice(Map<String, YamlTree> map, String key, E[] values, E otherwise) {
        if (!map.containsKey(key)) {
            return otherwise;
        }
        for (E value : values) {
            if (value.name().equalsIgnoreCase(map.get(key).text())) {
                return value;
            }
        }
        List<String> known = Arrays.stream(values)
                .map(v -> v.name().toLowerCase(Locale.ROOT))
                .toList();
        throw map.get(key).bad("must be one of " + String.join(", ", known));
    }

    private static double share(Map<String, YamlTree> map, String key, double otherwise) {
        return map.containsKey(key) ? share(map.get(key)) : otherwise;
    }

    /** {@code 20%} or {@code 0.2}. */
    static double share(YamlTree tree) {
        String text = tree.text();
        try {
            return text.endsWith("%")
                    ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                    : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw tree.bad("wants a share such as 20%, not " + text);
        }
    }

    private static int number(Map<String, YamlTree> map, String key, int otherwise) {
        return map.containsKey(key) ? number(map.get(key), 0) : otherwise;
    }

    static int number(YamlTree tree, int least) {
        try {
            int n = Integer.parseInt(tree.text());
            if (n >= least) {
                return n;
            }
        } catch (NumberFormatException e) {
            throw tree.bad("wants a whole number, not " + tree.text());
        }
        throw tree.bad("must be at least " + least);
    }

    /** {@code 14d} or {@code 14}. */
    private static int days(Map<String, YamlTree> map, String key, int otherwise) {
        if (!map.containsKey(key)) {
            return otherwise;
        }
        String text = map.get(key).text();
        String digits = text.endsWith("d") ? text.substring(0, text.length() - 1) : text;
        if (!digits.matches("[0-9]{1,4}")) {
            throw map.get(key).bad("wants days such as 14d, not " + text);
        }
        return Integer.parseInt(digits);
    }
}
