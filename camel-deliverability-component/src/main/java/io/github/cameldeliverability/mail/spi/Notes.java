package io.github.cameldeliverability.mail.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Small durable values by name, such as a refresh token that its issuer replaced. Thread-safe; failures complete the stages
 * with {@code java.io.IOException}.
 */
public interface Notes {

    CompletionStage<Optional<byte[]>> read(String name);

    /** Replaces the value as a whole: after a crash it is the old one or the new one. */
    CompletionStage<Void> write(String name, byte[] value);
}
