package io.github.cameldeliverability.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SuppressedContactsAreMarkedInSqlTest {

    @TempDir
    Path folder;

    private final SQLiteDataSource crm = new SQLiteDataSource();
    private Store store;
    private CamelContext context;

    @BeforeEach
    void start() throws Exception {
        store = Stores.open(folder);
        crm.setUrl("jdbc:sqlite:" + folder.resolve("crm.db"));
        execute(
                "create table people (mail text, state text, why text, email_status_evidence text, updates int default 0)");
        execute("create trigger counted after update of state on people begin"
                + " update people set updates = updates + 1 where mail = new.mail; end");
        execute("insert into people (mail, state) values ('Ann@Example.net', 'ok'), ('bob@example.net', 'ok'),"
                + " ('o''hara@example.net', 'ok')");
        context = new DefaultCamelContext();
        context.getRegistry().bind("store", Store.class, store);
        context.getRegistry().bind("crm", DataSource.class, crm);
        context.start();
        Templates.load(context, "crm-sql");
        Templates.add(
                context,
                "deliverability-crm-sql",
                "crm",
                Map.of(
                        "store", "store",
                        "consumer", "crm",
                        "dataSource", "crm",
                        "table", "people",
                        "emailColumn", "mail",
                        "statusColumn", "state",
                        "reasonColumn", "why",
                        "delay", "20"));
    }

    @AfterEach
    void stop() {
        context.stop();
        store.close();
    }

    @Test
    void onlyTheSuppressedContactIsMarkedOnceAndNobodyIsOptedIn() throws Exception {
        Stores.suppress(store, "ann@example.net", SuppressionKind.BOUNCE);
        Stores.suppress(store, "o'hara@example.net", SuppressionKind.COMPLAINT);
        Stores.suppress(store, "nobody@example.net", SuppressionKind.BOUNCE);
        await().untilAsserted(() -> assertThat(state("o'hara@example.net")).isEqualTo("complaint userunknown 1"));
        assertThat(state("Ann@Example.net")).isEqualTo("bounce userunknown 1");
        assertThat(state("bob@example.net")).isEqualTo("ok null 0");
        assertThat(state("nobody@example.net")).isEqualTo("no row");

        store.suppressions()
                .remove(Stores.LIST, EmailAddress.parse("ann@example.net"), Optional.empty(), Instant.now())
                .toCompletableFuture()
                .join();
        Stores.suppress(store, "bob@example.net", SuppressionKind.MANUAL);
        await().untilAsserted(() -> assertThat(state("bob@example.net")).isEqualTo("manual userunknown 1"));
        assertThat(state("Ann@Example.net")).isEqualTo("bounce userunknown 1");
    }

    private void execute(String sql) throws SQLException {
        try (Connection c = crm.getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    private String state(String mail) throws SQLException {
        try (Connection c = crm.getConnection();
                var s = c.prepareStatement("select state, why, updates from people where mail = ?")) {
            s.setString(1, mail);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? r.getString(1) + " " + r.getString(2) + " " + r.getInt(3) : "no row";
            }
        }
    }
}
