package io.github.cameldeliverability.mail;

/**
 * What is shaped: the mail of one stream from one source address to one provider.
 *
 * @param stream the stream's name
 * @param source the source address, or {@code default} where the system chooses it
 * @param provider the provider's name
 */
public record Lane(String stream, String source, String provider) {

    public static final String DEFAULT_SOURCE = "default";

    @Override
    public String toString() {
        return stream + "/" + source + "/" + provider;
    }
}
