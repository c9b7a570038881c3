package io.github.cameldeliverability.shaping;

import java.util.List;
import java.util.Map;

/**
 * What a file of limits says, checked in itself. Immutable.
 *
 * @param name of the file
 * @param defaults for all lanes
 * @param providers definitions, new ones and changes of known ones
 * @param domains limits of single recipient domains, which get lanes of their own
 * @param streams limits of streams
 * @param shared limits that several lanes share
 * @param plans warm-up plans by name
 * @param warmups what is warmed up
 * @param quotas of smarthosts by name
 * @param retries retry schedules as text, by stream ({@code ""} for all) and reason
 */
public record LimitFile(
        String name,
        LimitSettings defaults,
        List<ProviderDefinition> providers,
        Map<String, Sourced> domains,
        Map<String, StreamLimits> streams,
        List<SharedLimit> shared,
        Map<String, WarmupPlan> plans,
        List<WarmupTarget> warmups,
        Map<String, QuotaProfile> quotas,
        Map<String, Map<String, Place>> retries) {

    /** A file that says nothing. */
    public static final LimitFile EMPTY = new LimitFile(
            "nothing",
            LimitSettings.NONE,
            List.of(),
            Map.of(),
            Map.of(),
            List.of(),
            Map.of(),
            List.of(),
            Map.of(),
            Map.of());

    /** Limits and who set them. */
    public record Sourced(LimitSettings limits, String source) {}

    /** A text and where it stands. */
    public record Place(String text, String at) {}

    /** @param byProvider limits of the stream's mail to single providers */
    public record StreamLimits(Sourced own, Map<String, Sourced> byProvider) {}
}
