package io.github.cameldeliverability.crm.format;

import io.github.cameldeliverability.crm.format.SystemDescription.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Refuses descriptions that cannot be right, or that would opt somebody in. */
final class SystemCheck {

    /** Values by which systems say that somebody may be mailed. */
    private static final Set<String> OPT_IN = Set.of(
            "false", "0", "subscribed", "active", "opted_in", "opt_in", "optin", "new", "contactable", "pending");

    private SystemCheck() {}

    static void check(SystemDescription d) {
        need(d.system() != null && d.system().matches("[a-z0-9-]+"), "system: a name of a-z, 0-9 and - is needed");
        need(d.title() != null, "title: is missing");
        need(d.base() != null, "base: is missing, the address before all paths");
        need(!d.targets().isEmpty() || !d.pull().isEmpty(), "targets: is empty, and pull too");
        d.targets().forEach(t -> target(t));
        d.kinds()
                .forEach((kind, state) -> need(
                        Set.of("bounce", "complaint", "unsubscribe", "invalid", "manual")
                                .contains(kind),
                        "kinds: " + kind + " is no kind of suppression"));
    }

    private static void target(Target t) {
        need(t.id() != null, "targets: one has no id");
        String at = "targets." + t.id() + ".";
        need(t.write() != null || t.create() != null, at + "write: is missing");
        need(!t.states().isEmpty(), at + "states: is empty");
        t.states()
                .forEach((state, fields) -> fields.forEach((name, value) -> {
                    if (t.optsOut().stream().noneMatch(name::contains)) {
                        optsNobodyIn(at + state, name, value);
                    }
                }));
        need(t.create() == null || t.find() != null, at + "create: needs a find");
        need(
                t.write() == null
                        || !t.write().fresh()
                        || (t.find() != null && t.write().per() == 1),
                at + "write.fresh: needs a find, and one record a call");
        if (t.find() != null) {
            need(t.find().call() != null && t.find().records() != null, at + "find: call and records are needed");
            need(
                    t.find().per() == 1 || !t.find().address().isEmpty(),
                    at + "find.address: is needed to tell the addresses of one answer apart");
            JsonPath.parse(t.find().records());
        }
    }

    /** A sink never opts anybody in, so the values that do have no place in a state. */
    private static void optsNobodyIn(String at, String name, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((k, v) -> optsNobodyIn(at, name + "." + k, v));
        } else if (value instanceof List<?> list) {
            list.forEach(v -> optsNobodyIn(at, name, v));
        } else {
            String s = String.valueOf(value).toLowerCase(Locale.ROOT);
            // "active: true" is how some block lists are switched on; "false" and "subscribed" opt in everywhere.
            need(!OPT_IN.contains(s), at + "." + name + ": " + value + " would opt somebody in");
        }
    }

    private static void need(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
