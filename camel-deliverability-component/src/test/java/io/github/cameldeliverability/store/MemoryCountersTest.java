package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.testkit.MemoryStore;
import java.time.Clock;

/** The test kit's counters do what a database's do. */
class MemoryCountersTest extends CountersContract {

    @Override
    Store open(Clock clock) {
        return new MemoryStore(clock);
    }

    @Override
    Store reopen(Store store) {
        return store;
    }
}
