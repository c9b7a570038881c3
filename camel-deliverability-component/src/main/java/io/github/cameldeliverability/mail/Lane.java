package io.github.cameldeliverability.mail;

import java.util.List;

/**
 * What is shaped: the mail of one stream from one source address to one provider.
 *
 * @param stream the stream's name
 * @param source the source address, or {@code default} where the system chooses it
 * @param provider the provider's name
 */
public record Lane(String stream, String source, String provider) {

    public static final String DEFAULT_SOURCE = "default";

    /** A domain with limits of its own has a lane of its own, {@code google@example.org}: this is who runs its hosts. */
    public String receiver() {
        int at = provider.indexOf('@');
        return at < 0 ? provider : provider.substring(0, at);
    }

    /**
     * Reads {@code stream/source/provider}, or {@code stream/provider} for the system's choice of the source.
     *
     * @throws IllegalArgumentException for any other form
     */
    public static Lane parse(String text) {
        String[] parts = text.strip().split("/", 3);
        if (parts.length < 2 || List.of(parts).contains("")) {
            throw new IllegalArgumentException(
                    "a lane is stream/source/provider, for example tx/default/google, not " + text);
        }
        return parts.length == 3
                ? new Lane(parts[0], parts[1], parts[2])
                : new Lane(parts[0], DEFAULT_SOURCE, parts[1]);
    }

    @Override
    public String toString() {
        return stream + "/" + source + "/" + provider;
    }
}
