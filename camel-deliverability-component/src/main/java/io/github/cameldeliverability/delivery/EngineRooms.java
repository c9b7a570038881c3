package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.MxResolver;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import io.github.cameldeliverability.mail.spi.Shaper;
import io.github.cameldeliverability.mail.spi.SmtpConnector;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.util.Objects;
import java.util.Optional;

/**
 * The rooms that the engine stands on. They are not closed with the engine.
 *
 * @param tokens mints VERP addresses; without it no stream can have VERP
 */
public record EngineRooms(
        Store store,
        MxResolver resolver,
        SmtpConnector connector,
        Shaper shaper,
        VerdictEngine verdicts,
        Optional<ReturnTokens> tokens) {

    /** Rooms of an engine that has no store: {@link DeliveryEngine#deliverNow} is all that it does. */
    public static EngineRooms withoutStore(
            MxResolver resolver, SmtpConnector connector, Shaper shaper, VerdictEngine verdicts) {
        return new EngineRooms(new NoStore(), resolver, connector, shaper, verdicts, Optional.empty());
    }

    public EngineRooms {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(resolver, "resolver");
        Objects.requireNonNull(connector, "connector");
        Objects.requireNonNull(shaper, "shaper");
        Objects.requireNonNull(verdicts, "verdicts");
        Objects.requireNonNull(tokens, "tokens");
    }
}
