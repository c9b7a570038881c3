package io.github.cameldeliverability.deliverability;

import org.apache.camel.spi.Metadata;

/** The exchange headers of the {@code deliverability} endpoint. */
public final class DeliverabilityConstants {

    @Metadata(
            label = "producer",
            description = "The effect of CANCEL_EFFECT and EXTEND_EFFECT; set by KILL.",
            javaType = "String")
    public static final String EFFECT_ID = "CamelDeliverabilityEffectId";

    @Metadata(
            label = "producer",
            description = "The new end for EXTEND_EFFECT: a moment, or a time from now such as `2h`.",
            javaType = "java.time.Instant or String")
    public static final String UNTIL = "CamelDeliverabilityUntil";

    @Metadata(label = "producer", description = "The stream, in place of the option `stream`.", javaType = "String")
    public static final String STREAM = "CamelDeliverabilityStream";

    @Metadata(label = "producer", description = "The provider, in place of the option `provider`.", javaType = "String")
    public static final String PROVIDER = "CamelDeliverabilityProvider";

    @Metadata(label = "producer", description = "The source address of the lane for EXPLAIN.", javaType = "String")
    public static final String SOURCE = "CamelDeliverabilitySource";

    @Metadata(label = "producer", description = "The tag, in place of the option `tag`.", javaType = "String")
    public static final String TAG = "CamelDeliverabilityTag";

    @Metadata(label = "producer", description = "Why, for colleagues.", javaType = "String")
    public static final String WHY = "CamelDeliverabilityWhy";

    @Metadata(
            label = "producer",
            description = "Who gives the order, for the record; the route otherwise.",
            javaType = "String")
    public static final String WHO = "CamelDeliverabilityWho";

    @Metadata(
            label = "producer",
            description = "Whether the order changed anything; set by all orders.",
            javaType = "Boolean")
    public static final String CHANGED = "CamelDeliverabilityChanged";

    private DeliverabilityConstants() {}
}
