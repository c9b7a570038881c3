package io.github.cameldeliverability.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatchUpTellsItsProgressTest {

    private static final class Lines extends AbstractAppender {
        final List<String> all = new ArrayList<>();

        Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            all.add(event.getMessage().getFormattedMessage());
        }
    }

    private final Logger logger = (Logger) LogManager.getLogger(CatchUpProgress.class);
    private final Lines lines = new Lines();
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final CatchUpProgress progress = new CatchUpProgress("box", clock);
    private Level before;

    @BeforeEach
    void listen() {
        before = logger.getLevel();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        logger.removeAppender(lines);
        logger.setLevel(before);
    }

    @Test
    void aLongOneTellsWhereItIsEveryTenSeconds() {
        progress.waiting(20_000);
        for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofSeconds(1));
            progress.handled(1_000);
        }
        progress.end();

        assertThat(lines.all)
                .containsExactly(
                        "Mailbox box: 20000 mails wait, catching up",
                        "Mailbox box: 10000 of 20000 mails done (50 %), 1000 a second, about 10 s to go",
                        "Mailbox box: 20000 of 20000 mails done (100 %), 1000 a second, about 0 s to go",
                        "Mailbox box: caught up, 20000 mails in 20 s (1000 a second)");
    }

    @Test
    void aFewNewMailsAreNoCatchUp() {
        progress.waiting(999);
        progress.handled(999);
        progress.end();

        assertThat(lines.all).isEmpty();
    }
}
