package io.github.cameldeliverability.shaping;

import java.time.Instant;

/**
 * Rates and open sessions that several lanes share by name. The one of this process is {@link LocalMeters}; an
 * implementation for a cluster takes blocks from a common place and hands them out from here. Thread-safe, never blocks.
 */
public interface SharedMeters {

    /**
     * Takes {@code n} tokens of a rate if a slot is free.
     *
     * @param perSecond tokens a second, positive
     * @param burst tokens that may go at once after a rest; 0 means a second's worth
     * @return 0, else how many nanoseconds to wait; then nothing was taken
     */
    long take(String name, Instant now, long n, double perSecond, long burst);

    /** As {@link #take}, taking nothing. */
    long peek(String name, Instant now, double perSecond, long burst);

    /** Puts tokens back that were taken and not used. */
    void putBack(String name, long n, double perSecond);

    /** Counts one more open session if there are fewer than {@code limit}. */
    boolean open(String name, int limit);

    /** One session less. */
    void closed(String name);

    /** Sessions open under a name. */
    int openSessions(String name);
}
