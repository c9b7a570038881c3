package io.github.cameldeliverability.store;

import java.time.Duration;
import java.util.Objects;

/**
 * How a store is opened.
 *
 * @param node a name of this node for people, such as the host name
 * @param batchSize operations in one commit at most, 1 to 100,000; larger batches cost latency, not safety
 * @param maxPendingBytes message content that may wait for its commit; an {@code add} beyond it fails at once with an
 *     {@code IOException} so that a stalled disk cannot fill the heap
 * @param readers threads and connections for reading, 1 to 64
 * @param busyTimeout how long to wait for another process (an operator's tool) that is writing
 * @param cacheKilobytes page cache of the writing connection
 * @param maxFileBytes how large the file may grow; beyond it mail is refused as on a full disk, until mail has left.
 *     At least 1 MiB
 * @param migrations where Flyway finds the schema; another place than an application's own migrations
 */
public record StoreOptions(
        String node,
        int batchSize,
        long maxPendingBytes,
        int readers,
        Duration busyTimeout,
        int cacheKilobytes,
        long maxFileBytes,
        String migrations) {

    public static final StoreOptions DEFAULT = new StoreOptions(
            "local",
            1_000,
            256L * 1024 * 1024,
            2,
            Duration.ofSeconds(10),
            64 * 1024,
            1L << 40,
            "classpath:db/deliverability/sqlite");

    public StoreOptions {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(busyTimeout, "busyTimeout");
        Objects.requireNonNull(migrations, "migrations");
        require(batchSize >= 1 && batchSize <= 100_000, "batchSize", batchSize, "1 to 100000");
        require(maxPendingBytes >= 1, "maxPendingBytes", maxPendingBytes, "at least 1");
        require(readers >= 1 && readers <= 64, "readers", readers, "1 to 64");
        require(cacheKilobytes >= 64, "cacheKilobytes", cacheKilobytes, "at least 64");
        require(maxFileBytes >= 1 << 20, "maxFileBytes", maxFileBytes, "at least 1048576");
        require(
                !busyTimeout.isNegative() && busyTimeout.toMillis() <= Integer.MAX_VALUE,
                "busyTimeout",
                busyTimeout.toMillis(),
                "0 to 2147483647 ms");
    }

    public StoreOptions withBatchSize(int size) {
        return new StoreOptions(
                node, size, maxPendingBytes, readers, busyTimeout, cacheKilobytes, maxFileBytes, migrations);
    }

    public StoreOptions withMaxPendingBytes(long bytes) {
        return new StoreOptions(node, batchSize, bytes, readers, busyTimeout, cacheKilobytes, maxFileBytes, migrations);
    }

    public StoreOptions withBusyTimeout(Duration timeout) {
        return new StoreOptions(
                node, batchSize, maxPendingBytes, readers, timeout, cacheKilobytes, maxFileBytes, migrations);
    }

    public StoreOptions withMaxFileBytes(long bytes) {
        return new StoreOptions(
                node, batchSize, maxPendingBytes, readers, busyTimeout, cacheKilobytes, bytes, migrations);
    }

    private static void require(boolean ok, String option, long value, String wanted) {
        if (!ok) {
            throw new IllegalArgumentException("store option " + option + "=" + value + ": want " + wanted);
        }
    }
}
