package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import io.github.cameldeliverability.token.LinkToken;
import io.github.cameldeliverability.token.LinkTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Message;

/** Links in mails: to be taken off a list, to confirm a subscription. Only {@link #unsubscribe} changes anything. */
final class SuppressionLinks {

    private static final int MOST_EVIDENCE = 200;

    private final String list;
    private final Store store;
    private final Optional<String> secret;
    private CompletionStage<LinkTokens> tokens;

    /** @param secret one or more, separated by commas, the first mints; empty takes the store's */
    SuppressionLinks(String list, Store store, String secret) {
        this.list = list;
        this.store = store;
        this.secret = Optional.ofNullable(secret).filter(s -> !s.isBlank());
    }

    private synchronized CompletionStage<LinkTokens> tokens() {
        if (tokens == null || tokens.toCompletableFuture().isCompletedExceptionally()) {
            tokens = secret.isPresent()
                    ? CompletableFuture.completedFuture(
                            new LinkTokens(Arrays.stream(secret.get().split(","))
                                    .map(s -> s.strip().getBytes(StandardCharsets.UTF_8))
                                    .toList()))
                    : store.secret(LinkTokens.SECRET_NAME).thenApply(s -> new LinkTokens(List.of(s)));
        }
        return tokens;
    }

    /** A token by which the address confirms the scope. */
    CompletionStage<String> invite(EmailAddress address, String scope, Duration validity, Instant now) {
        return tokens().thenApply(t ->
                t.mint(new LinkToken(LinkToken.Purpose.CONFIRM, list, scope, address, now.plus(validity))));
    }

    /** What the token is worth; a token of another list is worth nothing here. */
    CompletionStage<LinkTokens.Reading> read(String token, LinkToken.Purpose purpose, Instant now) {
        return tokens().thenApply(t -> {
            LinkTokens.Reading reading = t.read(token, purpose, now);
            return token(reading).filter(k -> !k.list().equals(list)).isPresent()
                    ? new LinkTokens.Reading.Forged()
                    : reading;
        });
    }

    /** Suppresses whom a valid token names; any other token changes nothing. Completes with what the token was worth. */
    CompletionStage<LinkTokens.Reading> unsubscribe(
            SuppressionList suppressions, String token, String how, Instant now) {
        return read(token, LinkToken.Purpose.UNSUBSCRIBE, now).thenCompose(reading -> {
            if (!(reading instanceof LinkTokens.Reading.Valid valid)) {
                return CompletableFuture.completedFuture(reading);
            }
            LinkToken t = valid.token();
            String evidence = how == null ? "" : how.substring(0, Math.min(how.length(), MOST_EVIDENCE));
            return suppressions
                    .add(new Suppression(
                            list,
                            t.scope(),
                            t.address(),
                            SuppressionKind.UNSUBSCRIBE,
                            Optional.empty(),
                            ("unsubscribed by link " + evidence).strip(),
                            Optional.empty(),
                            "unsubscribe",
                            now,
                            Optional.empty()))
                    .thenApply(changed -> reading);
        });
    }

    static Optional<LinkToken> token(LinkTokens.Reading reading) {
        if (reading instanceof LinkTokens.Reading.Valid v) {
            return Optional.of(v.token());
        }
        return reading instanceof LinkTokens.Reading.Expired e ? Optional.of(e.token()) : Optional.empty();
    }

    /** What routes learn of it; of a forged token nothing but that. */
    static void describe(Message m, LinkTokens.Reading reading) {
        m.removeHeader(SuppressionConstants.ADDRESS);
        m.removeHeader(SuppressionConstants.SCOPE);
        if (reading instanceof LinkTokens.Reading.Valid) {
            m.setHeader(SuppressionConstants.TOKEN_STATE, "valid");
        } else {
            m.setHeader(SuppressionConstants.TOKEN_STATE, token(reading).isPresent() ? "expired" : "forged");
        }
        token(reading).ifPresent(t -> {
            m.setHeader(SuppressionConstants.ADDRESS, t.address().toString());
            m.setHeader(SuppressionConstants.SCOPE, t.scope());
        });
    }
}
