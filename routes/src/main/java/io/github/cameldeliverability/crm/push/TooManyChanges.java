package io.github.cameldeliverability.crm.push;

/** A batch would change more records than the user allows. Nothing was written. */
public class TooManyChanges extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TooManyChanges(String message) {
        super(message);
    }
}
