package io.github.cameldeliverability.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EveryCommitIsSyncedTest {

    @Test
    void theWritingConnectionSyncsItsLogAtEveryCommit(@TempDir Path directory) throws Exception {
        SqliteFile file = new SqliteFile(directory.resolve("mail.db"), StoreOptions.DEFAULT);
        file.migrate();
        try (Connection c = file.openWriter();
                Statement s = c.createStatement()) {
            assertThat(s.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("wal");
            // 2 is FULL: at every commit. 1 (NORMAL) would sync at checkpoints only and lose commits with the power.
            assertThat(s.executeQuery("PRAGMA synchronous").getInt(1)).isEqualTo(2);
        }
    }
}
