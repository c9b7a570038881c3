package io.github.cameldeliverability.cli;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/** The option of all commands that operate a store, also while an engine runs on it. */
final class StoreOption {

    private static final long PATIENCE_SECONDS = 60;
    private static final long LONG_PATIENCE_SECONDS = 3_600;

    @Option(
            names = "--store",
            defaultValue = "deliverability.db",
            paramLabel = "FILE",
            description = "the store (default ${DEFAULT-VALUE})")
    private Path file;

    /** Opens the existing store beside its engine, if one runs. */
    Store open() throws IOException {
        return open(file);
    }

    /** As {@link #open()}, for commands that need not have a store. */
    static Store open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new UserError("no store at " + file + "; name it with --store");
        }
        return SqliteStore.openAdmin(
                file,
                StoreOptions.DEFAULT,
                Clock.systemUTC(),
                new SecureRandom(),
                task -> {
                    Thread thread = new Thread(task, "deliverability-store");
                    thread.setDaemon(true);
                    return thread;
                },
                Runnable::run);
    }

    /** Blocking: the answer, or the reason why there is none. */
    static <T> T await(CompletionStage<T> stage) throws IOException, InterruptedException {
        return await(stage, PATIENCE_SECONDS);
    }

    /** Blocking: as {@link #await(CompletionStage)}, for work that goes over the whole queue. */
    static <T> T awaitLong(CompletionStage<T> stage) throws IOException, InterruptedException {
        return await(stage, LONG_PATIENCE_SECONDS);
    }

    private static <T> T await(CompletionStage<T> stage, long patience) throws IOException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(patience, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw new UserError(Deliverability.reason(refused), refused);
            }
            throw new IOException(Deliverability.reason(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the store did not answer within " + patience + " s", e);
        }
    }
}
