package io.github.cameldeliverability.delivery;

/**
 * How much mail is under way in memory, by the rules of {@link Usage}. New mail leaves a quarter to what comes back from the
 * disk, so that a flood of new mail does not stop the retries. Thread-safe.
 */
final class MemoryBudget {

    private static final double FOR_NEW = 0.75;

    private final int maxMessages;
    private final long maxBytes;
    private final Usage usage = new Usage();

    MemoryBudget(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** For a message that was just handed in; false sends it to the disk only. */
    synchronized boolean reserveForNew(Standing s, int size) {
        int messages = (int) Math.max(1, maxMessages * FOR_NEW);
        if (usage.room(s, size, messages, (long) (maxBytes * FOR_NEW)) < 1) {
            return false;
        }
        usage.take(s, size);
        return true;
    }

    /** For a message that was claimed; the caller asked {@link #room} before. */
    synchronized void reserve(Standing s, int size) {
        usage.take(s, size);
    }

    synchronized void release(String stream, int size) {
        usage.giveBack(stream, size);
    }

    /** How many more messages may be fetched; 0 if the bytes are used up. */
    synchronized int room(Standing s) {
        return usage.room(s, 1, maxMessages, maxBytes);
    }

    synchronized boolean isEmpty() {
        return usage.pieces() == 0;
    }

    synchronized int messages() {
        return usage.pieces();
    }

    synchronized long bytes() {
        return usage.bytes();
    }
}
