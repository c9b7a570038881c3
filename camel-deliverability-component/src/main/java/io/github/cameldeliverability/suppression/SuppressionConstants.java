package io.github.cameldeliverability.suppression;

import org.apache.camel.spi.Metadata;

/** The headers of the {@code suppression} endpoint. */
public final class SuppressionConstants {

    @Metadata(
            label = "producer",
            description =
                    "Chooses the operation of this exchange instead of the option `operation`; removed afterwards.",
            javaType = "io.github.cameldeliverability.suppression.SuppressionOperation")
    public static final String OPERATION = "CamelSuppressionOperation";

    @Metadata(
            description = "The address: asked for by CHECK, ADD and REMOVE (else the body is), set by the consumer.",
            javaType = "String")
    public static final String ADDRESS = "CamelSuppressionAddress";

    @Metadata(
            description = "Why the address is suppressed: bounce, complaint, unsubscribe, invalid or manual."
                    + " Read by ADD, set by CHECK and the consumer.",
            javaType = "String")
    public static final String KIND = "CamelSuppressionKind";

    @Metadata(
            description = "The reason's name, such as userunknown. Read by ADD, set by CHECK and the consumer.",
            javaType = "String")
    public static final String REASON = "CamelSuppressionReason";

    @Metadata(
            description =
                    "The scope: `global`, `stream:NAME`, `list:NAME` or `tenant:NAME`. Read by ADD and REMOVE, set by CHECK and the consumer.",
            javaType = "String")
    public static final String SCOPE = "CamelSuppressionScope";

    @Metadata(
            description = "The reply or other evidence, for people. Read by ADD, set by CHECK and the consumer.",
            javaType = "String")
    public static final String EVIDENCE = "CamelSuppressionEvidence";

    @Metadata(
            label = "producer",
            description = "When the entry ends by itself: an Instant, or its ISO-8601 text. Read by ADD.",
            javaType = "java.time.Instant")
    public static final String UNTIL = "CamelSuppressionUntil";

    @Metadata(
            label = "producer",
            description = "The stream whose scope CHECK asks besides `global`, instead of the option `stream`.",
            javaType = "String")
    public static final String STREAM = "CamelSuppressionStream";

    @Metadata(
            label = "producer",
            description = "Whether the address is suppressed. Set by CHECK.",
            javaType = "Boolean")
    public static final String SUPPRESSED = "CamelSuppressionSuppressed";

    @Metadata(
            label = "producer",
            description = "The entry that suppresses the address. Set by CHECK.",
            javaType = "io.github.cameldeliverability.mail.Suppression")
    public static final String ENTRY = "CamelSuppressionEntry";

    @Metadata(
            label = "producer",
            description =
                    "How many entries are new, stronger or gone. Set by ADD, APPLY, REMOVE, IMPORT, UNDO and ERASE; with a dry run or a preview, how many would be.",
            javaType = "Integer")
    public static final String CHANGED = "CamelSuppressionChanged";

    @Metadata(
            label = "producer",
            description = "How many statements APPLY withheld because nothing proves them.",
            javaType = "Integer")
    public static final String QUARANTINED = "CamelSuppressionQuarantined";

    @Metadata(
            label = "producer",
            description = "What APPLY did and did not do, and why.",
            javaType = "io.github.cameldeliverability.intake.Applied")
    public static final String APPLIED = "CamelSuppressionApplied";

    @Metadata(
            label = "producer",
            description =
                    "The address key after which LIST goes on. Read by LIST, which sets it to the last key of the page.",
            javaType = "String")
    public static final String AFTER = "CamelSuppressionAfter";

    @Metadata(
            label = "producer",
            description = "The rows that IMPORT did not understand, each with its line number; at most 100.",
            javaType = "java.util.List")
    public static final String REJECTED = "CamelSuppressionRejected";

    @Metadata(
            label = "producer",
            description =
                    "The rule that judged wrongly. Read by UNDO, instead of the option `rule`; set by the consumer.",
            javaType = "String")
    public static final String RULE = "CamelSuppressionRule";

    @Metadata(
            label = "producer",
            description =
                    "The provider that refused. Read by UNDO, instead of the option `provider`; set by the consumer.",
            javaType = "String")
    public static final String PROVIDER = "CamelSuppressionProvider";

    @Metadata(
            label = "producer",
            description = "What made the entries, such as session, dsn or import. Read by UNDO, instead of the option"
                    + " `source`; set by the consumer.",
            javaType = "String")
    public static final String SOURCE = "CamelSuppressionSource";

    @Metadata(
            label = "producer",
            description = "When the incident began: an Instant, or its ISO-8601 text. Read by UNDO, instead of `from`.",
            javaType = "java.time.Instant")
    public static final String FROM = "CamelSuppressionFrom";

    @Metadata(
            label = "producer",
            description =
                    "The first moment after the incident: an Instant, or its ISO-8601 text. Read by UNDO, instead of"
                            + " `to`.",
            javaType = "java.time.Instant")
    public static final String TO = "CamelSuppressionTo";

    @Metadata(
            label = "producer",
            description = "Whether UNDO changes the list, instead of the option `apply`; removed afterwards.",
            javaType = "Boolean")
    public static final String APPLY = "CamelSuppressionApply";

    @Metadata(
            label = "producer",
            description =
                    "The token of a link. Read by INSPECT, UNSUBSCRIBE and CONFIRM (else the body is); set by INVITE.",
            javaType = "String")
    public static final String TOKEN = "CamelSuppressionToken";

    @Metadata(
            label = "producer",
            description = "What the token is worth: valid, expired or forged. Set by INSPECT, UNSUBSCRIBE and CONFIRM,"
                    + " with the address and the scope that the token names.",
            javaType = "String")
    public static final String TOKEN_STATE = "CamelSuppressionTokenState";

    @Metadata(
            label = "producer",
            description = "How many entries share the incident's causes but stay for others. Set by UNDO.",
            javaType = "Long")
    public static final String KEPT = "CamelSuppressionKept";

    @Metadata(
            label = "producer",
            description =
                    "How many rows IMPORT read, those included that it did not understand or that changed nothing.",
            javaType = "Long")
    public static final String ROWS = "CamelSuppressionRows";

    @Metadata(
            label = "consumer",
            description =
                    "What happened to the entry: added, updated, removed, restored (an incident was undone) or erased.",
            javaType = "String")
    public static final String CHANGE = "CamelSuppressionChange";

    @Metadata(label = "consumer", description = "The number of the change within its list.", javaType = "Long")
    public static final String SEQUENCE = "CamelSuppressionSequence";

    @Metadata(label = "consumer", description = "The list that changed.", javaType = "String")
    public static final String LIST = "CamelSuppressionList";

    @Metadata(
            label = "consumer",
            description = "The same for every delivery of a change: a key against handling it twice.",
            javaType = "String")
    public static final String IDEMPOTENCY_KEY = "CamelSuppressionIdempotencyKey";

    @Metadata(
            label = "consumer",
            description = "How often the change is given out now, 1 for the first time since the route started.",
            javaType = "Integer")
    public static final String ATTEMPT = "CamelSuppressionAttempt";

    @Metadata(
            label = "consumer",
            description = "Set it on an exchange that fails: after how many milliseconds the change is given out again,"
                    + " at most maxRetryDelay.",
            javaType = "Long")
    public static final String RETRY_DELAY = "CamelSuppressionRetryDelay";

    private SuppressionConstants() {}
}
