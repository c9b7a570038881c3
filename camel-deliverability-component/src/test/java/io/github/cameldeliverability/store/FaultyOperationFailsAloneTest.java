package io.github.cameldeliverability.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyOperationFailsAloneTest {

    private static final GroupCommit.Observer NOBODY = new GroupCommit.Observer() {
        @Override
        public void committed(Effects effects) {}

        @Override
        public void tick(Connection connection) {}

        @Override
        public void reconnected() {}
    };

    @Test
    void operationsOfItsBatchSucceedAndItsOwnHalfIsUndone(@TempDir Path directory) throws Exception {
        SqliteFile file = new SqliteFile(directory.resolve("mail.db"), StoreOptions.DEFAULT);
        file.migrate();
        List<CompletableFuture<Integer>> stages = new ArrayList<>();
        GroupCommit writer = new GroupCommit(
                "test",
                file,
                new Tx(file, file.openWriter()),
                NOBODY,
                StoreOptions.DEFAULT,
                Thread::new,
                Runnable::run);
        // Before the thread starts, so that all are in one batch.
        for (int i = 0; i < 10; i++) {
            int n = i;
            stages.add(writer.submit(tx -> write(tx, n)).toCompletableFuture());
        }
        writer.start();
        List<Integer> done = new ArrayList<>();
        for (CompletableFuture<Integer> stage : stages) {
            done.add(
                    stage.orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> -1).join());
        }
        writer.close();

        assertThat(done).containsExactly(0, 1, 2, -1, 4, 5, 6, -1, 8, 9);
        assertThat(stages.get(3)).isCompletedExceptionally();
        try (Connection c = file.readerSource().getConnection();
                Statement s = c.createStatement();
                ResultSet row = s.executeQuery(
                        "SELECT count(*), (SELECT sum(open) FROM stream), (SELECT count(*) FROM stream) FROM meta")) {
            row.next();
            assertThat(row.getInt(1)).as("rows of the good ones").isEqualTo(8);
            assertThat(row.getInt(2)).as("counters of the good ones").isEqualTo(8);
            assertThat(row.getInt(3)).as("streams of the good ones").isEqualTo(8);
        }
    }

    /** 3 fails after it has written, 7 with a bug of ours. */
    private static int write(Tx tx, int n) throws SQLException {
        var insert = tx.sql("INSERT INTO meta (name, value) VALUES (?, zeroblob(1))");
        insert.setString(1, "n" + n);
        insert.executeUpdate();
        tx.effects().tally(tx.streamId("stream" + n)).open++;
        if (n == 3) {
            throw new SQLException("no such luck");
        }
        if (n == 7) {
            throw new IllegalStateException("a bug");
        }
        return n;
    }

    @Test
    void mailBeyondTheLimitOfWaitingOctetsIsRefusedAtOnce() throws Exception {
        try (TemporaryStore store = TemporaryStore.open(
                StoreOptions.DEFAULT.withMaxPendingBytes(200_000).withBatchSize(1), Clock.systemUTC())) {
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                SpooledMessage m =
                        Samples.message("q" + i, "transactional", Instant.EPOCH, new byte[20_000], "a@example.net");
                stages.add(store.spool().add(m, true).toCompletableFuture());
                assertThat(store.store().pendingBytes()).isLessThanOrEqualTo(200_000);
            }
            List<Optional<Throwable>> ends = new ArrayList<>();
            for (CompletableFuture<Void> stage : stages) {
                ends.add(stage.handle((v, e) -> Optional.ofNullable(e)).get(20, TimeUnit.SECONDS));
            }

            assertThat(ends).contains(Optional.empty());
            assertThat(ends.stream().flatMap(Optional::stream)).isNotEmpty().allSatisfy(e -> assertThat(e)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("maxPendingBytes"));
            StoreContract.get(store.secret("all done"));
            assertThat(store.store().pendingBytes()).isZero();
        }
    }
}
