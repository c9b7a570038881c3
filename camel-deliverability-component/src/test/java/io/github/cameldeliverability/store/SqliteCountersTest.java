package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.time.Clock;

class SqliteCountersTest extends CountersContract {

    @Override
    Store open(Clock clock) {
        return TemporaryStore.open(clock);
    }

    @Override
    Store reopen(Store store) {
        ((TemporaryStore) store).reopen();
        return store;
    }
}
