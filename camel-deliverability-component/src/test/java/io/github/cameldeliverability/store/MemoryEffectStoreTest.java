package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.testkit.MemoryStore;
import java.time.Clock;

class MemoryEffectStoreTest extends EffectStoreContract {

    @Override
    Store open(Clock clock) {
        return new MemoryStore(clock);
    }
}
