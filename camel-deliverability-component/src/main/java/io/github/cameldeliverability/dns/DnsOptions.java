package io.github.cameldeliverability.dns;

import java.time.Duration;

/**
 * How to ask and how long to remember.
 *
 * @param timeout for one try at one server
 * @param tries how often each server is tried before the lookup fails
 * @param minTtl answers are kept at least this long, even if their TTL is shorter
 * @param maxTtl answers are kept at most this long
 * @param maxNegativeTtl the same bound for "no such name" and "no data" (RFC 2308)
 * @param failureTtl how long a failure is remembered, so that a dead zone is not asked once per message (RFC 9520)
 * @param cacheEntries how many answers are kept; 0 keeps none
 */
public record DnsOptions(
        Duration timeout,
        int tries,
        Duration minTtl,
        Duration maxTtl,
        Duration maxNegativeTtl,
        Duration failureTtl,
        int cacheEntries) {

    /** 3 s, 2 tries a server, answers kept 30 s to 1 h, negative ones up to 5 min, failures 5 s, 50,000 entries. */
    public static final DnsOptions DEFAULTS = new DnsOptions(
            Duration.ofSeconds(3),
            2,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(5),
            50_000);

    public DnsOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("DNS timeout must be above zero: " + timeout);
        }
        if (tries < 1) {
            throw new IllegalArgumentException("DNS tries must be at least 1: " + tries);
        }
        if (minTtl.isNegative() || minTtl.compareTo(maxTtl) > 0) {
            throw new IllegalArgumentException("DNS minTtl " + minTtl + " is negative or above maxTtl " + maxTtl);
        }
        if (maxNegativeTtl.isNegative() || failureTtl.isNegative() || cacheEntries < 0) {
            throw new IllegalArgumentException("DNS maxNegativeTtl, failureTtl and cacheEntries must not be negative");
        }
    }

    /** The defaults with another timeout and number of tries. */
    public DnsOptions withPatience(Duration timeout, int tries) {
        return new DnsOptions(timeout, tries, minTtl, maxTtl, maxNegativeTtl, failureTtl, cacheEntries);
    }

    /** The same without a cache. */
    public DnsOptions withoutCache() {
        return new DnsOptions(timeout, tries, minTtl, maxTtl, maxNegativeTtl, failureTtl, 0);
    }
}
