package io.github.cameldeliverability.mailbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log how far a long catch-up has come: at its start, every ten seconds, at its end. One thread at a time. */
final class CatchUpProgress {

    private static final Logger LOG = LoggerFactory.getLogger(CatchUpProgress.class);

    /** Fewer waiting mails than this are no catch-up. */
    private static final int LONG = 1_000;

    private static final Duration EVERY = Duration.ofSeconds(10);

    private final String title;
    private final Clock clock;
    private Instant begun;
    private Instant told;
    private int total;
    private int done;

    CatchUpProgress(String title, Clock clock) {
        this.title = title;
        this.clock = clock;
    }

    void waiting(int mails) {
        if (begun == null && mails >= LONG) {
            begun = clock.instant();
            told = begun;
            total = mails;
            done = 0;
            LOG.info("Mailbox {}: {} mails wait, catching up", title, mails);
        }
    }

    void handled(int mails) {
        if (begun == null) {
            return;
        }
        done += mails;
        Instant now = clock.instant();
        double rate = rate(now);
        if (Duration.between(told, now).compareTo(EVERY) >= 0) {
            told = now;
            long left = (long) Math.ceil(Math.max(0, total - done) / Math.max(rate, 0.1));
            LOG.info(
                    "Mailbox {}: {} of {} mails done ({} %), {} a second, about {} s to go",
                    title, done, total, 100L * done / total, Math.round(rate), left);
        }
    }

    void end() {
        if (begun != null) {
            Instant now = clock.instant();
            LOG.info(
                    "Mailbox {}: caught up, {} mails in {} s ({} a second)",
                    title,
                    done,
                    Duration.between(begun, now).toSeconds(),
                    Math.round(rate(now)));
            begun = null;
        }
    }

    private double rate(Instant now) {
        return done * 1000.0 / Math.max(1, Duration.between(begun, now).toMillis());
    }
}
