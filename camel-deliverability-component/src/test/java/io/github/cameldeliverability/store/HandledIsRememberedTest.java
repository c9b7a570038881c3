package io.github.cameldeliverability.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.spi.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was handled, and notes, are there after a restart. */
class HandledIsRememberedTest extends StoreContract {

    @TempDir
    Path folder;

    @Override
    Store open(Clock at) {
        try {
            return SqliteStore.open(
                    folder.resolve("mail.db"),
                    StoreOptions.DEFAULT,
                    at,
                    new SecureRandom(),
                    task -> {
                        Thread t = new Thread(task, "store");
                        t.setDaemon(true);
                        return t;
                    },
                    Runnable::run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Store reopen(Store open) {
        open.close();
        return open(clock);
    }

    @Test
    void theFirstOutcomeStays() {
        assertThat(get(store.handled().record("a", Map.of("k1", "HANDLED", "k2", "ORDINARY"))))
                .isEqualTo(2);
        assertThat(get(store.handled().record("a", Map.of("k1", "ORDINARY", "k3", "HANDLED"))))
                .isEqualTo(1);
        store = reopen(store);
        assertThat(get(store.handled().outcomes("a", List.of("k1", "k2", "k3", "k4"))))
                .isEqualTo(Map.of("k1", "HANDLED", "k2", "ORDINARY", "k3", "HANDLED"));
        assertThat(get(store.handled().outcomes("b", List.of("k1")))).isEmpty();
    }

    @Test
    void oldKeysAreForgottenAndRenewedOnesAreNot() {
        get(store.handled().record("a", Map.of("old", "HANDLED", "renewed", "HANDLED")));
        clock.advance(Duration.ofDays(30));
        get(store.handled().record("a", Map.of("renewed", "HANDLED")));
        assertThat(get(store.handled().forget(clock.instant().minus(Duration.ofDays(10)), 100)))
                .isEqualTo(1);
        assertThat(get(store.handled().outcomes("a", List.of("old", "renewed"))))
                .containsOnlyKeys("renewed");
    }

    @Test
    void aNoteIsReplacedAsAWhole() {
        assertThat(get(store.notes().read("token"))).isEmpty();
        get(store.notes().write("token", "one".getBytes(StandardCharsets.UTF_8)));
        get(store.notes().write("token", "two".getBytes(StandardCharsets.UTF_8)));
        store = reopen(store);
        assertThat(get(store.notes().read("token")))
                .hasValueSatisfying(v -> assertThat(v).isEqualTo("two".getBytes(StandardCharsets.UTF_8)));
    }
}
