package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * What is remembered of an address whose mailbox was full, or the like.
 *
 * @param bounces how many count now
 * @param days on which days (UTC), oldest first
 * @param last when the last one came
 * @param coolDowns how often the address was given a pause
 */
public record SoftBounces(int bounces, List<LocalDate> days, Instant last, int coolDowns) {
    public SoftBounces {
        days = List.copyOf(days);
        Objects.requireNonNull(last, "last");
    }
}
