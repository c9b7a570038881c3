package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.StoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Spool.ClaimRequest;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperatorsWorkBesideTheEngineTest {

    private final TemporaryStore engine = TemporaryStore.open(new SettableClock(NOW));
    private final SqliteStore operator = engine.openAdmin();

    @AfterEach
    void close() {
        operator.close();
        engine.close();
    }

    @Test
    void theySeeTheQueueButHoldNothing() {
        SpooledMessage m = Samples.message("q1", "a@example.net");
        get(engine.spool().add(m, false));

        assertThat(get(operator.spool().stats()).openRecipients()).isEqualTo(1);
        assertThat(get(operator.spool().load("q1"))).isPresent();
        assertThatThrownBy(() -> get(operator.spool().claim(new ClaimRequest("transactional", NOW, 1, 1, Set.of()))))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> get(operator.spool().add(Samples.message("q2", "a@example.net"), false)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> get(operator.spool().settle(Samples.key(m, 0), Samples.delivered(m, 0))))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> get(operator.spool().release(List.of(Samples.key(m, 0)), NOW)))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void closingTheirStoreDoesNotFreeWhatTheEngineHolds() {
        SpooledMessage m = Samples.message("q1", "a@example.net");
        get(engine.spool().add(m, true));

        engine.openAdmin().close();

        get(engine.spool().settle(Samples.key(m, 0), Samples.delivered(m, 0)));
    }

    @Test
    void theEngineLearnsWithinASecondWhomTheySuppress() throws Exception {
        EmailAddress ann = EmailAddress.parse("ann@example.net");
        assertThat(get(engine.suppressions().check("default", ann, Set.of(Suppression.GLOBAL), NOW)))
                .isEmpty();
        CountDownLatch told = new CountDownLatch(1);
        try (AutoCloseable registration = engine.suppressions().onChanges("default", told::countDown)) {
            get(operator.suppressions().add(Samples.suppression("ann@example.net", SuppressionKind.MANUAL)));

            // The promise is one second; a loaded build machine gets more before it is called broken.
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(
                                    get(engine.suppressions().check("default", ann, Set.of(Suppression.GLOBAL), NOW)))
                            .isPresent());
            assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(registration).isNotNull();
        }
    }

    @Test
    void theirChangesGetThroughWhileTheEngineIsBusy() {
        Thread load = new Thread(() -> {
            for (int i = 0; !Thread.currentThread().isInterrupted() && i < 200_000; i++) {
                // Each add waits for nothing, so the engine has the next batch ready when one is committed.
                engine.spool().add(Samples.message("q" + i, "a@example.net"), true);
                if (i % 500 == 499) {
                    get(engine.spool().nextDue("transactional", NOW));
                }
            }
        });
        load.start();
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(get(operator.suppressions()
                                .add(Samples.suppression("u" + i + "@example.net", SuppressionKind.MANUAL))))
                        .isTrue();
            }
        } finally {
            load.interrupt();
        }
    }
}
