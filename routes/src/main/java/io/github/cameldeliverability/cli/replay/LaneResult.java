package io.github.cameldeliverability.cli.replay;

import java.time.Duration;
import java.util.List;

/**
 * What a replay made of the mail of one stream to one provider.
 *
 * @param stream the stream
 * @param provider as the replayed limits name it
 * @param recipients in the record
 * @param delivered in the replay
 * @param refused for good in the replay
 * @param open whose last recorded answer was a deferral, or who were not reached before the replay's end
 * @param deferrals answers in the replay that put a recipient off
 * @param drain from the first recipient's arrival to the last answer
 * @param recorded the same as it was recorded
 * @param bounds what mail that was due waited for, the longest first
 */
public record LaneResult(
        String stream,
        String provider,
        long recipients,
        long delivered,
        long refused,
        long open,
        long deferrals,
        Duration drain,
        Duration recorded,
        List<Bound> bounds) {

    /**
     * A limit that held mail back.
     *
     * @param why in the shaper's words
     * @param waited how long mail was due and did not go for this
     */
    public record Bound(String why, Duration waited) {}

    /** Recipients with a final answer a second; 0 where all was over at once. */
    public double rate() {
        double seconds = drain.toMillis() / 1000.0;
        return seconds == 0 ? 0 : (delivered + refused) / seconds;
    }
}
