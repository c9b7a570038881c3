package io.github.cameldeliverability.crm.pull;

import java.io.IOException;

/** A system did not tell all of its list. Nothing that it told is of use: what is missing would look like mailable. */
public class PullFailed extends IOException {

    private static final long serialVersionUID = 1L;

    PullFailed(String message) {
        super(message);
    }
}
