package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.QueueControl;
import io.github.cameldeliverability.mail.spi.QueueControl.Suspension;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows operators' orders: knows what is held back, and takes out of memory what must not be begun any more. Reads the
 * orders anew whenever the store says that there are some, so that none can be missed. Belongs to the serial executor; the
 * questions may be asked on any thread.
 */
final class Orders {

    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int WITHDRAWN_AT_ONCE = 10_000;

    private final QueueControl control;
    private final Core core;
    private final Lanes lanes;
    private final Runnable changed;
    private final Alarm alarm;

    private volatile List<Suspension> suspensions = List.of();
    private volatile boolean known;
    private Optional<AutoCloseable> registration = Optional.empty();
    private boolean looking;
    private boolean again;

    /** @param changed run when mail may flow that was held back, or was hurried */
    Orders(QueueControl control, Core core, Lanes lanes, Runnable changed) {
        this.control = control;
        this.core = core;
        this.lanes = lanes;
        this.changed = changed;
        this.alarm = new Alarm(core, this::look);
    }

    void start() {
        if (registration.isEmpty()) {
            registration = Optional.of(control.onOrders(() -> core.actor().execute(this::look)));
        }
        look();
    }

    void stop() {
        alarm.stop();
        registration.ifPresent(r -> {
            try {
                r.close();
            } catch (Exception e) {
                LOG.debug("closing the listener for orders failed", e);
            }
        });
        registration = Optional.empty();
    }

    /** Whether the orders were read at all: before that nothing may be sent. */
    boolean areKnown() {
        return known;
    }

    List<Suspension> suspensions() {
        return suspensions;
    }

    boolean holdBack(String stream) {
        for (Suspension s : suspensions) {
            if (s.domain().isEmpty() && s.stream().equals(stream)) {
                return true;
            }
        }
        return false;
    }

    /** Recipient domains of the stream that are held back each for itself. */
    Set<String> domainsHeldBack(String stream) {
        Set<String> domains = new HashSet<>();
        for (Suspension s : suspensions) {
            if (s.stream().equals(stream)) {
                s.domain().ifPresent(domains::add);
            }
        }
        return domains;
    }

    boolean holdBackSome(SpooledMessage m) {
        List<Suspension> now = suspensions;
        return !now.isEmpty()
                && m.recipients().stream()
                        .anyMatch(r -> suspension(now, m.stream(), r.address().asciiDomain())
                                .isPresent());
    }

    /** Why a recipient is held back; empty if it is not. */
    Optional<String> whyHeldBack(Item item) {
        List<Suspension> now = suspensions;
        return now.isEmpty()
                ? Optional.empty()
                : suspension(now, item.job.stream.name(), domainOf(item)).map(Orders::why);
    }

    private void look() {
        if (looking) {
            again = true;
            return;
        }
        looking = true;
        again = false;
        core.actor().when(control.suspensions(), (list, error) -> {
            if (error != null) {
                lookFailed(error);
                return;
            }
            boolean news = !known || !list.equals(suspensions);
            if (news) {
                list.forEach(s -> LOG.info(
                        "event=suspended stream={} domain={} since={} reason=\"{}\"",
                        s.stream(),
                        s.domain().orElse("*"),
                        s.since(),
                        s.why()));
            }
            suspensions = List.copyOf(list);
            known = true;
            list.forEach(s -> lanes.giveBack(i -> s.covers(i.job.stream.name(), domainOf(i)), why(s)));
            lookForWithdrawn();
        });
    }

    private void lookForWithdrawn() {
        core.actor().when(control.withdrawn(WITHDRAWN_AT_ONCE), (keys, error) -> {
            if (error != null) {
                lookFailed(error);
                return;
            }
            looking = false;
            if (!keys.isEmpty()) {
                Set<RecipientKey> withdrawn = new HashSet<>(keys);
                Predicate<Item> isWithdrawn = i -> i.job.ledger.isDurable() && withdrawn.contains(i.key());
                lanes.giveBack(isWithdrawn, "cancelled by an operator");
                // Those that are just being routed, or are in a transaction, come into reach or to an end soon.
                alarm.notLaterThan(core.now().plus(AGAIN));
            }
            lanes.reopen();
            changed.run();
            if (again) {
                look();
            }
        });
    }

    private void lookFailed(Throwable error) {
        LOG.warn("event=orders-unknown reason=\"{}\"", error.toString());
        looking = false;
        alarm.notLaterThan(core.now().plus(AGAIN));
    }

    private static Optional<Suspension> suspension(List<Suspension> all, String stream, String domain) {
        for (Suspension s : all) {
            if (s.covers(stream, domain)) {
                return Optional.of(s);
            }
        }
        return Optional.empty();
    }

    private static String domainOf(Item item) {
        return item.recipient().address().asciiDomain();
    }

    private static String why(Suspension s) {
        return "suspended by an operator" + (s.why().isEmpty() ? "" : ": " + s.why());
    }
}
