package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import java.time.Instant;
import java.util.List;

/** Where outcomes are recorded: the spool, or the report of a delivery without it. Called on the serial executor. */
interface Ledger {

    /** Records the outcome of an attempt, once an item. */
    void settle(Item item, DeliveryEvent event);

    /** Takes back what was not tried, to be tried at {@code dueAt}. */
    void release(List<Item> items, Instant dueAt, String why);

    /** Runs it when everything recorded so far is on disk; at once if nothing is under way. */
    void afterWrites(Runnable then);

    /** Whether items outlive this process; if not, there is one attempt and no deadline but the caller's. */
    boolean isDurable();
}
