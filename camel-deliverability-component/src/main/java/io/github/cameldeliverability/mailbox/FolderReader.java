package io.github.cameldeliverability.mailbox;

import io.github.cameldeliverability.bounce.UnreadableMailException;
import io.github.cameldeliverability.mail.spi.Handled;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with the mails of a folder, a window at a time: those that were handled before are put where they went then,
 * the others go through the route side by side, what became of them is written down in one commit, and then they are moved.
 *
 * <p>A crash before the commit handles the window again; one after it only moves. Applying the same mail twice changes no
 * suppression list, so that each is handled exactly once in effect. One thread at a time.
 */
final class FolderReader {

    private static final Logger LOG = LoggerFactory.getLogger(FolderReader.class);

    private static final long STORE_TIMEOUT_SECONDS = 60;

    /** Pauses after a fault: doubled each time. Servers lock accounts that try a wrong password often. */
    private static final Duration FAULT_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_FAULT_PAUSE = Duration.ofMinutes(1);
    private static final Duration LOGIN_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_LOGIN_PAUSE = Duration.ofMinutes(10);

    /** What became of a mail in the route: a disposal, or why it failed. */
    record Answer(Optional<Disposal> disposal, Optional<Throwable> fault) {}

    private record Attempts(int failed, Instant notBefore) {}

    private final MailFolder folder;
    private final String title;
    private final MailboxConfiguration configuration;
    private final Handled handled;
    private final String scope;
    private final BiFunction<RemoteMail, String, CompletionStage<Answer>> route;
    private final Clock clock;
    private final CatchUpProgress progress;
    private final Map<String, Attempts> attempts = new HashMap<>();

    private boolean looked;
    private int faults;
    private Instant retryAt = Instant.MIN;
    private Exception lastFault;

    /**
     * @param scope under which contents are remembered
     * @param route takes a mail and its hash through the route
     */
    FolderReader(
            MailFolder folder,
            String mailbox,
            MailboxConfiguration configuration,
            Handled handled,
            String scope,
            BiFunction<RemoteMail, String, CompletionStage<Answer>> route,
            Clock clock) {
        this.folder = folder;
        this.title = mailbox + "/" + folder.name();
        this.configuration = configuration;
        this.handled = handled;
        this.scope = scope;
        this.route = route;
        this.clock = clock;
        this.progress = new CatchUpProgress(title, clock);
    }

    MailFolder folder() {
        return folder;
    }

    /**
     * Blocking: handles a window of mails.
     *
     * @return how many; 0 where none wait
     * @throws Exception what is wrong with server, store or route; until the time for another try the same again
     */
    int round() throws Exception {
        if (clock.instant().isBefore(retryAt)) {
            throw lastFault;
        }
        try {
            int n = window();
            faults = 0;
            retryAt = Instant.MIN;
            return n;
        } catch (MessagingException | IOException | RuntimeException e) {
            looked = false;
            folder.disconnect();
            throw putOff(e);
        }
    }

    /** How long nothing is to be done, if no news come. */
    Duration pause(Duration whenLooking) {
        Instant now = clock.instant();
        if (now.isBefore(retryAt)) {
            return Duration.between(now, retryAt);
        }
        if (folder.hasNews()) {
            return Duration.ZERO;
        }
        Duration usual = folder.tellsNews() ? Duration.ofMillis(configuration.getIdleRenewal()) : whenLooking;
        return attempts.values().stream()
                .map(a -> Duration.between(now, a.notBefore()))
                .filter(d -> !d.isNegative() && d.compareTo(usual) < 0)
                .min(Duration::compareTo)
                .orElse(usual);
    }

    private Exception putOff(Exception e) {
        boolean login = e instanceof AuthenticationFailedException;
        Duration first = login ? LOGIN_PAUSE : FAULT_PAUSE;
        Duration most = login ? LONGEST_LOGIN_PAUSE : LONGEST_FAULT_PAUSE;
        Duration pause = first.multipliedBy(1L << Math.min(faults, 10));
        pause = pause.compareTo(most) > 0 ? most : pause;
        faults++;
        retryAt = clock.instant().plus(pause);
        lastFault = e;
        LOG.warn("Mailbox {}: {}; next try in {} s", title, MailboxFaults.reason(e), pause.toSeconds());
        LOG.debug("Mailbox {} failed", title, e);
        return e;
    }

    private int window() throws MessagingException, IOException {
        for (int look = 0; look < 2; look++) {
            if (!looked) {
                int waiting = folder.look(this::isPutOff);
                if (waiting == 0) {
                    progress.end();
                    folder.rest();
                    return 0;
                }
                progress.waiting(waiting);
                looked = true;
            }
            List<RemoteMail> mails = folder.next(configuration.getBatchSize());
            if (!mails.isEmpty()) {
                handle(mails);
                progress.handled(mails.size());
                return mails.size();
            }
            // What came meanwhile is found by another look.
            looked = false;
            folder.rest();
        }
        return 0;
    }

    private boolean isPutOff(String id) {
        Attempts a = attempts.get(id);
        return a != null && clock.instant().isBefore(a.notBefore());
    }

    private void handle(List<RemoteMail> mails) throws MessagingException, IOException {
        Map<String, RemoteMail> byHash = new LinkedHashMap<>();
        Map<RemoteMail, String> hashes = new LinkedHashMap<>();
        for (RemoteMail m : mails) {
            String hash = ContentHash.of(m.content());
            hashes.put(m, hash);
            byHash.putIfAbsent(hash, m);
        }
        boolean idempotent = configuration.isIdempotent();
        Map<String, String> known = idempotent ? await(handled.outcomes(scope, byHash.keySet())) : Map.of();
        Map<Disposal, List<RemoteMail>> settled = new EnumMap<>(Disposal.class);
        Map<RemoteMail, CompletableFuture<Answer>> running = new LinkedHashMap<>();
        hashes.forEach((m, hash) -> {
            if (known.containsKey(hash)) {
                LOG.debug("Mailbox {}: mail {} was handled before", title, m.id());
                add(settled, Disposal.valueOf(known.get(hash)), m);
            } else if (!idempotent || byHash.get(hash).equals(m)) {
                running.put(m, route.apply(m, hash).toCompletableFuture());
            }
            // The twin of another mail in the window waits for the next look, when the other is known.
        });
        Map<String, String> outcomes = new HashMap<>();
        List<Throwable> environment = new ArrayList<>();
        for (Map.Entry<RemoteMail, CompletableFuture<Answer>> e : running.entrySet()) {
            RemoteMail m = e.getKey();
            Answer answer = e.getValue().join();
            Optional<Disposal> disposal =
                    answer.disposal().or(() -> afterFault(m, answer.fault().orElseThrow(), environment));
            if (disposal.isEmpty()) {
                continue;
            }
            attempts.remove(m.id());
            add(settled, disposal.get(), m);
            // Quarantined mail is not remembered: a person may put it back, to be handled once more.
            if (disposal.get() != Disposal.QUARANTINE) {
                outcomes.put(hashes.get(m), disposal.get().name());
            }
        }
        if (idempotent && !outcomes.isEmpty()) {
            await(handled.record(scope, outcomes));
        }
        folder.settle(settled);
        if (!environment.isEmpty()) {
            Throwable first = environment.get(0);
            throw new IOException(
                    environment.size() + " of " + mails.size() + " mails could not be handled and stay where they are: "
                            + MailboxFaults.reason(first),
                    first);
        }
    }

    private static void add(Map<Disposal, List<RemoteMail>> settled, Disposal d, RemoteMail m) {
        settled.computeIfAbsent(d, x -> new ArrayList<>()).add(m);
    }

    /** Empty where the mail stays for another try. */
    private Optional<Disposal> afterFault(RemoteMail m, Throwable fault, List<Throwable> environment) {
        Set<Throwable> chain = chain(fault);
        boolean unreadable = chain.stream().anyMatch(UnreadableMailException.class::isInstance);
        if (!unreadable && chain.stream().anyMatch(IOException.class::isInstance)) {
            environment.add(fault);
            return Optional.empty();
        }
        int failed =
                Optional.ofNullable(attempts.get(m.id())).map(Attempts::failed).orElse(0) + 1;
        if (unreadable || failed >= configuration.getMaxAttempts()) {
            LOG.warn(
                    "Mailbox {}: mail {} ({} octets) is quarantined, the route failed with it {} times: {}",
                    title,
                    m.id(),
                    m.size(),
                    failed,
                    MailboxFaults.reason(fault));
            LOG.debug("Mailbox {}: mail {} is quarantined", title, m.id(), fault);
            return Optional.of(Disposal.QUARANTINE);
        }
        attempts.put(
                m.id(),
                new Attempts(failed, clock.instant().plus(FAULT_PAUSE.multipliedBy(1L << Math.min(failed, 5)))));
        LOG.debug("Mailbox {}: the route failed with mail {}", title, m.id(), fault);
        return Optional.empty();
    }

    private static Set<Throwable> chain(Throwable fault) {
        Set<Throwable> chain = new HashSet<>();
        for (Throwable t = fault; t != null && chain.add(t); t = t.getCause()) {
            // Collects only; a chain may bite its tail.
        }
        return chain;
    }

    /** Blocking: what the store answers. */
    static <T> T await(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the store", e);
        } catch (TimeoutException e) {
            throw new IOException("the store did not answer for " + STORE_TIMEOUT_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("the store failed: " + MailboxFaults.reason(e.getCause()), e.getCause());
        }
    }
}
