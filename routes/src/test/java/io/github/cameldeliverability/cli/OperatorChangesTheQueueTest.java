package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorChangesTheQueueTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void queue() throws IOException {
        try (Store store = SqliteStore.open(
                file(), StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run)) {
            Instant later = Instant.now().plus(Duration.ofHours(3));
            store.spool().add(message("q1", later, "spring", "a@example.net"), false);
            store.spool().add(message("q2", later, "autumn", "b@example.org"), false);
        }
    }

    @Test
    void recipientsAreCountedAndCancelled() {
        assertThat(run("cancel", "--tag", "spring", "--dry-run")).isZero();
        assertThat(output()).contains("would cancel 1 recipients");

        assertThat(run("cancel", "--tag", "spring")).isZero();
        assertThat(output()).contains("cancelled 1 recipients");

        assertThat(run("explain", "q1")).isZero();
        assertThat(output()).contains("a@example.net attempt=0 cancelled").contains("done");
        assertThat(run("cancel", "--domain", "example.net", "--json")).isZero();
        assertThat(output()).contains("{\"free\":0,\"inWork\":0,\"dryRun\":false}");
    }

    @Test
    void waitingRecipientsAreHurried() {
        assertThat(run("retry", "--domain", "example.org")).isZero();
        assertThat(output()).contains("1 recipients are due now");
    }

    @Test
    void suspensionsAreSeenInTheCounts() {
        assertThat(run("suspend", "--stream", "tx", "--domain", "example.org", "--why", "asked to"))
                .isZero();
        assertThat(run("stats")).isZero();
        assertThat(output()).contains("suspended: tx to example.org").contains("(asked to)");
        assertThat(run("resume", "--stream", "tx", "--domain", "example.org")).isZero();
        assertThat(run("resume", "--stream", "tx", "--domain", "example.org")).isEqualTo(Deliverability.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is not suspended");
    }

    @Test
    void anOrderForEverythingIsRefused() {
        assertThat(run("cancel")).isEqualTo(Deliverability.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("say which");
    }

    private int run(String command, String... rest) {
        out.reset();
        String[] args = new String[rest.length + 4];
        args[0] = "queue";
        args[1] = command;
        args[2] = "--store";
        args[3] = file().toString();
        System.arraycopy(rest, 0, args, 4, rest.length);
        return Deliverability.run(new PrintStream(out), new PrintStream(err), args);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path file() {
        return folder.resolve("mail.db");
    }

    private static SpooledMessage message(String id, Instant dueAt, String tag, String recipient) {
        Instant now = Instant.now();
        return new SpooledMessage(
                id,
                "tx",
                "<" + id + "@example.com>",
                "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII),
                false,
                false,
                Optional.empty(),
                false,
                now,
                now.plus(Duration.ofDays(5)),
                dueAt,
                Set.of(tag),
                List.of(new Recipient(EmailAddress.parse(recipient), ReversePath.parse("shop@example.com"))));
    }
}
