package io.github.cameldeliverability.mailbox;

/** How a mail that was handled is told apart from those that wait. */
public enum AfterHandling {
    /** It is moved to a folder. */
    MOVE,
    /** It stays and gets a keyword. */
    FLAG
}
