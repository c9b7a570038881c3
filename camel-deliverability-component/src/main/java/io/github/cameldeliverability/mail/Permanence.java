package io.github.cameldeliverability.mail;

/** Whether trying the same message again, as it is, can help. */
public enum Permanence {
    TRANSIENT,
    PERMANENT
}
