package io.github.cameldeliverability.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChecks;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.store.SuppressionIndex.Answer;
import io.github.cameldeliverability.store.SuppressionIndex.Item;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EveryAnswerFromMemoryIsTrueTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Set<String> GLOBAL = Set.of(Suppression.GLOBAL);

    private static final List<SuppressionKind> KINDS = List.of(SuppressionKind.values());

    private final SuppressionIndex index = new SuppressionIndex(new byte[16]);

    @Test
    void sipHashGivesThePublishedValues() {
        byte[] key = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        SipHash hash = new SipHash(key);
        // The first and the sixteenth of vectors_sip128 and vectors_sip64 of the reference implementation, whose inputs
        // are the octets 0, 1, 2 ...
        assertThat(HexFormat.of().formatHex(hash.hash128(new byte[0]))).isEqualTo("a3817f04ba25a8e66df67214c7550293");
        byte[] fifteen = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e");
        assertThat(hash.hash64(fifteen, 0, 15)).isEqualTo(0xa129ca6149be45e5L);
        assertThat(hash.hash64(new byte[0], 0, 0)).isEqualTo(0x726fdb47dd0e0e31L);
    }

    @Test
    void itAgreesWithAMapThroughAnyChanges() {
        Random random = new Random(42);
        Map<String, List<Item>> truth = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            String key = "u" + random.nextInt(60_000) + "@example.net";
            List<Item> items = new ArrayList<>();
            for (int n = random.nextInt(3); n > 0; n--) {
                items.add(new Item(
                        n == 1 ? Suppression.GLOBAL : "stream:s" + random.nextInt(50),
                        KINDS.get(random.nextInt(KINDS.size())),
                        random.nextBoolean() ? Instant.MAX : NOW.plusMillis(random.nextInt(10_000))));
            }
            index.put("default", key, items);
            truth.put(key, items);
        }
        truth.forEach((key, items) -> assertThat(index.find("default", key)).isEqualTo(items));
        for (int i = 0; i < 60_000; i++) {
            assertThat(index.find("other", "u" + i + "@example.net")).isEmpty();
            assertThat(index.find("default", "v" + i + "@example.net")).isEmpty();
        }
    }

    @Test
    void whatIsReplacedIsSwept() {
        List<Item> item = List.of(new Item(Suppression.GLOBAL, SuppressionKind.BOUNCE, NOW));
        for (int i = 0; i < 2_000_000; i++) {
            index.put("default", "u" + i % 1_000 + "@a-domain-with-a-rather-long-name.example.net", item);
        }
        assertThat(index.size()).isEqualTo(1_000);
        assertThat(index.footprint()).isLessThan(64L << 20);
    }

    @Test
    void kindsThatAreExemptAreLeftToTheDatabase() {
        index.put("default", "a@x", List.of(new Item(Suppression.GLOBAL, SuppressionKind.UNSUBSCRIBE, Instant.MAX)));
        assertThat(index.ask("default", "a@x", GLOBAL, Set.of(), NOW)).isEqualTo(Answer.YES);
        assertThat(index.ask("default", "a@x", GLOBAL, Set.of(SuppressionKind.UNSUBSCRIBE), NOW))
                .isEqualTo(Answer.ASK);
        assertThat(index.ask("default", "a@x", Set.of("stream:s"), Set.of(), NOW))
                .isEqualTo(Answer.NO);
    }

    @Test
    void whoeverAsksWhileItGrowsAndIsSweptIsToldTheTruth() throws Exception {
        List<Item> item = List.of(new Item(Suppression.GLOBAL, SuppressionKind.BOUNCE, Instant.MAX));
        for (int i = 0; i < 1_000; i++) {
            index.put("default", "always" + i + "@example.net", item);
        }
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        Thread asking = new Thread(() -> {
            for (int i = 0; !ended.get(); i++) {
                if (index.ask("default", "always" + i % 1_000 + "@example.net", GLOBAL, Set.of(), NOW) != Answer.YES) {
                    wrong.set("always" + i % 1_000);
                }
                if (index.ask("default", "never" + i % 1_000 + "@example.net", GLOBAL, Set.of(), NOW) != Answer.NO) {
                    wrong.set("never" + i % 1_000);
                }
            }
        });
        asking.start();
        for (int i = 0; i < 600_000; i++) {
            index.put("default", "u" + i % 150_000 + "@example.net", i % 3 == 0 ? List.of() : item);
        }
        ended.set(true);
        asking.join(10_000);
        assertThat(wrong.get()).isNull();
    }

    @Test
    void aLargeListIsReadBesideTheWorkAndThenAnsweredWithoutAQuery() {
        try (TemporaryStore store = TemporaryStore.open(Clock.systemUTC())) {
            List<Suppression> all = new ArrayList<>();
            for (int i = 0; i < 25_000; i++) {
                all.add(Samples.suppression("u" + i + "@example.net", SuppressionKind.BOUNCE));
            }
            store.suppressions()
                    .addAll(all)
                    .toCompletableFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
            store.reopen();

            assertThat(kind(store, "u24999@example.net")).as("while it is read").contains(SuppressionKind.BOUNCE);
            store.suppressions()
                    .add(Samples.suppression("new@example.net", SuppressionKind.COMPLAINT))
                    .toCompletableFuture()
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            // A stage that is complete when it is returned was answered from memory.
            await().atMost(Duration.ofSeconds(20)).until(() -> isAnsweredAtOnce(store, "nobody@example.net"));
            assertThat(kind(store, "nobody@example.net")).isEmpty();
            for (int i = 0; i < 25_000; i += 97) {
                assertThat(kind(store, "u" + i + "@example.net")).contains(SuppressionKind.BOUNCE);
            }
            assertThat(kind(store, "new@example.net")).contains(SuppressionKind.COMPLAINT);
        }
    }

    private static boolean isAnsweredAtOnce(TemporaryStore store, String address) {
        return store.suppressions()
                .kind("default", EmailAddress.parse(address), GLOBAL, SuppressionChecks.ALL, Samples.NOW)
                .toCompletableFuture()
                .isDone();
    }

    private static Optional<SuppressionKind> kind(TemporaryStore store, String address) {
        return store.suppressions()
                .kind("default", EmailAddress.parse(address), GLOBAL, SuppressionChecks.ALL, Samples.NOW)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
