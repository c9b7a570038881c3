package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.Transaction;
import io.github.cameldeliverability.mail.spi.SmtpSession.TransactionResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the transactions of a lane: a last look at the suppression list, the transaction, and from each recipient's
 * reply its outcome. Belongs to the serial executor; verdicts are made on the workers.
 */
final class Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final LaneQueue lane;
    private final Core core;
    private final StreamState stream;

    Transactions(LaneQueue lane, Core core, StreamState stream) {
        this.lane = lane;
        this.core = core;
        this.stream = stream;
    }

    /** Sees a parcel through; {@link LaneQueue#ended} is called once, whatever happens. */
    void begin(Connection c, DestinationQueue q, Parcel p) {
        StreamConfig config = stream.config;
        if (config.suppressionList().isEmpty()) {
            transmit(c, q, p);
            return;
        }
        Instant now = core.now();
        List<CompletableFuture<Optional<Suppression>>> checks = new ArrayList<>(p.items.size());
        for (Item i : p.items) {
            checks.add(core.suppressions()
                    .check(
                            config.suppressionList().get(),
                            i.recipient().address(),
                            config.suppressionScopes(),
                            config.suppressionChecks(),
                            now)
                    .toCompletableFuture());
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new));
        core.actor().when(all, (ok, error) -> {
            if (error != null) {
                // Without an answer nobody is mailed: a suppressed person must not be the price of a sick database.
                LOG.warn("event=suppression-check-failed lane={} reason=\"{}\"", lane.lane(), error.toString());
                lane.storeFailed(c, q, p);
                return;
            }
            List<Item> forbidden = new ArrayList<>();
            for (int i = 0; i < checks.size(); i++) {
                Optional<Suppression> s = checks.get(i).getNow(Optional.empty());
                if (s.isPresent()) {
                    Item item = p.items.get(i);
                    forbidden.add(item);
                    core.outcomes()
                            .suppressed(item, s.get(), Optional.of(lane.lane().receiver()));
                }
            }
            p.items.removeAll(forbidden);
            lane.returnPermits(forbidden.size());
            if (p.items.isEmpty()) {
                lane.ended(c, true);
            } else {
                transmit(c, q, p);
            }
        });
    }

    private void transmit(Connection c, DestinationQueue q, Parcel p) {
        if (!c.session.isOpen() || lane.isStopping()) {
            lane.returnPermits(p.items.size());
            lane.putBack(q, p);
            lane.ended(c, false);
            return;
        }
        SpooledMessage m = p.job.message;
        Instant started = core.now();
        Transaction t = new Transaction(
                p.from,
                p.items.stream().map(Item::recipient).toList(),
                m.content(),
                m.eightBit(),
                m.utf8Header(),
                m.envelopeId(),
                m.requireTls());
        c.session.send(t).whenComplete((result, error) -> {
            TransactionResult r = error == null && result.recipients().size() == p.items.size()
                    ? result
                    : broken(p.items.size(), error);
            if (r.recipients().stream().allMatch(x -> x.kind() == Kind.ACCEPTED)) {
                core.actor().execute(() -> finish(c, q, p, r, List.of(), started));
            } else {
                core.workers().execute(() -> {
                    List<Optional<Verdict>> verdicts = r.recipients().stream()
                            .map(x -> core.judge().on(x, lane.lane().receiver()))
                            .toList();
                    core.actor().execute(() -> finish(c, q, p, r, verdicts, started));
                });
            }
        });
    }

    private void finish(
            Connection c,
            DestinationQueue q,
            Parcel p,
            TransactionResult result,
            List<Optional<Verdict>> verdicts,
            Instant started) {
        List<RecipientResult> results = result.recipients();
        if (result.replayable() && !p.replayed && !lane.isStopping()) {
            // RFC 5321 3.8 lets a server close an idle session at any time: it says nothing of the message.
            Parcel again = p.cut(0);
            again.replayed = true;
            lane.returnPermits(again.items.size());
            lane.putBack(q, again);
            lane.ended(c, false);
            return;
        }
        int tooMany = firstTooMany(results);
        if (tooMany > 0) {
            // RFC 5321 4.5.3.1.10: the rest is sent at once in a transaction of its own.
            q.acceptsOnly(tooMany);
        }
        Instant now = core.now();
        Outcomes.Attempt attempt = new Outcomes.Attempt(
                Optional.of(lane.lane().receiver()),
                Optional.of(c.peer),
                c.session.tls(),
                Duration.between(started, now));
        Duration waited = attempt.elapsed().minus(core.stalls().within(started, now));
        int carried = Math.max(0, c.session.transactions() - 1);
        Parcel rest = p.cut(0);
        List<Item> items = List.copyOf(rest.items);
        rest.items.clear();
        boolean closing = false;
        Optional<Verdict> contested = Optional.empty();
        Optional<Destination> beyond = lane.isStopping() ? Optional.empty() : c.beyond(q.destination);
        for (int i = 0; i < items.size(); i++) {
            RecipientResult r = results.get(i);
            closing |= r.reply().code() == 421; // RFC 5321 3.8: the server is closing
            Shaper.Sighting sighting =
                    new Shaper.Sighting(r.phase(), r.reply().code(), items.get(i).attempts + 1, carried, waited);
            if (r.kind() == Kind.ACCEPTED) {
                core.shaper().delivered(lane.lane(), sighting);
                lane.accepted();
                core.outcomes().delivered(items.get(i), r.reply(), r.phase(), attempt);
            } else if (tooMany > 0 && i >= tooMany && Judge.meansTooManyRecipients(r)) {
                rest.items.add(items.get(i));
            } else {
                Verdict judged = verdicts.get(i).orElseThrow();
                if (contested.isEmpty() ? lane.isContested(Judge.asTooFast(judged)) : Judge.isAboutRate(judged)) {
                    contested = Optional.of(judged);
                    rest.items.add(items.get(i));
                    continue;
                }
                Verdict v = lane.told(judged, r.reply(), p.job.message.tags(), sighting);
                Optional<Destination> next = beyond;
                if (r.kind() == Kind.FAILED && !lane.isStopping()) {
                    core.dialer().brokeOff(c.address);
                    next = c.afterBreakingOff(q.destination);
                }
                if (next.isPresent() && Judge.anotherHostMayTake(r, v)) {
                    if (!r.reply().synthetic()) {
                        items.get(i).earlier = new Item.Said(r.reply(), r.phase(), v, attempt);
                    }
                    lane.add(next.get(), items.get(i));
                    continue;
                }
                core.outcomes().failed(items.get(i), r.reply(), r.phase(), v, attempt);
            }
        }
        contested.ifPresent(lane::afterContest);
        if (!rest.items.isEmpty()) {
            lane.putBack(q, rest);
        }
        boolean usable = !closing;
        // The session goes on when the outcome is on disk. So a crash can repeat one message a session, the one whose
        // final reply was on its way or being recorded, and never a backlog of outcomes that the disk did not keep up
        // with.
        p.job.ledger.afterWrites(() -> lane.ended(c, usable));
    }

    /** Where the server began to say "too many", somebody before having been taken; 0 if it did not. */
    private static int firstTooMany(List<RecipientResult> results) {
        if (results.size() < 2) {
            return 0;
        }
        for (int i = 1; i < results.size(); i++) {
            if (Judge.meansTooManyRecipients(results.get(i))) {
                return results.get(0).phase() == SmtpPhase.RCPT && Judge.meansTooManyRecipients(results.get(0)) ? 0 : i;
            }
        }
        return 0;
    }

    private static TransactionResult broken(int recipients, Throwable error) {
        LOG.error("a session failed instead of answering", error);
        RecipientResult r = new RecipientResult(
                Kind.UNCERTAIN, SmtpPhase.DOT, SmtpReply.synthetic(451, "4.3.0", "the session failed inside"));
        return new TransactionResult(Collections.nCopies(recipients, r), false);
    }
}
