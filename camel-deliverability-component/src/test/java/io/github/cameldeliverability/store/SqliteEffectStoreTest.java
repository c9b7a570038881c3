package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.StoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.shaping.KillSwitch;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SqliteEffectStoreTest extends EffectStoreContract {

    @Override
    Store open(Clock clock) {
        return TemporaryStore.open(clock);
    }

    @Test
    void anOrderFromBesideIsHeardOfByTheEngine() {
        try (TemporaryStore engine = TemporaryStore.open(Clock.systemUTC());
                SqliteStore operator = engine.openAdmin()) {
            AtomicInteger woken = new AtomicInteger();
            AutoCloseable listening = engine.effects().onNews(woken::incrementAndGet);

            get(new KillSwitch(operator.effects(), new Random(1))
                    .kill(EffectKey.ofStream("news"), "anna", "", Instant.now()));

            Awaitility.await().until(() -> woken.get() > 0);
            assertThat(get(engine.effects().effects(false))).hasSize(1);
            assertThat(listening).isNotNull();
        }
    }
}
