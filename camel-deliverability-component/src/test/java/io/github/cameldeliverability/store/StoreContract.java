package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.mail.spi.Spool.ClaimRequest;
import io.github.cameldeliverability.mail.spi.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every database behind the store must do; a subclass for each says how to open it. */
abstract class StoreContract {

    final SettableClock clock = new SettableClock(Samples.NOW);
    Store store;

    /** A new, empty store. */
    abstract Store open(Clock clock);

    /** Closes the store and opens its database again. */
    abstract Store reopen(Store store);

    @BeforeEach
    void openStore() {
        store = open(clock);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : e;
        }
    }

    SpooledMessage add(boolean held, SpooledMessage message) {
        get(store.spool().add(message, held));
        return message;
    }

    void settle(SpooledMessage m, int ordinal, DeliveryEvent event) {
        get(store.spool().settle(Samples.key(m, ordinal), event));
    }

    List<Claim> claim(int limit, int perDomain, Instant now, String... exceptDomains) {
        return get(
                store.spool().claim(new ClaimRequest("transactional", now, limit, perDomain, Set.of(exceptDomains))));
    }

    List<RecipientKey> claimedKeys(Instant now) {
        return claim(100, 100, now).stream().map(Claim::key).toList();
    }
}
