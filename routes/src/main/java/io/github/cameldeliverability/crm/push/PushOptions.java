package io.github.cameldeliverability.crm.push;

import java.time.Duration;
import java.util.Set;

/**
 * What a user decides about a sink.
 *
 * @param maxChanges how many records a batch may change; 0: any number
 * @param maxChangedPercent how many of a batch's addresses may lead to a change, in percent; 100: all
 * @param maxRecordsPerAddress how many records may have the same address
 * @param scopes the scopes whose entries are told; empty: all
 * @param verify whether records are read back
 * @param giveUpAfter after which time a record that the system refuses for now is refused for good
 * @param giveUpAttempts and after how many refusals at least
 */
public record PushOptions(
        int maxChanges,
        int maxChangedPercent,
        int maxRecordsPerAddress,
        Set<String> scopes,
        boolean verify,
        Duration giveUpAfter,
        int giveUpAttempts) {

    public static final PushOptions DEFAULT = new PushOptions(1000, 100, 25, Set.of(), true, Duration.ofHours(24), 10);
}
