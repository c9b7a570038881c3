package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.CanonicalForm;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.FeedLag;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChecks;
import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.SoftBounceStep;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import io.github.cameldeliverability.mail.spi.UndoPage;
import io.github.cameldeliverability.mail.spi.UndoPage.Undone;
import io.github.cameldeliverability.store.SuppressionIndex.Answer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Suppression lists with their feed. Thread-safe.
 *
 * <p>{@link #check} of an address that is on no list, which is nearly every check, is answered from memory; see {@link
 * LiveSuppressions} for how old that knowledge can be when another process adds.
 */
final class JdbcSuppressionList implements SuppressionList {

    /** Entries of a large import in one operation: others' operations come between. */
    private static final int IMPORT_PORTION = 200;

    private final GroupCommit writer;
    private final Readers readers;
    private final LiveSuppressions live;
    private final Pseudonyms pseudonyms;
    private final Listeners listeners;
    private final SuppressionEntries entries;
    private final SuppressionFeed feed;
    private final SoftBounceRows softBounces;

    JdbcSuppressionList(
            GroupCommit writer,
            Readers readers,
            LiveSuppressions live,
            Pseudonyms pseudonyms,
            Listeners listeners,
            Clock clock) {
        this.writer = writer;
        this.readers = readers;
        this.live = live;
        this.pseudonyms = pseudonyms;
        this.listeners = listeners;
        entries = new SuppressionEntries(clock);
        feed = new SuppressionFeed(writer, readers);
        softBounces = new SoftBounceRows(writer, readers, entries);
    }

    @Override
    public CompletionStage<Optional<Suppression>> check(
            String list, EmailAddress address, Set<String> scopes, Instant now) {
        return check(list, address, scopes, SuppressionChecks.ALL, now);
    }

    @Override
    public CompletionStage<Optional<Suppression>> check(
            String list, EmailAddress address, Set<String> scopes, SuppressionChecks how, Instant now) {
        List<String> keys = undecided(list, address, scopes, how, now);
        if (keys.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return readers.read(connection -> {
            List<Suppression> found = new ArrayList<>();
            for (String key : keys) {
                found.addAll(SuppressionEntries.inForce(connection, list, key, how.exempt(), now));
            }
            return found.stream().filter(s -> scopes.contains(s.scope())).min(SuppressionMerge.STRICTEST);
        });
    }

    @Override
    public CompletionStage<Optional<SuppressionKind>> kind(
            String list, EmailAddress address, Set<String> scopes, SuppressionChecks how, Instant now) {
        String key = address.key();
        if (live.ask(list, key, scopes, how.exempt(), now) == Answer.YES) {
            Optional<SuppressionKind> kind = live.kind(list, key, scopes, how.exempt(), now);
            if (kind.isPresent()) {
                return CompletableFuture.completedFuture(kind);
            }
        }
        return check(list, address, scopes, how, now).thenApply(entry -> entry.map(Suppression::kind));
    }

    /** The keys of which memory does not say for sure that they are on no list. */
    private List<String> undecided(
            String list, EmailAddress address, Set<String> scopes, SuppressionChecks how, Instant now) {
        List<String> keys = List.of();
        keys = plusUndecided(keys, list, address.key(), scopes, how, now);
        Optional<EmailAddress> canonical = CanonicalForm.of(address, how.canonical());
        if (canonical.isPresent()) {
            keys = plusUndecided(keys, list, canonical.get().key(), scopes, how, now);
        }
        if (live.mayHoldPseudonyms()) {
            keys = plusUndecided(keys, list, pseudonyms.of(address).key(), scopes, how, now);
            if (canonical.isPresent()) {
                keys = plusUndecided(keys, list, pseudonyms.of(canonical.get()).key(), scopes, how, now);
            }
        }
        return keys;
    }

    private List<String> plusUndecided(
            List<String> keys, String list, String key, Set<String> scopes, SuppressionChecks how, Instant now) {
        if (live.ask(list, key, scopes, how.exempt(), now) == Answer.NO) {
            return keys;
        }
        List<String> more = new ArrayList<>(keys);
        more.add(key);
        return more;
    }

    @Override
    public CompletionStage<Boolean> add(Suppression suppression) {
        return writer.submit(tx -> entries.add(tx, suppression));
    }

    @Override
    public CompletionStage<Integer> addAll(Collection<Suppression> suppressions) {
        List<Suppression> all = List.copyOf(suppressions);
        CompletionStage<Integer> sum = CompletableFuture.completedFuture(0);
        for (int from = 0; from < all.size(); from += IMPORT_PORTION) {
            List<Suppression> portion = all.subList(from, Math.min(all.size(), from + IMPORT_PORTION));
            sum = sum.thenCombine(
                    writer.submit(tx -> {
                        int changed = 0;
                        for (Suppression s : portion) {
                            changed += entries.add(tx, s) ? 1 : 0;
                        }
                        return changed;
                    }),
                    Integer::sum);
        }
        return sum;
    }

    @Override
    public CompletionStage<List<Suppression>> remove(
            String list, EmailAddress address, Optional<String> scope, Instant now) {
        return writer.submit(tx -> entries.remove(tx, list, pseudonyms.keys(address), scope, now));
    }

    @Override
    public CompletionStage<List<Suppression>> list(String list, String afterKey, int limit) {
        return readers.read(connection -> {
            List<Suppression> page = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT address_key, body FROM suppression"
                    + " WHERE list = ? AND address_key > ? ORDER BY address_key, scope")) {
                select.setString(1, list);
                select.setString(2, afterKey);
                select.setFetchSize(Math.max(1, limit));
                try (ResultSet row = select.executeQuery()) {
                    String last = null;
                    while (row.next()) {
                        String key = row.getString(1);
                        // All scopes of an address belong on one page, or the next page would leave some out.
                        if (page.size() >= limit && !key.equals(last)) {
                            break;
                        }
                        last = key;
                        page.add(SuppressionCodec.decode(list, row.getBytes(2)));
                    }
                }
            }
            return page;
        });
    }

    @Override
    public CompletionStage<UndoPage> undo(
            SuppressionIncident incident, String afterKey, int limit, boolean apply, Instant now) {
        return readers.read(connection -> UndoCandidates.read(connection, incident, afterKey, limit))
                .thenCompose(candidates -> undo(incident, candidates, apply, now));
    }

    /** Each address is judged again where it is changed: what came meanwhile counts. */
    private CompletionStage<UndoPage> undo(
            SuppressionIncident incident, UndoCandidates candidates, boolean apply, Instant now) {
        CompletionStage<List<Undone>> sum = CompletableFuture.completedFuture(new ArrayList<>());
        List<String> keys = candidates.keys();
        for (int from = 0; from < keys.size(); from += IMPORT_PORTION) {
            List<String> portion = keys.subList(from, Math.min(keys.size(), from + IMPORT_PORTION));
            sum = sum.thenCombine(
                    writer.submit(tx -> {
                        List<Undone> undone = new ArrayList<>();
                        for (String key : portion) {
                            undone.addAll(entries.undo(tx, incident, key, apply, now));
                        }
                        return undone;
                    }),
                    (all, more) -> {
                        all.addAll(more);
                        return all;
                    });
        }
        return sum.thenApply(undone -> new UndoPage(undone, candidates.seen(), candidates.next()));
    }

    @Override
    public CompletionStage<SoftBounceStep.Step> softBounce(String list, EmailAddress address, SoftBounceStep step) {
        return softBounces.note(list, address, step);
    }

    @Override
    public CompletionStage<List<Suppression>> delivered(String list, EmailAddress address, Instant at) {
        return softBounces.forget(list, address, at);
    }

    @Override
    public CompletionStage<EmailAddress> pseudonym(EmailAddress address) {
        return CompletableFuture.completedFuture(pseudonyms.of(address));
    }

    @Override
    public CompletionStage<Integer> erase(String list, EmailAddress address, Instant now) {
        EmailAddress pseudonym = pseudonyms.of(address);
        if (pseudonym.equals(address)) {
            // A hash says nothing of the address that it stands for, unless an entry of the list has it.
            return readers.read(connection -> pseudonyms.addressOf(connection, list, address))
                    .thenCompose(found ->
                            found.map(a -> erase(list, a, now)).orElseGet(() -> CompletableFuture.completedFuture(0)));
        }
        return writer.submit(tx -> entries.erase(tx, list, address.key(), pseudonym, now));
    }

    @Override
    public CompletionStage<List<SuppressionChange>> changes(String list, String consumer, int limit) {
        return feed.changes(list, consumer, limit);
    }

    @Override
    public CompletionStage<List<SuppressionChange>> history(String list, long afterSequence, int limit) {
        return feed.history(list, afterSequence, limit);
    }

    @Override
    public CompletionStage<Void> acknowledge(String list, String consumer, long sequence) {
        return feed.acknowledge(list, consumer, sequence);
    }

    @Override
    public CompletionStage<Boolean> replay(String list, String consumer, Instant from) {
        return feed.replay(list, consumer, from);
    }

    @Override
    public CompletionStage<FeedLag> lag(String list, String consumer) {
        return feed.lag(list, consumer);
    }

    @Override
    public AutoCloseable onChanges(String list, Runnable listener) {
        return listeners.add(list, listener);
    }
}
