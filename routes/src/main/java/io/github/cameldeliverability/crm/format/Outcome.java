package io.github.cameldeliverability.crm.format;

import java.util.Locale;

/** What became of a record, or of a call. */
public enum Outcome {
    /** Written, and read back where the system can be read. */
    DONE,
    /** It said so already, or something stricter. Nothing was written. */
    ALREADY,
    /** The system does not know the address. Nothing was written, and nothing is missing. */
    NOT_FOUND,
    /** Nothing was to be done: a removal, a kind that the system has no field for, another scope. */
    SKIPPED,
    /** Refused for now, or no answer: tried again later. */
    RETRY,
    /** Too fast: all calls pause. */
    THROTTLED,
    /** This record is refused for good: it goes to the dead letters. */
    TERMINAL,
    /** Nothing can be written at all until somebody acts: wrong key, missing right. The feed stands. */
    STOP,
    /** The access token has run out: a new one is fetched, the call is made again. */
    RENEW;

    /** Whether the change need not be looked at again. */
    public boolean isFinal() {
        return this == DONE || this == ALREADY || this == NOT_FOUND || this == SKIPPED || this == TERMINAL;
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The outcome of an {@link #id}. */
    public static Outcome of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }
}
