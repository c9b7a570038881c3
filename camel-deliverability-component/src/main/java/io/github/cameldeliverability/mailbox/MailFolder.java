package io.github.cameldeliverability.mailbox;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A folder of mails on a server, behind one connection. Every call may block on the network and fail; then the connection
 * is closed and the next call opens another. One thread at a time, but for {@link #awaitNews} and {@link #disconnect}.
 */
interface MailFolder {

    String name();

    /**
     * Asks the server which mails wait, oldest first.
     *
     * @param left those that are left out this time
     * @return how many wait
     */
    int look(Predicate<String> left) throws MessagingException, IOException;

    /** The next of those that waited at the last look; empty when there are no more. */
    List<RemoteMail> next(int limit) throws MessagingException, IOException;

    /** Puts mails where they belong. */
    void settle(Map<Disposal, List<RemoteMail>> mails) throws MessagingException, IOException;

    /** Ends a round: a protocol that cannot keep a session open without locking the mailbox closes it. */
    void rest();

    /** Whether the server would tell of new mail. Only after a look. */
    boolean tellsNews();

    /** Whether mail came while the last look was under way, which nobody will tell again. */
    boolean hasNews();

    /** Ends a wait for news, from another thread. */
    void endWait() throws MessagingException;

    /**
     * Waits until the server tells something, or another call or {@link #disconnect} ends the wait.
     *
     * @param early may be called while the wait goes on, if there is news already
     * @throws MessagingException if the connection is gone
     */
    void awaitNews(Runnable early) throws MessagingException;

    /** Closes the connection at once, from any thread. */
    void disconnect();
}
