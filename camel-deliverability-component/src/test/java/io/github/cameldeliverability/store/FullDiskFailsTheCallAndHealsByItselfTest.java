package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.StoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FullDiskFailsTheCallAndHealsByItselfTest {

    @Test
    void mailIsRefusedWhileTheFileIsFullAndTakenAgainWhenMailHasLeft() {
        StoreOptions small = StoreOptions.DEFAULT.withMaxFileBytes(2 << 20);
        try (TemporaryStore store = TemporaryStore.open(small, Clock.systemUTC())) {
            List<SpooledMessage> taken = new ArrayList<>();
            Throwable refused = null;
            for (int i = 0; refused == null && i < 500; i++) {
                SpooledMessage m = large("q" + i);
                refused = add(store, m);
                if (refused == null) {
                    taken.add(m);
                }
            }

            assertThat(refused).isInstanceOf(IOException.class).hasMessageContaining("disk full");
            assertThat(store.unhealthyReason())
                    .hasValueSatisfying(r -> assertThat(r).contains("disk full"));
            assertThat(taken).hasSizeGreaterThan(10);
            assertThat(get(store.spool().stats()).openRecipients()).isEqualTo(taken.size());

            // What was sent can be recorded although the disk is full: that is what makes room.
            for (SpooledMessage m : taken) {
                get(store.spool().settle(Samples.key(m, 0), Samples.delivered(m, 0)));
            }
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(store.unhealthyReason()).isEmpty());
            assertThat(add(store, large("again"))).isNull();
        }
    }

    @Test
    void inOneBatchOnlyWhatDoesNotFitFails() {
        StoreOptions small = StoreOptions.DEFAULT.withMaxFileBytes(2 << 20);
        try (TemporaryStore store = TemporaryStore.open(small, Clock.systemUTC())) {
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                stages.add(store.spool().add(large("q" + i), true).toCompletableFuture());
            }
            long taken = stages.stream()
                    .filter(s -> s.handle((v, e) -> e == null)
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join())
                    .count();

            assertThat(taken).isBetween(10L, 60L);
            assertThat(get(store.spool().stats()).openRecipients()).isEqualTo(taken);
        }
    }

    private static Throwable add(TemporaryStore store, SpooledMessage m) {
        try {
            get(store.spool().add(m, true));
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static SpooledMessage large(String queueId) {
        return Samples.message(queueId, "transactional", NOW, new byte[40_000], "a@example.net");
    }
}
