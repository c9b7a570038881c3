package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.mail.Suppression.GLOBAL;
import static io.github.cameldeliverability.mail.SuppressionKind.BOUNCE;
import static io.github.cameldeliverability.mail.SuppressionKind.COMPLAINT;
import static io.github.cameldeliverability.mail.SuppressionKind.INVALID;
import static io.github.cameldeliverability.mail.SuppressionKind.MANUAL;
import static io.github.cameldeliverability.mail.SuppressionKind.UNSUBSCRIBE;
import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.Samples.suppression;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.CanonicalForm;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.FeedLag;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SoftBounces;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.SuppressionChecks;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.SoftBounceStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Suppression lists and their feed, whatever database is behind them. */
abstract class SuppressionListContract extends StoreContract {

    private static final String STREAM = Suppression.streamScope("marketing");
    private static final EmailAddress ANN = EmailAddress.parse("ann@example.net");

    @Test
    void anAddressIsFoundHoweverItIsWritten() {
        Suppression s = suppression("Ann@EXAMPLE.net", BOUNCE);
        assertThat(add(s)).isTrue();

        assertThat(check("aNN@example.net", GLOBAL)).contains(s);
        assertThat(check("bob@example.net", GLOBAL)).isEmpty();
        assertThat(get(store.suppressions().check("other", ANN, Set.of(GLOBAL), NOW)))
                .isEmpty();
    }

    @Test
    void onlyTheScopesAskedForCountAndTheStrictestSpeaks() {
        add(suppression("ann@example.net", GLOBAL, BOUNCE, Optional.empty()));
        add(suppression("ann@example.net", STREAM, COMPLAINT, Optional.of(NOW.plusSeconds(60))));

        assertThat(check("ann@example.net", Suppression.streamScope("transactional")))
                .isEmpty();
        assertThat(kind(check("ann@example.net", GLOBAL))).contains(BOUNCE);
        assertThat(kind(check("ann@example.net", GLOBAL, STREAM))).contains(COMPLAINT);
        assertThat(kind(get(store.suppressions().check("default", ANN, Set.of(GLOBAL, STREAM), NOW.plusSeconds(60)))))
                .as("the complaint has ended")
                .contains(BOUNCE);
    }

    @Test
    void anEntryIsStrengthenedNeverWeakened() {
        assertThat(add(until(BOUNCE, NOW.plusSeconds(60)))).isTrue();
        assertThat(add(until(BOUNCE, NOW.plusSeconds(30)))).as("ends earlier").isFalse();
        assertThat(add(until(INVALID, NOW.plusSeconds(60)))).as("same rank").isFalse();
        assertThat(add(until(MANUAL, NOW.plusSeconds(10)))).isTrue();
        assertThat(current()).isEqualTo(until(MANUAL, NOW.plusSeconds(60)));
        assertThat(add(until(UNSUBSCRIBE, NOW.plusSeconds(10)))).isTrue();
        assertThat(add(suppression("ann@example.net", BOUNCE))).as("no end").isTrue();
        assertThat(current()).isEqualTo(suppressionLike(until(UNSUBSCRIBE, NOW.plusSeconds(10)), Optional.empty()));
        assertThat(add(suppression("ann@example.net", COMPLAINT))).isTrue();
        assertThat(add(suppression("ann@example.net", UNSUBSCRIBE))).isFalse();
        assertThat(current().kind()).isEqualTo(COMPLAINT);
        assertThat(changes("crm")).hasSize(5);
    }

    @Test
    void anEndedEntryCountsForNothing() {
        add(suppression("ann@example.net", GLOBAL, COMPLAINT, Optional.of(NOW.minusSeconds(1))));
        assertThat(check("ann@example.net", GLOBAL)).isEmpty();

        assertThat(add(until(BOUNCE, NOW.plusSeconds(60)))).isTrue();

        assertThat(current()).isEqualTo(until(BOUNCE, NOW.plusSeconds(60)));
    }

    @Test
    void removingTellsWhatWasThere() {
        Suppression global = suppression("ann@example.net", BOUNCE);
        Suppression stream = suppression("ann@example.net", STREAM, UNSUBSCRIBE, Optional.empty());
        add(global);
        add(stream);

        assertThat(get(store.suppressions().remove("default", ANN, Optional.of(STREAM), NOW)))
                .containsExactly(stream);
        assertThat(check("ann@example.net", STREAM)).isEmpty();
        assertThat(get(store.suppressions().remove("default", ANN, Optional.empty(), NOW)))
                .containsExactly(global);
        assertThat(get(store.suppressions().remove("default", ANN, Optional.empty(), NOW)))
                .isEmpty();
        assertThat(changes("crm"))
                .extracting(SuppressionChange::operation)
                .containsExactly(Operation.ADDED, Operation.ADDED, Operation.REMOVED, Operation.REMOVED);
        assertThat(changes("crm").get(3).suppression()).isEqualTo(global);
    }

    @Test
    void pagesLeaveNothingOut() {
        List<Suppression> all = new ArrayList<>();
        for (int i = 10; i < 35; i++) {
            all.add(suppression("u" + i + "@example.net", BOUNCE));
            all.add(suppression("u" + i + "@example.net", STREAM, BOUNCE, Optional.empty()));
        }
        assertThat(get(store.suppressions().addAll(all))).isEqualTo(50);
        assertThat(get(store.suppressions().addAll(all))).as("again").isZero();

        List<Suppression> read = new ArrayList<>();
        String after = "";
        for (List<Suppression> page = page(after); !page.isEmpty(); page = page(after)) {
            read.addAll(page);
            after = page.get(page.size() - 1).address().key();
        }

        assertThat(read).containsExactlyElementsOf(all);
    }

    @Test
    void everyEntryOfALargeImportIsFound() {
        List<Suppression> all = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            all.add(suppression("u" + i + "@example.net", BOUNCE));
        }
        get(store.suppressions().addAll(all));

        assertThat(all).allMatch(s -> check(s.address().toString(), GLOBAL).isPresent());
        assertThat(check("u1500@example.net", GLOBAL)).isEmpty();
    }

    @Test
    void everyConsumerHasItsOwnDurableCursor() {
        for (int i = 0; i < 5; i++) {
            add(suppression("u" + i + "@example.net", BOUNCE));
        }
        List<SuppressionChange> first = get(store.suppressions().changes("default", "crm", 2));
        assertThat(changes("crm").subList(0, 2)).as("the cursor has not moved").isEqualTo(first);

        get(store.suppressions().acknowledge("default", "crm", first.get(1).sequence()));
        get(store.suppressions().acknowledge("default", "crm", first.get(0).sequence()));
        store = reopen(store);

        assertThat(changes("crm"))
                .extracting(c -> c.suppression().address().localPart())
                .containsExactly("u2", "u3", "u4");
        assertThat(changes("esp")).hasSize(5);
    }

    @Test
    void nobodyAcknowledgesWhatHasNotHappened() {
        add(suppression("ann@example.net", BOUNCE));

        assertThatThrownBy(() -> get(store.suppressions().acknowledge("default", "crm", 99)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(changes("crm")).hasSize(1);
    }

    @Test
    void listenersAreToldOfChanges() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (AutoCloseable registration = store.suppressions().onChanges("default", told::countDown)) {
            add(suppression("ann@example.net", BOUNCE));

            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(registration).isNotNull();
        }
    }

    @Test
    void entriesSurviveARestart() {
        add(suppression("ann@example.net", BOUNCE));
        store = reopen(store);
        assertThat(check("ann@example.net", GLOBAL)).isPresent();
    }

    @Test
    void aWishThatIsExemptDoesNotHideADeadAddress() {
        SuppressionChecks code = new SuppressionChecks(Set.of(UNSUBSCRIBE), Set.of());
        add(suppression("ann@example.net", UNSUBSCRIBE));
        assertThat(check(code, "ann@example.net")).isEmpty();

        add(suppression("ann@example.net", BOUNCE));

        assertThat(kind(check("ann@example.net", GLOBAL))).contains(UNSUBSCRIBE);
        assertThat(kind(check(code, "ann@example.net"))).contains(BOUNCE);
    }

    @Test
    void canonicalFormsCountOnlyWhereTheyAreAskedFor() {
        SuppressionChecks plus = new SuppressionChecks(Set.of(), Set.of(CanonicalForm.PLUS, CanonicalForm.GMAIL));
        add(suppression("annlee@gmail.com", UNSUBSCRIBE));

        assertThat(check("ann.lee+news@googlemail.com", GLOBAL)).isEmpty();
        assertThat(check(plus, "ann.lee+news@googlemail.com")).isPresent();
        assertThat(check(plus, "ann.lee@example.net")).isEmpty();
    }

    @Test
    void aDomainIsTheSameInBothItsForms() {
        add(suppression("ann@b\u00fccher.example", BOUNCE));

        assertThat(check("ANN@xn--bcher-kva.EXAMPLE", GLOBAL)).isPresent();
        assertThat(check("ann@B\u00dcCHER.example", GLOBAL)).isPresent();
    }

    @Test
    void anErasedAddressStaysSuppressedAndIsNowhere() {
        add(suppression("ann@example.net", COMPLAINT));
        add(suppression("ann@example.net", BOUNCE));

        assertThat(get(store.suppressions().erase("default", ANN, NOW))).isEqualTo(1);

        assertThat(kind(check("Ann@example.net", GLOBAL))).contains(COMPLAINT);
        assertThat(check("ann@example.net", GLOBAL).orElseThrow().address().domain())
                .isEqualTo("erased.invalid");
        assertThat(page("").toString() + changes("crm")).doesNotContain("ann@").doesNotContain("no such user");
        assertThat(changes("crm"))
                .extracting(SuppressionChange::operation)
                .containsExactly(Operation.ADDED, Operation.ERASED);
        store = reopen(store);
        assertThat(check("ann@example.net", GLOBAL)).isPresent();
        assertThat(get(store.suppressions().remove("default", ANN, Optional.empty(), NOW)))
                .hasSize(1);
        assertThat(check("ann@example.net", GLOBAL)).isEmpty();
    }

    @Test
    void aPseudonymFindsTheAddressThatIsToBeErased() {
        add(suppression("ann@example.net", COMPLAINT));
        EmailAddress pseudonym = get(store.suppressions().pseudonym(ANN));

        assertThat(get(store.suppressions().erase("default", pseudonym, NOW))).isEqualTo(1);
        assertThat(page("")).extracting(Suppression::address).containsExactly(pseudonym);
    }

    @Test
    void aDeliveryEndsAPauseAndForgetsWhatLedToIt() {
        SoftBounceStep pause = before -> new SoftBounceStep.Step(
                new SoftBounces(
                        0,
                        List.of(),
                        NOW,
                        1 + before.map(SoftBounces::coolDowns).orElse(0)),
                Optional.of(soft("ann@example.net", NOW.plusSeconds(60))));
        assertThat(get(store.suppressions().softBounce("default", ANN, pause)).entry())
                .isPresent();
        assertThat(check("ann@example.net", GLOBAL)).isPresent();

        assertThat(get(store.suppressions().delivered("default", ANN, NOW.minusSeconds(1))))
                .as("older")
                .isEmpty();
        assertThat(get(store.suppressions().delivered("default", ANN, NOW.plusSeconds(1))))
                .hasSize(1);

        assertThat(check("ann@example.net", GLOBAL)).isEmpty();
        assertThat(changes("crm").get(1).operation()).isEqualTo(Operation.RESTORED);
        assertThat(get(store.suppressions().softBounce("default", ANN, pause))
                        .remember()
                        .coolDowns())
                .isEqualTo(1);
    }

    @Test
    void aConsumerMayReadAgainFromAMomentOnce() {
        for (int i = 0; i < 4; i++) {
            add(suppression("u" + i + "@example.net", BOUNCE));
            clock.advance(Duration.ofSeconds(10));
        }
        get(store.suppressions()
                .acknowledge("default", "crm", changes("crm").get(3).sequence()));
        assertThat(get(store.suppressions().lag("default", "crm"))).isEqualTo(FeedLag.NONE);

        assertThat(get(store.suppressions().replay("default", "crm", NOW.plusSeconds(15))))
                .isTrue();
        assertThat(changes("crm"))
                .extracting(c -> c.suppression().address().localPart())
                .containsExactly("u2", "u3");
        assertThat(get(store.suppressions().lag("default", "crm")).changes()).isEqualTo(2);
        get(store.suppressions()
                .acknowledge("default", "crm", changes("crm").get(1).sequence()));
        assertThat(get(store.suppressions().replay("default", "crm", NOW.plusSeconds(15))))
                .as("again")
                .isFalse();
        assertThat(changes("crm")).isEmpty();
    }

    private static Suppression soft(String address, Instant until) {
        return new Suppression(
                "default",
                GLOBAL,
                EmailAddress.parse(address),
                BOUNCE,
                Optional.of(Reason.MAILBOXFULL),
                "452 4.2.2 full",
                Optional.of("general/full"),
                "soft",
                NOW,
                Optional.of(until));
    }

    private Optional<Suppression> check(SuppressionChecks how, String address) {
        return get(store.suppressions().check("default", EmailAddress.parse(address), Set.of(GLOBAL), how, NOW));
    }

    private boolean add(Suppression s) {
        return get(store.suppressions().add(s));
    }

    private Optional<Suppression> check(String address, String... scopes) {
        return get(store.suppressions().check("default", EmailAddress.parse(address), Set.of(scopes), NOW));
    }

    private Suppression current() {
        return check("ann@example.net", GLOBAL).orElseThrow();
    }

    private List<Suppression> page(String after) {
        return get(store.suppressions().list("default", after, 7));
    }

    private List<SuppressionChange> changes(String consumer) {
        return get(store.suppressions().changes("default", consumer, 100));
    }

    private static Suppression until(SuppressionKind kind, Instant end) {
        return suppression("ann@example.net", GLOBAL, kind, Optional.of(end));
    }

    private static Suppression suppressionLike(Suppression s, Optional<Instant> until) {
        return suppression(s.address().toString(), s.scope(), s.kind(), until);
    }

    private static Optional<SuppressionKind> kind(Optional<Suppression> s) {
        return s.map(Suppression::kind);
    }
}
