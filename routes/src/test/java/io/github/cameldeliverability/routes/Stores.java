package io.github.cameldeliverability.routes;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    /** Records that a mail of the stream was delivered to the recipient. */
    static void delivered(Store store, String stream, RecipientKey key, String recipient) {
        EmailAddress address = EmailAddress.parse(recipient);
        Instant now = Instant.now();
        store.spool()
                .add(
                        new SpooledMessage(
                                key.queueId(),
                                stream,
                                "<m1@shop.example>",
                                "Subject: Spring sale\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                                false,
                                false,
                                Optional.empty(),
                                false,
                                now,
                                now.plusSeconds(3600),
                                now,
                                Set.of(),
                                List.of(new Recipient(address, ReversePath.parse("bounces@shop.example")))),
                        true)
                .toCompletableFuture()
                .join();
        store.spool()
                .settle(
                        key,
                        new DeliveryEvent(
                                stream,
                                key.queueId(),
                                "<m1@shop.example>",
                                address,
                                Outcome.DELIVERED,
                                SmtpReply.parse("250 2.0.0 queued"),
                                Optional.of(SmtpPhase.DOT),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                1,
                                now,
                                Optional.empty(),
                                Duration.ZERO,
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
