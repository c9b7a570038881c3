package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Collects the outcomes of one attempt without the queue. Belongs to the serial executor. */
final class DirectLedger implements Ledger {

    private final SpooledMessage message;
    private final Clock clock;
    private final Consumer<DeliveryReport> done;
    private final DeliveryEvent[] events;
    private int missing;

    /** @param done told once, when every recipient has its outcome */
    DirectLedger(SpooledMessage message, Clock clock, Consumer<DeliveryReport> done) {
        this.message = message;
        this.clock = clock;
        this.done = done;
        this.events = new DeliveryEvent[message.recipients().size()];
        this.missing = events.length;
    }

    @Override
    public void afterWrites(Runnable then) {
        then.run();
    }

    @Override
    public void settle(Item item, DeliveryEvent event) {
        // What did not get its turn in time was not tried for the stream's maximum age: the route may try again.
        DeliveryEvent e = event.outcome() == Outcome.EXPIRED ? deferred(item, event.reply(), clock.instant()) : event;
        AttemptLog.write(e);
        if (events[item.ordinal] == null) {
            events[item.ordinal] = e;
            missing--;
            if (missing == 0) {
                done.accept(new DeliveryReport(message.queueId(), message.messageId(), Arrays.asList(events)));
            }
        }
    }

    @Override
    public void release(List<Item> items, Instant dueAt, String why) {
        // RFC 3463 3.5: x.4.5 mail system congestion
        SmtpReply reply = SmtpReply.synthetic(451, "4.4.5", "not tried: " + why);
        items.forEach(i -> settle(i, deferred(i, Optional.of(reply), dueAt)));
    }

    /** Whatever has no outcome yet is deferred: the caller's time is up. */
    void giveUp(Job job, String why) {
        SmtpReply reply = SmtpReply.synthetic(451, "4.4.7", why); // RFC 3463 3.5: x.4.7 delivery time expired
        Instant now = clock.instant();
        for (int i = 0; i < events.length; i++) {
            if (events[i] == null) {
                Item item = new Item(job, i, 0);
                settle(item, deferred(item, Optional.of(reply), now));
            }
        }
    }

    @Override
    public boolean isDurable() {
        return false;
    }

    private DeliveryEvent deferred(Item item, Optional<SmtpReply> reply, Instant next) {
        return new DeliveryEvent(
                message.stream(),
                message.queueId(),
                message.messageId(),
                item.recipient().address(),
                Outcome.DEFERRED,
                reply,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                clock.instant(),
                Optional.of(next),
                Duration.ZERO,
                Optional.empty());
    }
}
