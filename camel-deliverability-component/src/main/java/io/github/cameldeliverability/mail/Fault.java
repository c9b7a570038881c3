package io.github.cameldeliverability.mail;

import java.util.Locale;

/** Whose fault a failure is. Only {@link #RECIPIENT} may ever suppress an address. */
public enum Fault {
    RECIPIENT,
    SENDER_ADDRESS,
    SENDER_IP,
    SENDER_DOMAIN,
    CONTENT,
    RECEIVER,
    NETWORK,
    /** Our own configuration or a bug of ours. */
    US;

    /** The name as in rule packs and events, {@code sender-ip}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
