package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.spi.QueueControl.Suspension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine is doing, for people and metrics.
 *
 * @param lanes the lanes that have something to do or a session open
 * @param outcomes events since the start, by outcome
 * @param memoryMessages messages under way in memory
 * @param memoryBytes their contents together
 * @param unsettled outcomes that the store has not confirmed yet
 * @param storeTrouble why no new attempts are made, if the store is to blame
 * @param suspensions what operators hold back
 */
public record EngineSnapshot(
        List<LaneSnapshot> lanes,
        Map<Outcome, Long> outcomes,
        int memoryMessages,
        long memoryBytes,
        int unsettled,
        Optional<String> storeTrouble,
        List<Suspension> suspensions) {

    public EngineSnapshot {
        lanes = List.copyOf(lanes);
        outcomes = Map.copyOf(outcomes);
        suspensions = List.copyOf(suspensions);
    }

    /**
     * @param queued recipients that wait in memory
     * @param connections sessions open
     * @param connecting connections being opened
     * @param throttledUntil when the lane may go on, if it must wait
     * @param why what it waits for
     */
    public record LaneSnapshot(
            Lane lane,
            int queued,
            int connections,
            int connecting,
            Optional<Instant> throttledUntil,
            Optional<String> why) {}
}
