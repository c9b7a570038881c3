package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpReply;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Carries one session's lines from its event loop to the user's {@link SmtpTranscript}, in order, on the callback
 * executor. Without a listener it does nothing.
 */
final class Transcript {

    /** A listener that does not keep up loses lines rather than memory. */
    private static final int MAX_WAITING = 10_000;

    private record Line(SmtpTranscript.Speaker speaker, String text) {}

    private final Optional<SmtpTranscript> listener;
    private final String peer;
    private final Executor executor;
    private final ArrayDeque<Line> waiting = new ArrayDeque<>();
    private boolean running;

    Transcript(Optional<SmtpTranscript> listener, String peer, Executor executor) {
        this.listener = listener;
        this.peer = peer;
        this.executor = executor;
    }

    void reply(SmtpReply reply) {
        if (listener.isPresent()) {
            line(SmtpTranscript.Speaker.SERVER, reply.format());
        }
    }

    void line(SmtpTranscript.Speaker speaker, String text) {
        if (listener.isEmpty()) {
            return;
        }
        synchronized (waiting) {
            if (waiting.size() >= MAX_WAITING) {
                return;
            }
            waiting.add(new Line(speaker, text));
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(() -> tell(listener.get()));
        } catch (RejectedExecutionException e) {
            // The application is shutting down and nobody listens any more.
            synchronized (waiting) {
                waiting.clear();
                running = false;
            }
        }
    }

    private void tell(SmtpTranscript to) {
        while (true) {
            Line line;
            synchronized (waiting) {
                line = waiting.poll();
                if (line == null) {
                    running = false;
                    return;
                }
            }
            try {
                to.line(peer, line.speaker(), line.text());
            } catch (RuntimeException ignored) {
                // A listener's fault is not the mail's: see SmtpTranscript.
            }
        }
    }
}
