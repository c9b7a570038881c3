package io.github.cameldeliverability.shaping;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the limits of a stream's lanes depend on beside files.
 *
 * @param own limits that the stream's options set
 * @param dkimDomains the domains that sign its mail
 * @param smarthost the host of its smarthost
 * @param login the account at the smarthost; quotas count by account
 * @param quota the quota profile that an option names, {@code none} for none; empty lets the host choose it
 */
public record StreamFacts(
        LimitSettings own,
        Set<String> dkimDomains,
        Optional<String> smarthost,
        Optional<String> login,
        Optional<String> quota) {

    /** A stream of which nothing is known. */
    public static final StreamFacts NONE =
            new StreamFacts(LimitSettings.NONE, Set.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public StreamFacts {
        Objects.requireNonNull(own, "own");
        dkimDomains = Set.copyOf(dkimDomains);
    }

    public StreamFacts withOwn(LimitSettings limits) {
        return new StreamFacts(limits, dkimDomains, smarthost, login, quota);
    }

    /** In lines that {@link #parse} reads. */
    String format() {
        StringBuilder b = new StringBuilder();
        own.limits().forEach(l -> b.append(l.key())
                .append('=')
                .append(own.value(l).orElseThrow())
                .append('\n'));
        new TreeSet<>(dkimDomains).forEach(d -> b.append("dkim=").append(d).append('\n'));
        smarthost.ifPresent(s -> b.append("smarthost=").append(s).append('\n'));
        login.ifPresent(l -> b.append("login=").append(l).append('\n'));
        quota.ifPresent(q -> b.append("quota=").append(q).append('\n'));
        return b.toString();
    }

    /** @throws IllegalArgumentException for lines of another release */
    static StreamFacts parse(String lines) {
        LimitSettings own = LimitSettings.NONE;
        Set<String> dkim = new TreeSet<>();
        String smarthost = null;
        String login = null;
        String quota = null;
        for (String line : lines.split("\n", -1)) {
            int eq = line.indexOf('=');
            if (eq > 0) {
                String value = line.substring(eq + 1);
                switch (line.substring(0, eq)) {
                    case "dkim" -> dkim.add(value);
                    case "smarthost" -> smarthost = value;
                    case "login" -> login = value;
                    case "quota" -> quota = value;
                    default -> own = own.with(line.substring(0, eq), value);
                }
            }
        }
        return new StreamFacts(
                own, dkim, Optional.ofNullable(smarthost), Optional.ofNullable(login), Optional.ofNullable(quota));
    }
}
