package io.github.cameldeliverability.mx;

import org.apache.camel.spi.Metadata;

/** The exchange headers of the {@code mx} endpoint. */
public final class MxConstants {

    @Metadata(
            label = "producer",
            description = "The reverse-path of the envelope; `<>` is the null path. It is used once.",
            javaType = "String")
    public static final String ENVELOPE_FROM = "CamelMxEnvelopeFrom";

    @Metadata(
            label = "producer",
            description =
                    "The recipients of the envelope, in place of those of To, Cc and Bcc. It is used once. After a deferral"
                            + " in `DIRECT` mode it holds the recipients that are left.",
            javaType = "String or Collection")
    public static final String ENVELOPE_TO = "CamelMxEnvelopeTo";

    @Metadata(label = "producer", description = "The envelope id of RFC 3461.", javaType = "String")
    public static final String ENVELOPE_ID = "CamelMxEnvelopeId";

    @Metadata(
            label = "producer",
            description =
                    "Which reports the hosts behind are asked for (RFC 3461): `NEVER`, or some of `SUCCESS`, `FAILURE` and"
                            + " `DELAY`, comma-separated. They go to the reverse-path. Where not set, hosts report failures.",
            javaType = "String or Collection")
    public static final String DSN_NOTIFY = "CamelMxDsnNotify";

    @Metadata(
            label = "producer",
            description = "Whether the message may travel over verified TLS only (RFC 8689).",
            javaType = "Boolean")
    public static final String REQUIRE_TLS = "CamelMxRequireTls";

    @Metadata(label = "producer", description = "Not to be sent before this moment.", javaType = "java.time.Instant")
    public static final String SEND_AT = "CamelMxSendAt";

    @Metadata(
            label = "producer",
            description = "Comma-separated words by which operators find the message.",
            javaType = "String or Collection")
    public static final String TAGS = "CamelMxTags";

    @Metadata(
            label = "producer",
            description =
                    "The caller's name for the message: handing it in again under the same name in the same stream, even after"
                            + " a crash, does not queue it twice. Remembered as long as the history of events.",
            javaType = "String")
    public static final String IDEMPOTENCY_KEY = "CamelMxIdempotencyKey";

    @Metadata(
            label = "producer",
            description = "What the body is, in place of the option `messageFormat`.",
            javaType = "io.github.cameldeliverability.mx.MessageFormat")
    public static final String MESSAGE_FORMAT = "CamelMxMessageFormat";

    @Metadata(label = "producer", description = "The plain text that goes beside an HTML body.", javaType = "String")
    public static final String ALTERNATIVE_BODY = "CamelMxAlternativeBody";

    @Metadata(description = "The id of the message in the queue.", javaType = "String")
    public static final String QUEUE_ID = "CamelMxQueueId";

    @Metadata(description = "The Message-ID header field with its angle brackets.", javaType = "String")
    public static final String MESSAGE_ID = "CamelMxMessageId";

    @Metadata(label = "consumer", description = "The stream.", javaType = "String")
    public static final String STREAM = "CamelMxStream";

    @Metadata(label = "consumer", description = "The number of the event, rising.", javaType = "Long")
    public static final String EVENT_ID = "CamelMxEventId";

    @Metadata(label = "consumer", description = "The recipient as the route gave it.", javaType = "String")
    public static final String RECIPIENT = "CamelMxRecipient";

    @Metadata(
            label = "consumer",
            description = "Where the hand-over to the fallback is: `pending` with the final outcome, then `retrying`,"
                    + " `done` or `failed` with events whose outcome is `fallback`.",
            javaType = "String",
            enums = "pending,retrying,done,failed")
    public static final String FALLBACK = "CamelMxFallback";

    @Metadata(
            description = "The streams that the message fell back from, with commas between them. Keep it on the way to"
                    + " another mx endpoint: it is what stops loops.",
            javaType = "String")
    public static final String FALLBACK_FROM = "CamelMxFallbackFrom";

    @Metadata(
            label = "consumer",
            description = "What became of the recipient.",
            javaType = "String",
            enums = "delivered,deferred,bounced,expired,suppressed,cancelled,fallback")
    public static final String OUTCOME = "CamelMxOutcome";

    @Metadata(
            label = "consumer",
            description = "What the reply means: userunknown, mailboxfull ...",
            javaType = "String")
    public static final String REASON = "CamelMxReason";

    @Metadata(label = "consumer", description = "Whether the address is dead.", javaType = "Boolean")
    public static final String HARD = "CamelMxHard";

    @Metadata(label = "consumer", description = "Whose fault it is: recipient, sender-ip ...", javaType = "String")
    public static final String FAULT = "CamelMxFault";

    @Metadata(label = "consumer", description = "The last reply in one line.", javaType = "String")
    public static final String REPLY = "CamelMxReply";

    @Metadata(label = "consumer", description = "The code of the last reply: 550, 421 ...", javaType = "Integer")
    public static final String REPLY_CODE = "CamelMxReplyCode";

    @Metadata(label = "consumer", description = "The rule that said what the reply means.", javaType = "String")
    public static final String RULE = "CamelMxRule";

    @Metadata(label = "consumer", description = "The enhanced status code of the reply.", javaType = "String")
    public static final String STATUS = "CamelMxStatus";

    @Metadata(label = "consumer", description = "The provider of the recipient's mail hosts.", javaType = "String")
    public static final String PROVIDER = "CamelMxProvider";

    @Metadata(label = "consumer", description = "The mail host that answered.", javaType = "String")
    public static final String HOST = "CamelMxHost";

    @Metadata(label = "consumer", description = "1 for the first try, 0 when nothing was tried.", javaType = "Integer")
    public static final String ATTEMPT = "CamelMxAttempt";

    @Metadata(
            label = "consumer",
            description = "When a deferred recipient is tried again.",
            javaType = "java.time.Instant")
    public static final String NEXT_ATTEMPT = "CamelMxNextAttempt";

    @Metadata(label = "consumer", description = "With `feed=EFFECTS`: the name of the effect.", javaType = "String")
    public static final String EFFECT_ID = "CamelMxEffectId";

    @Metadata(
            label = "consumer",
            description = "With `feed=EFFECTS`: what happened to it.",
            javaType = "String",
            enums = "began,renewed,extended,recovers,ended")
    public static final String EFFECT_EVENT = "CamelMxEffectEvent";

    @Metadata(
            label = "consumer",
            description = "With `feed=EFFECTS`: what it does.",
            javaType = "String",
            enums = "slow,cap,suspend,switch-source,stop-stream,kill")
    public static final String EFFECT_KIND = "CamelMxEffectKind";

    @Metadata(
            label = "consumer",
            description = "With `feed=EFFECTS`: the rule that made it, or `operator`.",
            javaType = "String")
    public static final String EFFECT_RULE = "CamelMxEffectRule";

    @Metadata(label = "consumer", description = "With `feed=EFFECTS`: which mail it covers.", javaType = "String")
    public static final String EFFECT_KEY = "CamelMxEffectKey";

    @Metadata(label = "consumer", description = "With `feed=EFFECTS`: why, in a sentence.", javaType = "String")
    public static final String EFFECT_WHY = "CamelMxEffectWhy";

    @Metadata(
            label = "consumer",
            description = "With `feed=EFFECTS`: when it begins to recover.",
            javaType = "java.time.Instant")
    public static final String EFFECT_UNTIL = "CamelMxEffectUntil";

    private MxConstants() {}
}
