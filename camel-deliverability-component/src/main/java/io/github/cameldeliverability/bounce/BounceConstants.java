package io.github.cameldeliverability.bounce;

import org.apache.camel.spi.Metadata;

/** The headers of the {@code bounce} endpoint. */
public final class BounceConstants {

    @Metadata(
            description = "What the mail is: bounce, complaint, auto-reply, delivery-notice, unsubscribe or none.",
            javaType = "String")
    public static final String KIND = "CamelBounceKind";

    @Metadata(description = "The reason for the first recipient, such as userunknown.", javaType = "String")
    public static final String REASON = "CamelBounceReason";

    @Metadata(description = "Whether an address of any recipient is dead.", javaType = "Boolean")
    public static final String HARD = "CamelBounceHard";

    @Metadata(
            description =
                    "The first recipient: whom we mailed. With an SMTP reply as the body, set it before: to whom the"
                            + " reply was given.",
            javaType = "String")
    public static final String RECIPIENT = "CamelBounceRecipient";

    @Metadata(description = "All recipients that the mail speaks of.", javaType = "java.util.List<String>")
    public static final String RECIPIENTS = "CamelBounceRecipients";

    @Metadata(description = "The enhanced status code for the first recipient, such as 5.1.1.", javaType = "String")
    public static final String STATUS = "CamelBounceStatus";

    @Metadata(description = "The remote server's words about the first recipient.", javaType = "String")
    public static final String DIAGNOSTIC = "CamelBounceDiagnostic";

    @Metadata(description = "The rule that judged the first recipient.", javaType = "String")
    public static final String RULE_ID = "CamelBounceRuleId";

    @Metadata(
            description = "Whether a token of ours proves that the mail answers a message of ours to the recipient.",
            javaType = "Boolean")
    public static final String AUTHENTICATED = "CamelBounceAuthenticated";

    @Metadata(
            description = "What tied the mail to a message of ours: token, envid, message-id or none.",
            javaType = "String")
    public static final String CORRELATION = "CamelBounceCorrelation";

    @Metadata(description = "The stream of our message, where it is known.", javaType = "String")
    public static final String STREAM = "CamelBounceStream";

    @Metadata(description = "The queue id of our message, where it is known.", javaType = "String")
    public static final String QUEUE_ID = "CamelBounceQueueId";

    @Metadata(description = "The Message-ID of the mail that came back, where it is known.", javaType = "String")
    public static final String MESSAGE_ID = "CamelBounceMessageId";

    @Metadata(
            description = "True where the mail was larger than maxSize and only its beginning was read; else absent.",
            javaType = "Boolean")
    public static final String TRUNCATED = "CamelBounceTruncated";

    @Metadata(
            description =
                    "The kind of report that the mail holds: dmarc-aggregate, dmarc-failure, tls-rpt or arf; else absent.",
            javaType = "String")
    public static final String REPORT = "CamelBounceReport";

    private BounceConstants() {}
}
