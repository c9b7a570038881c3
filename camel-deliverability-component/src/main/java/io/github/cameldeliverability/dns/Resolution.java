package io.github.cameldeliverability.dns;

import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Record;

/**
 * What a lookup found, with dnsjava's records.
 *
 * @param records of the type asked for; not empty if and only if FOUND
 * @param ttl how long to keep it, within the bounds of the options
 */
record Resolution(Kind kind, List<Record> records, boolean authentic, Duration ttl, String detail) {

    enum Kind {
        FOUND,
        NO_DATA,
        NO_SUCH_NAME,
        FAILED
    }

    static Resolution failed(String detail, Duration ttl) {
        return new Resolution(Kind.FAILED, List.of(), false, ttl, detail);
    }

    Resolution withTtl(Duration other) {
        return new Resolution(kind, records, authentic, other, detail);
    }
}
