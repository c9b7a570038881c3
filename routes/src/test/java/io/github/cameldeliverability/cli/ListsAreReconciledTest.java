package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.OpenApiContract;
import io.github.cameldeliverability.crm.stub.SendGridStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListsAreReconciledTest {

    @TempDir
    Path folder;

    private final SendGridStub sendgrid = new SendGridStub();
    private final StubServer server = new StubServer(sendgrid);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path store;
    private Path settings;

    @BeforeEach
    void start() throws Exception {
        store = folder.resolve("deliverability.db");
        try (Store made = SqliteStore.open(
                store, StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run)) {
            assertThat(made).isNotNull();
        }
        settings = Files.writeString(
                folder.resolve("sendgrid.properties"),
                "apiKey=SG.secret\ndeliverability.crm.sendgrid.url=" + server.url());
        for (int i = 0; i < 700; i++) {
            sendgrid.list("bounces").put("dead" + i + "@example.net", 1_700_000_000L + i);
        }
        sendgrid.list("spam_reports").put("angry@example.net", 1_700_001_000L);
        sendgrid.list("global").put("gone@example.net", 1_700_001_001L);
        sendgrid.list("global").put("dead1@example.net", 1_700_001_002L);
        sendgrid.list("invalid_emails").put("no address", 1_700_001_003L);
        sendgrid.list("blocks").put("ours@example.net", 1_700_001_004L);
    }

    @AfterEach
    void stop() {
        OpenApiContract.check("sendgrid", server.requests());
        server.close();
    }

    @Test
    void bothWaysAreReportedAndTheStricterSideWins() throws Exception {
        assertThat(run("suppress", "add", "dead1@example.net", "dead2@example.net", "--kind", "BOUNCE"))
                .isZero();
        assertThat(run("suppress", "add", "mine@example.net", "--kind", "UNSUBSCRIBE"))
                .isZero();
        assertThat(reconcile()).isZero();
        assertThat(text())
                .contains("702 addresses there, 3 here")
                .containsPattern("same +1\\R")
                .containsPattern("only there +700 ")
                .containsPattern("stricter there +1\\R")
                .containsPattern("only here +1 ")
                .containsPattern("no addresses +1\\R");
        assertThat(reconcile("--apply")).isZero();
        assertThat(text()).contains("701 added");
        assertThat(run("suppress", "list", "--json")).isZero();
        List<String> entries = text().lines().toList();
        assertThat(entries).hasSize(703).noneMatch(l -> l.contains("ours@"));
        assertThat(entries)
                .anyMatch(l -> l.contains("\"dead1@example.net\"") && l.contains("\"unsubscribe\""))
                .anyMatch(l -> l.contains("\"angry@example.net\"") && l.contains("\"complaint\""))
                .anyMatch(l -> l.contains("\"dead699@example.net\"") && l.contains("\"crm:sendgrid\""));
        assertThat(reconcile()).isZero();
        assertThat(text()).containsPattern("only there +0 ").containsPattern("same +702\\R");
    }

    @Test
    void onlyWhatIsNewMayBeRead() {
        assertThat(reconcile("--since", "2023-11-14T22:24:59Z", "--json")).isZero();
        assertThat(text().lines())
                .hasSize(4)
                .anyMatch(l -> l.contains("dead699@example.net"))
                .anyMatch(l -> l.contains("angry@example.net"));
    }

    @Test
    void halfAListIsNone() {
        server.trap(r -> r.query().getOrDefault("offset", "0").equals("500") ? StubReply.of(403, "{}") : null);
        assertThat(reconcile("--apply")).isEqualTo(Deliverability.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("bounces: 403");
        assertThat(run("suppress", "list")).isZero();
        assertThat(text()).isEmpty();
    }

    @Test
    void mistakesAreNamed() throws Exception {
        assertThat(run("suppress", "reconcile", "--system", "sendgridd", "--settings", settings.toString()))
                .isEqualTo(Deliverability.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("There is no system 'sendgridd'");
        Files.writeString(settings, "");
        assertThat(reconcile()).isEqualTo(Deliverability.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("needs apiKey");
    }

    private int reconcile(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "suppress",
                "reconcile",
                "--system",
                "sendgrid",
                "--settings",
                settings.toString(),
                "--state",
                folder.resolve("crm.db").toString()));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    private int run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--store");
        all.add(store.toString());
        out.reset();
        err.reset();
        return Deliverability.run(new PrintStream(out), new PrintStream(err), all.toArray(String[]::new));
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
