package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** An open SMTP session: one transaction at a time, several in a row. */
public interface SmtpSession {

    /**
     * Sends one message to one or more recipients. Never fails: each recipient has a result, in the given order. Must not
     * be called again before the stage has completed.
     */
    CompletionStage<TransactionResult> send(Transaction transaction);

    /** Whether a further transaction may be tried: the connection is up and no fault was seen on it. */
    boolean isOpen();

    /** How many transactions were begun on it. */
    int transactions();

    /** What the server named in its EHLO reply. */
    Features features();

    /** Protocol and cipher, empty in clear. */
    Optional<String> tls();

    /** {@code name [address]:port}, for records. */
    String peer();

    /** Says QUIT and closes; completes when the connection is closed, within a bound. */
    CompletionStage<Void> quit();

    /** Closes at once. */
    void abort();

    /**
     * @param from all recipients' reverse-path
     * @param recipients at least one
     * @param content lines end in CRLF, the last one too; not dot-stuffed
     */
    record Transaction(
            ReversePath from,
            List<Recipient> recipients,
            byte[] content,
            boolean eightBit,
            boolean utf8Header,
            Optional<String> envelopeId,
            boolean requireTls) {
        public Transaction {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(content, "content");
            recipients = List.copyOf(recipients);
            if (recipients.isEmpty()) {
                throw new IllegalArgumentException("a transaction needs a recipient");
            }
        }
    }

    /**
     * @param recipients one result a recipient, in the order of the transaction
     * @param replayable whether the server cannot have taken the message for anyone, because the connection died before
     *     it answered MAIL: the same transaction may be sent again at once on a fresh connection
     */
    record TransactionResult(List<RecipientResult> recipients, boolean replayable) {
        public TransactionResult {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * @param kind what it comes to
     * @param phase the command that the reply answers
     * @param reply the server's, or a synthetic one for a fault
     */
    record RecipientResult(Kind kind, SmtpPhase phase, SmtpReply reply) {}

    enum Kind {
        /** The server took responsibility. */
        ACCEPTED,
        /** The server said no, for now (4yz) or for good (5yz). */
        REFUSED,
        /** The connection or the protocol failed before the end of the content was sent; the server has nothing. */
        FAILED,
        /** The end of the content was sent and no reply came: the server may have the message (RFC 1047). */
        UNCERTAIN
    }

    /**
     * @param names the extension keywords, upper case, without parameters
     * @param maxSize of SIZE; empty when not named or 0
     */
    record Features(Set<String> names, OptionalLong maxSize) {
        public Features {
            names = Set.copyOf(names);
        }
    }
}
