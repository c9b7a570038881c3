package io.github.cameldeliverability.shaping;

import java.util.List;
import java.util.Locale;

/**
 * What a mailbox provider lets one account submit.
 *
 * @param name as in the option {@code smarthostQuota}
 * @param hosts submission servers by which it is chosen
 * @param limits the published numbers
 * @param stopAt the share of a cap at which to stop, 0 to 1, so that the account is never blocked for the rest of the day
 * @param asOf when the numbers were read, for people
 * @param source who says so
 */
public record QuotaProfile(
        String name, List<String> hosts, LimitSettings limits, double stopAt, String asOf, String source) {

    public QuotaProfile {
        hosts = hosts.stream().map(ProviderDefinition::canonical).toList();
        if (!(stopAt > 0 && stopAt <= 1)) {
            throw new IllegalArgumentException("stopAt must be above 0 and at most 100%: " + stopAt);
        }
    }

    boolean isFor(String host) {
        return hosts.contains(ProviderDefinition.canonical(host));
    }

    /** The limits with the caps cut to where the hard stop is. */
    LimitSettings stopping() {
        LimitSettings s = limits;
        if (limits.dailyCap().isPresent()) {
            s = s.withDailyCap((long) (limits.dailyCap().getAsLong() * stopAt));
        }
        return limits.hourlyCap().isPresent()
                ? s.withHourlyCap((long) (limits.hourlyCap().getAsLong() * stopAt))
                : s;
    }

    String label() {
        return String.format(Locale.ROOT, "quota %s as of %s, stops at %.0f %%", name, asOf, stopAt * 100);
    }
}
