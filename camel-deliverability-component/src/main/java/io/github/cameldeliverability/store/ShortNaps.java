package io.github.cameldeliverability.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;

/**
 * Waits for the other process that writes, with a look each millisecond. SQLite's own waiting grows to 100 ms between two
 * looks, and a busy engine leaves its file free for a fraction of a millisecond at a time: an operator's tool would have to
 * be lucky.
 */
final class ShortNaps extends BusyHandler {

    private static final long NAP = TimeUnit.MILLISECONDS.toNanos(1);

    private final long longest;
    private long since;

    ShortNaps(Duration longest) {
        this.longest = longest.toNanos();
    }

    /** @return 0 to give up */
    @Override
    protected int callback(int earlier) {
        long now = System.nanoTime();
        if (earlier == 0) {
            since = now;
        }
        if (now - since >= longest) {
            return 0;
        }
        LockSupport.parkNanos(NAP);
        return 1;
    }
}
