package io.github.cameldeliverability.shaping;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A group of MX hosts run by one receiver.
 *
 * @param name lower case, as in lanes, events and rule packs
 * @param mxSuffixes domain names; a host belongs to the provider if it is one of them or below one of them
 * @param limits what differs from the defaults
 * @param source who says so, for {@code EXPLAIN}
 */
public record ProviderDefinition(String name, List<String> mxSuffixes, LimitSettings limits, String source) {

    public ProviderDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(source, "source");
        mxSuffixes = mxSuffixes.stream()
                .map(ProviderDefinition::canonical)
                .distinct()
                .toList();
    }

    static String canonical(String host) {
        String h = host.strip().toLowerCase(Locale.ROOT);
        h = h.startsWith("*.") ? h.substring(2) : h;
        h = h.startsWith(".") ? h.substring(1) : h;
        return h.endsWith(".") ? h.substring(0, h.length() - 1) : h;
    }
}
