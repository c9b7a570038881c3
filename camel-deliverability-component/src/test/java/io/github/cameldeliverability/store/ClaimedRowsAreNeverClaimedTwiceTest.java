package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.StoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.mail.spi.Spool.ClaimRequest;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Several workers claim, defer, release and finish at random: no row is in two hands, and each gets one final. */
class ClaimedRowsAreNeverClaimedTwiceTest {

    private static final int MESSAGES = 60;
    private static final int WORKERS = 4;

    @Property(tries = 8)
    void everyRowIsInOneHandAndGetsOneFinal(@ForAll Random random) throws Exception {
        try (TemporaryStore store = TemporaryStore.open(new SettableClock(NOW))) {
            Map<String, SpooledMessage> messages = new HashMap<>();
            int rows = 0;
            for (int i = 0; i < MESSAGES; i++) {
                String[] recipients = new String[1 + random.nextInt(3)];
                for (int r = 0; r < recipients.length; r++) {
                    recipients[r] = "u" + r + "@d" + random.nextInt(5) + ".example";
                }
                rows += recipients.length;
                SpooledMessage m = Samples.message("q" + i, recipients);
                messages.put(m.queueId(), m);
                store.spool().add(m, false);
            }
            Set<RecipientKey> inHand = ConcurrentHashMap.newKeySet();
            List<RecipientKey> finals = Collections.synchronizedList(new ArrayList<>());
            ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
            List<Future<Void>> ends = new ArrayList<>();
            for (int w = 0; w < WORKERS; w++) {
                Random own = new Random(random.nextLong());
                ends.add(workers.submit(worker(store, own, messages, inHand, finals, rows)));
            }
            for (Future<Void> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
            workers.shutdown();

            assertThat(finals).hasSize(rows);
            assertThat(new HashSet<>(finals)).hasSize(rows);
            assertThat(get(store.spool().stats()).openRecipients()).isZero();
            assertThat(get(store.spool().stats()).messages()).isZero();
            assertThat(get(store.spool().stats()).streams().get(0).deferred()).isZero();
        }
    }

    private static Callable<Void> worker(
            TemporaryStore store,
            Random random,
            Map<String, SpooledMessage> messages,
            Set<RecipientKey> inHand,
            List<RecipientKey> finals,
            int rows) {
        return () -> {
            while (finals.size() < rows) {
                List<Claim> claims = get(store.spool()
                        .claim(new ClaimRequest(
                                "transactional",
                                NOW,
                                1 + random.nextInt(10),
                                1 + random.nextInt(5),
                                Set.of("d" + random.nextInt(8) + ".example"))));
                for (Claim c : claims) {
                    assertThat(inHand.add(c.key()))
                            .as("%s is in one hand only", c.key())
                            .isTrue();
                }
                for (Claim c : claims) {
                    SpooledMessage m = messages.get(c.key().queueId());
                    // Out of the hand before the store is told: afterwards another worker may have it at once.
                    inHand.remove(c.key());
                    switch (random.nextInt(4)) {
                        case 0 -> get(store.spool().release(List.of(c.key()), NOW));
                        case 1 ->
                            get(store.spool()
                                    .settle(c.key(), Samples.deferred(m, c.key().ordinal(), c.attempts() + 1, NOW)));
                        default -> {
                            get(store.spool()
                                    .settle(
                                            c.key(),
                                            Samples.delivered(m, c.key().ordinal())));
                            finals.add(c.key());
                        }
                    }
                }
            }
            return null;
        };
    }
}
