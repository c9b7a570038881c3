package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.Samples.deferred;
import static io.github.cameldeliverability.store.Samples.delivered;
import static io.github.cameldeliverability.store.Samples.key;
import static io.github.cameldeliverability.store.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The outbox of events, whatever database is behind it. */
abstract class EventLogContract extends StoreContract {

    private static final Duration LEASE = Duration.ofMinutes(1);

    @Test
    void anEventComesBackAsItWasSettled() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "b@example.net"));
        settle(m, 1, deferred(m, 1, 1, NOW.plusSeconds(60)));
        settle(m, 0, delivered(m, 0));

        List<LoggedEvent> events = claim(10);

        assertThat(events).extracting(LoggedEvent::key).containsExactly(key(m, 1), key(m, 0));
        assertThat(events)
                .extracting(LoggedEvent::event)
                .containsExactly(deferred(m, 1, 1, NOW.plusSeconds(60)), delivered(m, 0));
        assertThat(events).extracting(LoggedEvent::id).isSorted();
    }

    @Test
    void aClaimedEventComesAgainOnlyAfterItsLease() {
        deliver("q1", "q2", "q3");

        assertThat(claim(2)).hasSize(2);
        assertThat(ids(claim(10))).containsExactly("q3");
        clock.advance(LEASE);
        assertThat(ids(claim(10))).containsExactly("q1", "q2", "q3");
    }

    @Test
    void anAcknowledgedEventNeverComesAgainButIsHistory() {
        deliver("q1", "q2");
        get(store.events().acknowledge(List.of(claim(1).get(0).id())));

        clock.advance(LEASE.multipliedBy(2));
        store = reopen(store);

        assertThat(ids(claim(10))).containsExactly("q2");
        assertThat(get(store.events().history("q1")))
                .singleElement()
                .extracting(e -> e.event().outcome())
                .isEqualTo(Outcome.DELIVERED);
    }

    @Test
    void whatIsGivenBackComesAtOnceAndInItsOldPlace() {
        deliver("q1", "q2");
        List<LoggedEvent> events = claim(10);

        get(store.events().giveBack(List.of(events.get(0).id())));

        assertThat(ids(claim(10))).containsExactly("q1");
    }

    @Test
    void eventsOfOtherStreamsAreTheirs() {
        SpooledMessage other = add(true, message("q1", "marketing", NOW, "a@example.net"));
        settle(other, 0, delivered(other, 0));

        assertThat(claim(10)).isEmpty();
        assertThat(get(store.events().claim("marketing", 10, LEASE))).hasSize(1);
    }

    @Test
    void aTokenFindsItsRecipientInTheQueueAndInTheHistory() {
        SpooledMessage m = add(true, message("q1", "a@example.net", "B@example.net"));
        settle(m, 0, delivered(m, 0));

        assertThat(get(store.events().recipientOf(key(m, 0)))).contains(EmailAddress.parse("a@example.net"));
        settle(m, 1, delivered(m, 1));
        assertThat(get(store.events().recipientOf(key(m, 1)))).contains(EmailAddress.parse("B@example.net"));
        assertThat(get(store.events().recipientOf(new RecipientKey("q1", 2)))).isEmpty();
        assertThat(get(store.events().recipientOf(new RecipientKey("nobody", 0))))
                .isEmpty();
    }

    @Test
    void oldEventsArePurgedInStepsAndNumbersAreNotUsedAgain() {
        deliver("q1", "q2", "q3");
        long last = claim(10).get(2).id();

        assertThat(get(store.events().purge(NOW, 10))).as("not older").isZero();
        assertThat(get(store.events().purge(NOW.plusMillis(1), 2))).isEqualTo(2);
        assertThat(get(store.events().purge(NOW.plusMillis(1), 2))).isEqualTo(1);
        assertThat(get(store.events().history("q3"))).isEmpty();
        store = reopen(store);
        deliver("q4");

        assertThat(claim(10)).singleElement().satisfies(e -> assertThat(e.id()).isGreaterThan(last));
    }

    @Test
    void whatNobodyAcknowledgedIsKeptLongerAndHidesNothing() {
        deliver("q1", "q2", "q3", "q4");
        get(store.events()
                .acknowledge(claim(10).stream().skip(2).map(LoggedEvent::id).toList()));

        assertThat(get(store.events().purge(NOW, NOW, 10))).as("not older").isZero();
        assertThat(get(store.events().purge(NOW.plusMillis(1), NOW, 1))).isEqualTo(1);
        assertThat(get(store.events().purge(NOW.plusMillis(1), NOW, 10))).isEqualTo(1);
        assertThat(get(store.events().purge(NOW.plusMillis(1), NOW, 10))).isZero();
        assertThat(get(store.events().history("q2"))).hasSize(1);
        assertThat(get(store.events().history("q3"))).isEmpty();
        assertThat(get(store.events().history("q4"))).isEmpty();

        assertThat(get(store.events().purge(NOW.plusMillis(2), NOW.plusMillis(1), 10)))
                .isEqualTo(2);
    }

    @Test
    void listenersAreToldOfNewEvents() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (AutoCloseable registration = store.events().onEvents("transactional", told::countDown)) {
            deliver("q1");

            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(registration).isNotNull();
        }
    }

    @Test
    void aLeaseCanBeRenewedUntilTheEventIsAcknowledged() {
        deliver("q1", "q2");
        List<LoggedEvent> mine = claim(2);

        clock.advance(LEASE.dividedBy(2));
        get(store.events().renew(List.of(mine.get(0).id()), LEASE));
        clock.advance(LEASE.dividedBy(2));
        assertThat(ids(claim(10))).as("q1 is still mine").containsExactly("q2");

        get(store.events().giveBack(List.of(mine.get(0).id())));
        get(store.events().renew(List.of(mine.get(0).id()), LEASE));
        assertThat(ids(claim(10))).as("what was given back is anybody's").containsExactly("q1");
        get(store.events().acknowledge(List.of(mine.get(0).id())));
        get(store.events().renew(List.of(mine.get(0).id()), LEASE));
        clock.advance(LEASE.multipliedBy(2));
        assertThat(ids(claim(10))).containsExactly("q2");
    }

    @Test
    void aMessageIdFindsItsMessageInTheQueueAndInTheHistory() {
        SpooledMessage own = add(true, message("q1", "a@example.net"));
        SpooledMessage named = add(true, withMessageId(message("q2", "a@example.net"), "<abc.def@shop.example>"));
        SpooledMessage again = add(true, withMessageId(message("q3", "b@example.net"), "<abc.def@shop.example>"));

        assertThat(get(store.events().queueIdOf(own.messageId()))).contains("q1");
        assertThat(get(store.events().queueIdOf(named.messageId())))
                .as("the newest")
                .contains("q3");
        settle(again, 0, delivered(again, 0));
        settle(own, 0, delivered(own, 0));
        store = reopen(store);
        assertThat(get(store.events().queueIdOf(own.messageId()))).contains("q1");
        assertThat(get(store.events().queueIdOf(named.messageId()))).contains("q3");
        assertThat(get(store.events().queueIdOf("<nobody@example.net>"))).isEmpty();
        assertThat(get(store.events().queueIdOf("<q1@another.example>")))
                .as("a queue id in a stranger's field")
                .isEmpty();

        get(store.events().purge(NOW.plus(Duration.ofDays(90)), 100));
        assertThat(get(store.events().queueIdOf(named.messageId())))
                .as("the newest went with its events; the other is still in the queue")
                .contains("q2");
    }

    @Test
    void theWholeLogIsReadPageByPage() {
        deliver("q1", "q2", "q3");
        SpooledMessage other = add(true, message("q4", "marketing", NOW, "b@example.net"));
        settle(other, 0, delivered(other, 0));
        get(store.events().acknowledge(List.of(claim(10).get(0).id())));

        List<LoggedEvent> first = get(store.events().page(0, 3));
        assertThat(ids(first)).as("acknowledged or not").containsExactly("q1", "q2", "q3");
        List<LoggedEvent> second = get(store.events().page(first.get(2).id(), 3));
        assertThat(ids(second)).as("of all streams").containsExactly("q4");
        assertThat(second.get(0).event().stream()).isEqualTo("marketing");
        assertThat(get(store.events().page(second.get(0).id(), 3))).isEmpty();
    }

    private static SpooledMessage withMessageId(SpooledMessage m, String messageId) {
        return new SpooledMessage(
                m.queueId(),
                m.stream(),
                messageId,
                m.content(),
                m.eightBit(),
                m.utf8Header(),
                m.envelopeId(),
                m.requireTls(),
                m.acceptedAt(),
                m.expiresAt(),
                m.dueAt(),
                m.tags(),
                m.recipients());
    }

    private void deliver(String... queueIds) {
        for (String id : queueIds) {
            SpooledMessage m = add(true, message(id, "a@example.net"));
            settle(m, 0, delivered(m, 0));
        }
    }

    private List<LoggedEvent> claim(int limit) {
        return get(store.events().claim("transactional", limit, LEASE));
    }

    private static List<String> ids(List<LoggedEvent> events) {
        return events.stream().map(e -> e.key().queueId()).toList();
    }
}
