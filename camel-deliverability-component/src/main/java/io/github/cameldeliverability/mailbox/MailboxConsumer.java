package io.github.cameldeliverability.mailbox;

import io.github.cameldeliverability.mail.spi.Handled;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledPollConsumer;

/**
 * Takes mails out of the folders of a mailbox: a window from each folder a poll, so that a folder that catches up does not
 * hold up another.
 *
 * <p>{@link MailboxScheduler} polls on until no mail waits, and then waits for news. With a scheduler of Camel (Quartz) the
 * polls are at its times.
 */
public class MailboxConsumer extends ScheduledPollConsumer {

    private static final Duration FORGET_EVERY = Duration.ofHours(6);
    private static final int FORGET_AT_ONCE = 20_000;

    private final MailboxEndpoint endpoint;
    private final Clock clock = Clock.systemUTC();
    private final List<FolderReader> readers = new ArrayList<>();
    private final List<FolderWait> waits = new ArrayList<>();
    private volatile ExecutorService threads;
    private volatile MailboxScheduler ownScheduler;
    private volatile boolean moreWaits;
    private Instant forgotten = Instant.EPOCH;

    MailboxConsumer(MailboxEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        setExceptionHandler(new MailboxFaults());
    }

    /** After the endpoint's options were set. */
    void chooseScheduler() {
        Object chosen = endpoint.getScheduler();
        if (chosen == null || chosen.equals("none")) {
            ownScheduler =
                    new MailboxScheduler(this, Duration.ofMillis(getTimeUnit().toMillis(getInitialDelay())));
            setScheduler(ownScheduler);
        }
    }

    @Override
    protected void doStart() throws Exception {
        MailboxConfiguration c = endpoint.getConfiguration();
        Handled handled = endpoint.store().handled();
        Optional<OAuthTokens> tokens =
                c.getOauth2() == null ? Optional.empty() : Optional.of(OAuthTokens.of(c, endpoint.store(), clock));
        MailServer server = new MailServer(endpoint, tokens);
        String scope = "mailbox:" + endpoint.title();
        readers.clear();
        waits.clear();
        for (String name : c.folders()) {
            MailFolder folder = c.getProtocol().isPop3()
                    ? new Pop3Folder(server, handled, "uidl:" + endpoint.title(), clock)
                    : new ImapFolder(server, name);
            readers.add(new FolderReader(
                    folder,
                    endpoint.title(),
                    c,
                    handled,
                    scope,
                    (mail, hash) -> route(folder.name(), mail, hash),
                    clock));
            waits.add(new FolderWait(folder));
        }
        threads = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newCachedThreadPool(this, "MailboxIdle-" + endpoint.getHost());
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        // The window in hand comes to its end first, if it does so soon.
        super.doStop();
        for (FolderReader r : readers) {
            r.folder().disconnect();
        }
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(threads);
            threads = null;
        }
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        if (ownScheduler != null) {
            ownScheduler.wake();
        }
    }

    @Override
    protected int poll() throws Exception {
        waits.forEach(FolderWait::end);
        int taken = 0;
        Exception fault = null;
        for (FolderReader reader : readers) {
            if (!isPollAllowed()) {
                break;
            }
            try {
                taken += reader.round();
            } catch (Exception e) {
                fault = fault == null ? e : fault;
            }
        }
        moreWaits = taken > 0;
        forgetOld();
        if (fault != null) {
            throw fault;
        }
        return taken;
    }

    /** Whether the last poll took mails, so that another one is due at once. */
    boolean takeMoreWaits() {
        boolean more = moreWaits;
        moreWaits = false;
        return more;
    }

    /** How long no poll is needed, if no news come. */
    Duration pause() {
        Duration delay = Duration.ofMillis(getTimeUnit().toMillis(getDelay()));
        return readers.stream()
                .map(r -> r.pause(delay))
                .min(Duration::compareTo)
                .orElse(delay);
    }

    /** Asks the servers that can to tell of new mail. */
    void awaitNews(Runnable news) {
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).folder().tellsNews()) {
                waits.get(i).begin(threads, news);
            }
        }
    }

    private void forgetOld() throws IOException {
        Instant now = clock.instant();
        if (now.isAfter(forgotten.plus(FORGET_EVERY))) {
            forgotten = now;
            Instant before = now.minusMillis(endpoint.getConfiguration().getForgetAfter());
            FolderReader.await(endpoint.store().handled().forget(before, FORGET_AT_ONCE));
        }
    }

    private CompletionStage<FolderReader.Answer> route(String folder, RemoteMail mail, String hash) {
        Exchange exchange = createExchange(false);
        Message m = exchange.getMessage();
        // Nothing of what the mail says becomes a header: it was written by a stranger.
        m.setBody(mail.content());
        m.setHeader(MailboxConstants.FOLDER, folder);
        m.setHeader(MailboxConstants.ID, mail.id());
        m.setHeader(MailboxConstants.SIZE, mail.size());
        m.setHeader(MailboxConstants.HASH, hash);
        if (mail.truncated()) {
            m.setHeader(MailboxConstants.TRUNCATED, true);
        }
        CompletableFuture<FolderReader.Answer> answer = new CompletableFuture<>();
        getAsyncProcessor().process(exchange, doneSync -> {
            answer.complete(answer(exchange));
            releaseExchange(exchange, false);
        });
        return answer;
    }

    private static FolderReader.Answer answer(Exchange exchange) {
        try {
            if (exchange.getException() == null) {
                return new FolderReader.Answer(Optional.of(Disposal.of(exchange)), Optional.empty());
            }
            return new FolderReader.Answer(Optional.empty(), Optional.of(exchange.getException()));
        } catch (IllegalArgumentException e) {
            return new FolderReader.Answer(Optional.empty(), Optional.of(e));
        }
    }
}
