package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;

/**
 * What is being warmed up, and since when.
 *
 * @param kind what is warmed up
 * @param value a source address as in lanes, a signing domain, or a stream
 * @param plan the plan's name
 * @param start the first day
 * @param firstDay the step of the plan to begin with, from 1
 * @param source who says so
 */
public record WarmupTarget(Kind kind, String value, String plan, LocalDate start, int firstDay, String source) {

    /** What can be warmed up. */
    public enum Kind {
        SOURCE,
        DOMAIN,
        STREAM;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public WarmupTarget {
        if (firstDay < 1) {
            throw new IllegalArgumentException("day must be at least 1: " + firstDay);
        }
    }

    boolean isFor(Lane lane, Set<String> dkimDomains) {
        return switch (kind) {
            case SOURCE -> lane.source().equals(value);
            case DOMAIN -> dkimDomains.contains(value);
            case STREAM -> lane.stream().equals(value);
        };
    }

    /** {@code source 192.0.2.1}. */
    String id() {
        return kind.id() + " " + value;
    }
}
