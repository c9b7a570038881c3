package io.github.cameldeliverability.store;

import static io.github.cameldeliverability.store.Samples.NOW;
import static io.github.cameldeliverability.store.StoreContract.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.FallbackStep;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.mail.spi.Fallbacks.HandOver;
import io.github.cameldeliverability.mail.spi.QueueControl.Selection;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailedMailIsKeptForItsFallbackTest {

    private final SettableClock clock = new SettableClock(NOW);
    private final TemporaryStore store = TemporaryStore.open(clock);
    private final SpooledMessage mail = Samples.message("q1", "a@example.net", "b@example.net", "c@example.net");

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void fromTheFinalOutcomeUntilItWasTaken() {
        get(store.spool().add(mail, true));
        get(store.spool().settle(key(0), bounced(0)));
        get(store.spool().settle(key(1), bounced(1)));
        get(store.spool().settle(key(2), Samples.delivered(mail, 2)));
        assertThat(get(store.spool().load("q1")))
                .as("the queue is done with it")
                .isEmpty();

        store.reopen();

        List<HandOver> due = due(NOW);
        assertThat(due).extracting(HandOver::key).containsExactly(key(0), key(1));
        assertThat(due).allSatisfy(h -> {
            assertThat(h.message().content()).isEqualTo(mail.content());
            assertThat(h.message().recipients()).isEqualTo(mail.recipients());
            assertThat(h.event().fallback()).contains(FallbackStep.PENDING);
            assertThat(h.attempts()).isZero();
        });
        assertThat(get(store.fallbacks().due("marketing", NOW, 10))).isEmpty();

        Instant later = NOW.plusSeconds(60);
        get(store.fallbacks().postpone(due.get(0), news(0, FallbackStep.RETRYING, Optional.of(later))));
        assertThat(due(NOW)).extracting(HandOver::key).containsExactly(key(1));
        assertThat(due(later)).extracting(HandOver::attempts).containsExactly(0, 1);

        get(store.fallbacks().over(due.get(1), news(1, FallbackStep.DONE, Optional.empty())));
        assertThat(due(later)).as("the other still has its content").hasSize(1);
        get(store.fallbacks().over(due.get(0), news(0, FallbackStep.DONE, Optional.empty())));
        assertThat(due(later)).isEmpty();
        assertThat(get(store.fallbacks().waiting("transactional")).count()).isZero();

        get(store.fallbacks().over(due.get(0), news(0, FallbackStep.DONE, Optional.empty())));
        assertThat(get(store.events().history("q1")))
                .as("said once, whoever says it again")
                .extracting(LoggedEvent::event)
                .extracting(e -> e.outcome().id() + " "
                        + e.fallback().map(FallbackStep::id).orElse("-"))
                .containsExactly(
                        "bounced pending",
                        "bounced pending",
                        "delivered -",
                        "fallback retrying",
                        "fallback done",
                        "fallback done");
    }

    @Test
    void butNotWhatAnOperatorWithdrew() {
        get(store.spool().add(mail, true));
        get(store.control()
                .cancel(new Selection(Optional.of("q1"), Optional.empty(), Optional.empty(), Optional.empty()), false));

        get(store.spool().settle(key(0), bounced(0)));

        assertThat(due(NOW)).isEmpty();
        assertThat(get(store.events().history("q1")))
                .extracting(e -> e.event().fallback())
                .containsExactly(Optional.empty());
    }

    private List<HandOver> due(Instant now) {
        return get(store.fallbacks().due("transactional", now, 10));
    }

    private static RecipientKey key(int ordinal) {
        return new RecipientKey("q1", ordinal);
    }

    private DeliveryEvent bounced(int ordinal) {
        return Samples.event(mail, ordinal, Outcome.BOUNCED, 1, SmtpReply.synthetic(550, "5.7.1", "policy"))
                .withFallback(FallbackStep.PENDING);
    }

    private DeliveryEvent news(int ordinal, FallbackStep step, Optional<Instant> next) {
        DeliveryEvent e = Samples.event(mail, ordinal, Outcome.FALLBACK, 1, SmtpReply.synthetic(451, "4.3.0", "later"));
        return new DeliveryEvent(
                e.stream(),
                e.queueId(),
                e.messageId(),
                e.recipient(),
                e.outcome(),
                e.reply(),
                e.phase(),
                Optional.empty(),
                e.provider(),
                e.host(),
                1,
                e.at(),
                next,
                e.elapsed(),
                e.tls(),
                Optional.of(step));
    }
}
