package io.github.cameldeliverability.routes;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Stores in a folder, and what the tests ask of them. */
final class Stores {

    static final String LIST = "default";

    private Stores() {}

    static Store open(Path folder) throws IOException {
        return SqliteStore.open(
                folder.resolve("deliverability.db"),
                StoreOptions.DEFAULT,
                Clock.systemUTC(),
                new SecureRandom(),
                task -> {
                    Thread t = new Thread(task, "store");
                    t.setDaemon(true);
                    return t;
                },
                Runnable::run);
    }

    static void suppress(Store store, String address, SuppressionKind kind) {
        store.suppressions()
                .add(new Suppression(
                        LIST,
                        Suppression.GLOBAL,
                        EmailAddress.parse(address),
                        kind,
                        Optional.of(Reason.USERUNKNOWN),
                        "550 5.1.1 it's \"gone\"",
                        Optional.empty(),
                        "test",
                        Instant.now(),
                        Optional.empty()))
                .toCompletableFuture()
                .join();
    }

    static Optional<Suppression> check(Store store, String address) {
        return store.suppressions()
                .check(LIST, EmailAddress.parse(address), Set.of(Suppression.GLOBAL, "stream:marketing"), Instant.now())
                .toCompletableFuture()
                .join();
    }
}
