package io.github.cameldeliverability.crm.pull;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A system did not tell all of its list. Nothing that it told is of use: what is missing would look like mailable. */
public class PullFailed extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> after;

    PullFailed(String message, Optional<Duration> after) {
        super(message);
        this.after = after;
    }

    /** How long the system asks to wait. */
    public Optional<Duration> after() {
        return after == null ? Optional.empty() : after;
    }
}
