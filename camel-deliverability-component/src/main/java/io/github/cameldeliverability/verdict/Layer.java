package io.github.cameldeliverability.verdict;

import java.util.Locale;
import java.util.Optional;

/**
 * How specific the knowledge of a pack is. The engine asks the layers in this order and takes the first rule that
 * matches, so what somebody wrote about one provider beats what everybody says.
 */
enum Layer {
    /** Packs of the installation. */
    USER,
    /** One provider, or one make of security gateway. */
    PROVIDER,
    /** The stock texts of one mail server software. */
    MTA,
    /** Texts in one language. */
    LANGUAGE,
    /** Lists of addresses and domains. */
    BLOCKLIST,
    /** Wordings that many servers share. */
    GENERAL,
    /** Codes without a known text: RFC 5321, RFC 3463 and the IANA registry. */
    IANA;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Layer> byId(String id) {
        for (Layer layer : values()) {
            if (layer.id().equals(id)) {
                return Optional.of(layer);
            }
        }
        return Optional.empty();
    }
}
