package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.Samples.deferred;
import static io.github.cameldeliverability.store.Samples.delivered;
import static io.github.cameldeliverability.store.Samples.key;
import static io.github.cameldeliverability.store.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.mail.spi.Spool.ListRequest;
import io.github.cameldeliverability.mail.spi.Spool.Row;
import io.github.cameldeliverability.mail.spi.Spool.Stats;
import io.github.cameldeliverability.mail.spi.Spool.StreamStats;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The queue, whatever database is behind it. */
abstract class SpoolContract extends StoreContract {

    @Test
    void aMessageComesBackAsItWasHandedIn() {
        SpooledMessage m = new SpooledMessage(
                "q1",
                "transactional",
                "<q1@example.com>",
                new byte[] {0, 1, (byte) 0xff, '\r', '\n'},
                true,
                true,
                Optional.of("envelope id"),
                true,
                NOW,
                NOW.plusSeconds(1),
                NOW.plusNanos(7),
                Set.of("campaign 7", "été"),
                List.of(
                        new Recipient(EmailAddress.parse("Ann.Möller@exämple.net"), ReversePath.NULL),
                        new Recipient(
                                EmailAddress.parse("bob@example.net"),
                                ReversePath.parse("b1@mail.example.com"),
                                new DsnRequest(
                                        Set.of(DsnRequest.Notify.FAILURE, DsnRequest.Notify.DELAY),
                                        Optional.of("rfc822;Bob@example.net"))),
                        new Recipient(
                                EmailAddress.parse("\"a b\"@[192.0.2.1]"), ReversePath.parse("b1@mail.example.com"))));
        add(true, m);

        SpooledMessage loaded = get(store.spool().load("q1")).orElseThrow();

        assertThat(loaded).usingRecursiveComparison().isEqualTo(m);
    }

    @Test
    void aQueueIdIsTakenOnce() {
        add(true, message("q1", "a@example.net"));

        assertThatThrownBy(() -> add(true, message("q1", "b@example.net")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("q1");
        assertThat(stats().openRecipients()).isEqualTo(1);
    }

    @Test
    void aQueueIdOfTheHistoryIsNotTakenAgain() {
        SpooledMessage m = add(true, message("q1", "a@example.net"));
        settle(m, 0, delivered(m, 0));

        assertThatThrownBy(() -> add(true, message("q1", "a@example.net")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("q1");
        assertThat(stats().openRecipients()).isZero();
    }

    @Test
    void heldRowsAreNotClaimedAndFreeOnesAreWhenDue() {
        add(true, message("held", "a@example.net"));
        add(false, message("later", "transactional", NOW.plusSeconds(60), "a@example.net"));
        SpooledMessage free = add(false, message("free", "a@example.net"));
        add(false, message("other", "marketing", NOW, "a@example.net"));

        List<Claim> claims = claim(100, 100, NOW);

        assertThat(claims)
                .containsExactly(new Claim(
                        key(free, 0),
                        "example.net",
                        0,
                        NOW.truncatedTo(ChronoUnit.MILLIS),
                        free.expiresAt().truncatedTo(ChronoUnit.MILLIS)));
        assertThat(claim(100, 100, NOW)).as("claimed once").isEmpty();
        assertThat(claimedKeys(NOW.plusSeconds(60))).containsExactly(new RecipientKey("later", 0));
    }

    @Test
    void theOldestDueRowsOfADomainComeFirstAndNoDomainCrowdsOutTheOthers() {
        for (int i = 0; i < 20; i++) {
            add(false, message("big" + i, "transactional", NOW.minusSeconds(100 - i), "u@big.example"));
        }
        add(false, message("small", "transactional", NOW.minusSeconds(1), "u@small.example"));

        List<Claim> claims = claim(4, 3, NOW);

        assertThat(claims)
                .extracting(c -> c.key().queueId())
                .containsExactlyInAnyOrder("big0", "big1", "big2", "small");
    }

    @Test
    void excludedDomainsAreLeftAlone() {
        addBacklog(300);
        add(false, message("s1", "u@a.example"));
        add(false, message("s2", "u@xn--exmple-cua.net"));

        assertThat(claim(10, 10, NOW, "big.example", "exämple.net"))
                .extracting(c -> c.key().queueId())
                .containsExactly("s1");
        assertThat(claim(10, 10, NOW, "big.example"))
                .extracting(c -> c.key().queueId())
                .containsExactly("s2");
    }

    @Test
    void everyDomainGetsItsTurnWhenClaimsAreSmall() {
        addBacklog(400);
        for (int d = 0; d < 12; d++) {
            add(false, message("first" + d, "transactional", NOW.minusSeconds(9), "u@d" + d + ".example"));
            add(false, message("second" + d, "transactional", NOW.minusSeconds(8), "u@d" + d + ".example"));
        }

        var domains = new HashSet<String>();
        for (int i = 0; i < 6; i++) {
            claim(2, 1, NOW, "big.example").forEach(c -> domains.add(c.domain()));
        }

        assertThat(domains).hasSize(12);
    }

    @Test
    void aFinalOutcomeEndsARowAndTheLastOneTheMessage() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.net"));

        settle(m, 0, delivered(m, 0));
        assertThat(get(store.spool().load("q1")).orElseThrow().recipients())
                .as("ordinals stay")
                .hasSize(2);
        settle(m, 1, delivered(m, 1));

        assertThat(get(store.spool().load("q1"))).isEmpty();
        assertThat(stats())
                .isEqualTo(new Stats(List.of(new StreamStats("transactional", 0, 0, 0, 0, Optional.empty())), 0, 0));
    }

    @Test
    void aRowIsSettledOnceAndOnlyWhileItIsHeld() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.net"));
        SpooledMessage free = add(false, message("q2", "a@example.net"));
        settle(m, 0, delivered(m, 0));

        assertThatThrownBy(() -> settle(m, 0, delivered(m, 0))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> settle(free, 0, delivered(free, 0))).isInstanceOf(IllegalStateException.class);
        assertThat(get(store.events().history("q1"))).hasSize(1);
        assertThat(get(store.events().history("q2"))).isEmpty();
        assertThat(stats().openRecipients()).isEqualTo(2);
    }

    @Test
    void aDeferredRowIsFreeAgainAtItsNextAttempt() {
        SpooledMessage m = add(true, message("q1", "a@example.net"));
        settle(m, 0, deferred(m, 0, 1, NOW.plusSeconds(300)));

        assertThat(get(store.spool().nextDue("transactional", NOW)))
                .contains(NOW.plusSeconds(300).truncatedTo(ChronoUnit.MILLIS));
        assertThat(claim(10, 10, NOW.plusSeconds(299))).isEmpty();
        assertThat(claim(10, 10, NOW.plusSeconds(300)))
                .extracting(Claim::attempts)
                .containsExactly(1);
        assertThat(get(store.spool().nextDue("transactional", NOW))).isEmpty();
    }

    @Test
    void rowsThatWereDueAlreadyDoNotHideTheNextOne() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.net"));
        settle(m, 0, deferred(m, 0, 1, NOW.plusSeconds(1)));
        settle(m, 1, deferred(m, 1, 1, NOW.plusSeconds(60)));

        assertThat(get(store.spool().nextDue("transactional", NOW.plusSeconds(1))))
                .contains(NOW.plusSeconds(60).truncatedTo(ChronoUnit.MILLIS));
        assertThat(get(store.spool().nextDue("transactional", NOW.plusSeconds(60))))
                .isEmpty();
    }

    @Test
    void releasedRowsKeepTheirAttempts() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.net"));
        settle(m, 0, deferred(m, 0, 3, NOW));
        claim(10, 10, NOW);

        get(store.spool().release(List.of(key(m, 0), key(m, 1)), NOW.plusSeconds(5)));
        get(store.spool().release(List.of(key(m, 0), new RecipientKey("unknown", 0)), NOW));

        assertThat(claim(10, 10, NOW.plusSeconds(4))).isEmpty();
        assertThat(claim(10, 10, NOW.plusSeconds(5)))
                .extracting(Claim::attempts)
                .containsExactlyInAnyOrder(3, 0);
    }

    @Test
    void countsFollowEveryChange() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.net"));
        add(false, message("q2", "transactional", NOW.plusSeconds(60), "a@example.net"));
        settle(m, 0, deferred(m, 0, 1, NOW));
        add(true, message("q3", "marketing", NOW, "a@example.net"));

        Stats stats = stats();

        Optional<Instant> accepted = Optional.of(NOW.truncatedTo(ChronoUnit.MILLIS));
        assertThat(stats.messages()).isEqualTo(3);
        assertThat(stats.openRecipients()).isEqualTo(4);
        assertThat(stats.streams())
                .containsExactly(
                        new StreamStats("marketing", 1, 1, 0, 0, accepted),
                        new StreamStats("transactional", 3, 1, 1, 1, accepted));
        claim(10, 10, NOW);
        settle(m, 0, deferred(m, 0, 2, NOW.plusSeconds(9)));
        settle(m, 1, delivered(m, 1));
        clock.advance(Duration.ofSeconds(60));
        assertThat(stats().streams().get(1)).isEqualTo(new StreamStats("transactional", 2, 0, 2, 1, accepted));
    }

    @Test
    void peopleSeeTheOpenRowsOldestFirst() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.org"));
        add(false, message("q2", "marketing", NOW, "c@example.org"));
        settle(m, 1, deferred(m, 1, 1, NOW.plusSeconds(1)));

        List<Row> all = get(store.spool().list(new ListRequest(Optional.empty(), Optional.empty(), 10)));
        List<Row> org =
                get(store.spool().list(new ListRequest(Optional.of("transactional"), Optional.of("example.org"), 10)));

        assertThat(all).extracting(Row::recipient).containsExactly("a@example.net", "b@example.org", "c@example.org");
        assertThat(all).extracting(Row::held).containsExactly(true, false, false);
        assertThat(org).singleElement().satisfies(row -> {
            assertThat(row.key()).isEqualTo(key(m, 1));
            assertThat(row.attempts()).isEqualTo(1);
            assertThat(row.lastReply()).contains("451 4.7.1 Greylisted");
        });
        assertThat(get(store.spool().list(new ListRequest(Optional.empty(), Optional.empty(), 2))))
                .hasSize(2);
    }

    @Test
    void aRestartFreesWhatWasHeld() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.net"));
        settle(m, 0, delivered(m, 0));

        store = reopen(store);

        assertThat(claimedKeys(NOW)).containsExactly(key(m, 1));
        assertThat(stats().streams().get(0).held()).isEqualTo(1);
        settle(m, 1, delivered(m, 1));
        assertThat(stats().messages()).isZero();
    }

    @Test
    void aSecretStaysTheSame() {
        byte[] first = get(store.secret("token"));
        byte[] other = get(store.secret("unsubscribe"));

        store = reopen(store);

        assertThat(first).hasSize(32).isNotEqualTo(other).isEqualTo(get(store.secret("token")));
    }

    /** Rows of one large domain, due longest. */
    private void addBacklog(int rows) {
        CompletableFuture.allOf(IntStream.range(0, rows)
                        .mapToObj(i -> message("big" + i, "transactional", NOW.minusSeconds(1000 - i), "u@big.example"))
                        .map(m -> store.spool().add(m, false).toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private Stats stats() {
        return get(store.spool().stats());
    }
}
