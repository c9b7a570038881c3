package io.github.cameldeliverability.smtp;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;

/**
 * How a {@link NettySmtpConnector} works. Immutable; start from {@link #defaults()}.
 *
 * @param ioThreads network threads, at least 1; one serves thousands of sessions
 * @param threadFactory makes the network threads
 * @param pipelining whether to use PIPELINING where it is offered (RFC 2920)
 * @param chunking whether to use BDAT where CHUNKING is offered (RFC 3030)
 * @param eightBit what to do with 8-bit content where 8BITMIME is not offered
 * @param idleTimeout how long a session may wait for its next transaction before it says QUIT; best below the 5 minutes
 *     that servers grant (RFC 5321 4.5.3.2.7)
 * @param verifyContext the trust (and client key, if any) of {@code TlsPolicy.VERIFY}; empty means the trust of the Java
 *     runtime. The other policies take any certificate and do not use it
 * @param transcript hears the dialogue of every session
 */
public record SmtpClientOptions(
        int ioThreads,
        ThreadFactory threadFactory,
        boolean pipelining,
        boolean chunking,
        EightBit eightBit,
        Duration idleTimeout,
        Optional<SSLContext> verifyContext,
        Optional<SmtpTranscript> transcript) {

    /** What to do with 8-bit content where 8BITMIME is not offered. */
    public enum EightBit {
        /**
         * Send it as it is, without BODY. Departs from RFC 6152 3, as Exim and qmail do: practically every server is
         * 8-bit clean, and converting would break the signatures.
         */
        SEND,
        /** Refuse it with a synthetic {@code 554 5.6.3}, to the letter of RFC 6152 3. */
        REFUSE
    }

    public SmtpClientOptions {
        if (ioThreads < 1) {
            throw new IllegalArgumentException("ioThreads is " + ioThreads + "; at least 1 is needed");
        }
        Objects.requireNonNull(threadFactory, "threadFactory");
        Objects.requireNonNull(eightBit, "eightBit");
        Objects.requireNonNull(verifyContext, "verifyContext");
        Objects.requireNonNull(transcript, "transcript");
        if (idleTimeout.isNegative() || idleTimeout.isZero()) {
            throw new IllegalArgumentException("idleTimeout is " + idleTimeout + "; it must be positive");
        }
    }

    /** One network daemon thread, PIPELINING and BDAT where offered, 30 s idle timeout, the Java runtime's trust. */
    public static SmtpClientOptions defaults() {
        return new SmtpClientOptions(
                1,
                task -> {
                    Thread thread = new Thread(task, "smtp-io");
                    thread.setDaemon(true);
                    return thread;
                },
                true,
                true,
                EightBit.SEND,
                Duration.ofSeconds(30),
                Optional.empty(),
                Optional.empty());
    }

    public SmtpClientOptions withThreads(int count, ThreadFactory factory) {
        return new SmtpClientOptions(
                count, factory, pipelining, chunking, eightBit, idleTimeout, verifyContext, transcript);
    }

    public SmtpClientOptions withPipelining(boolean use) {
        return new SmtpClientOptions(
                ioThreads, threadFactory, use, chunking, eightBit, idleTimeout, verifyContext, transcript);
    }

    public SmtpClientOptions withChunking(boolean use) {
        return new SmtpClientOptions(
                ioThreads, threadFactory, pipelining, use, eightBit, idleTimeout, verifyContext, transcript);
    }

    public SmtpClientOptions withEightBit(EightBit choice) {
        return new SmtpClientOptions(
                ioThreads, threadFactory, pipelining, chunking, choice, idleTimeout, verifyContext, transcript);
    }

    public SmtpClientOptions withIdleTimeout(Duration timeout) {
        return new SmtpClientOptions(
                ioThreads, threadFactory, pipelining, chunking, eightBit, timeout, verifyContext, transcript);
    }

    public SmtpClientOptions withVerifyContext(SSLContext context) {
        return new SmtpClientOptions(
                ioThreads,
                threadFactory,
                pipelining,
                chunking,
                eightBit,
                idleTimeout,
                Optional.of(context),
                transcript);
    }

    public SmtpClientOptions withTranscript(SmtpTranscript listener) {
        return new SmtpClientOptions(
                ioThreads,
                threadFactory,
                pipelining,
                chunking,
                eightBit,
                idleTimeout,
                verifyContext,
                Optional.of(listener));
    }
}
