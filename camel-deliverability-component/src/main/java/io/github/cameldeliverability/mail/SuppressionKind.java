package io.github.cameldeliverability.mail;

import java.util.Locale;

/** Why an address must not be mailed. */
public enum SuppressionKind {
    /** The address or its domain is dead. */
    BOUNCE,
    /** The person called our mail spam. */
    COMPLAINT,
    /** The person asked to be left alone. */
    UNSUBSCRIBE,
    /** The address cannot be right (syntax, null MX). */
    INVALID,
    /** An operator or another system said so. */
    MANUAL;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
