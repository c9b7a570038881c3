package io.github.cameldeliverability.suppression;

/** What the {@code suppression} producer does. */
public enum SuppressionOperation {
    /** Says whether an address is suppressed; changes nothing. */
    CHECK,
    /** Adds addresses. */
    ADD,
    /** Lets the policy decide what a feedback or a delivery event does to the list. */
    APPLY,
    /** Removes an address. */
    REMOVE,
    /** Lists a page of entries. */
    LIST,
    /** Adds the rows of a CSV or NDJSON text. */
    IMPORT,
    /** Gives all entries as CSV or NDJSON, read page by page. */
    EXPORT,
    /** Takes back what an incident did: shows it, or with apply=true does it. */
    UNDO,
    /** Forgets an address and keeps it suppressed by a keyed hash. */
    ERASE,
    /** Says what the token of a link is worth; changes nothing. */
    INSPECT,
    /** Suppresses whom the token of an unsubscribe link names. */
    UNSUBSCRIBE,
    /** Makes a token by which an address confirms a subscription. */
    INVITE,
    /** Says whether a token confirms a subscription; changes nothing. */
    CONFIRM
}
