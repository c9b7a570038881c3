package io.github.cameldeliverability.verdict;

/** A rule pack was refused. The message is meant for its author: file, rule, sample, and what was found instead. */
public final class RulePackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RulePackException(String message) {
        super(message);
    }

    public RulePackException(String message, Throwable cause) {
        super(message, cause);
    }
}
