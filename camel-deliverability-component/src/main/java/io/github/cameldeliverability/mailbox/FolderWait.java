package io.github.cameldeliverability.mailbox;

import jakarta.mail.MessagingException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A folder's wait for news on a thread of its own. {@link #begin} and {@link #end} are called by one thread in turn.
 */
final class FolderWait {

    private static final long PATIENCE_MILLIS = 500;
    private static final int PATIENCE = 20;

    private final MailFolder folder;
    private CompletableFuture<Void> waiting = CompletableFuture.completedFuture(null);

    FolderWait(MailFolder folder) {
        this.folder = folder;
    }

    /** @param news is called when the wait is over, for whatever reason */
    void begin(Executor threads, Runnable news) {
        waiting = CompletableFuture.runAsync(
                () -> {
                    try {
                        folder.awaitNews(news);
                    } catch (MessagingException | RuntimeException e) {
                        // The next look opens another connection, and says what is wrong where that fails, too.
                        MailboxFaults.ignored(e);
                        folder.disconnect();
                    } finally {
                        news.run();
                    }
                },
                threads);
    }

    /** Blocking: ends the wait, so that the connection is free for commands. */
    void end() {
        // The wait may be about to begin just now: then a command does not end it, and another one must.
        for (int i = 0; i < PATIENCE && !waiting.isDone(); i++) {
            try {
                folder.endWait();
                waiting.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                MailboxFaults.ignored(e);
            } catch (MessagingException | ExecutionException | CancellationException e) {
                MailboxFaults.ignored(e);
                break;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        if (!waiting.isDone()) {
            folder.disconnect();
        }
    }
}
