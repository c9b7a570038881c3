package io.github.cameldeliverability.delivery;

/**
 * How much mail is under way in memory. Streams that are not the most important share one half, so that their mail cannot
 * fill it; new mail leaves a quarter to what comes back from the disk, so that a flood of new mail does not stop the
 * retries. Thread-safe.
 */
final class MemoryBudget {

    private final int maxMessages;
    private final long maxBytes;
    private int messages;
    private long bytes;
    private int minorMessages;
    private long minorBytes;

    MemoryBudget(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** For a message that was just handed in; false sends it to the disk only. */
    synchronized boolean reserveForNew(boolean minor, int size) {
        if (!fits(minor, size, 0.75)) {
            return false;
        }
        reserve(minor, size);
        return true;
    }

    /** For a message that was claimed; the caller asked {@link #room} before. */
    synchronized void reserve(boolean minor, int size) {
        messages++;
        bytes += size;
        if (minor) {
            minorMessages++;
            minorBytes += size;
        }
    }

    synchronized void release(boolean minor, int size) {
        messages--;
        bytes -= size;
        if (minor) {
            minorMessages--;
            minorBytes -= size;
        }
    }

    /** How many more messages may be fetched; 0 if the bytes are used up. */
    synchronized int room(boolean minor) {
        int all = bytes >= maxBytes ? 0 : maxMessages - messages;
        if (!minor) {
            return Math.max(0, all);
        }
        int own = minorBytes >= maxBytes / 2 ? 0 : Math.max(1, maxMessages / 2) - minorMessages;
        return Math.max(0, Math.min(all, own));
    }

    synchronized boolean isEmpty() {
        return messages == 0;
    }

    synchronized int messages() {
        return messages;
    }

    synchronized long bytes() {
        return bytes;
    }

    private boolean fits(boolean minor, int size, double share) {
        if (messages + 1 > Math.max(1, maxMessages * share) || bytes + size > maxBytes * share) {
            return false;
        }
        return !minor
                || (minorMessages + 1 <= Math.max(1, maxMessages * share / 2)
                        && minorBytes + size <= maxBytes * share / 2);
    }
}
