package io.github.cameldeliverability.shaping;

/**
 * One line of an answer to "what holds for this lane, and who says so?".
 *
 * @param limit the limit's name as in {@link LimitSettings}, or {@code held} for a lane that must wait
 * @param value what is in force
 * @param setBy the layer or the observation that set it
 */
public record Explanation(String limit, String value, String setBy) {

    @Override
    public String toString() {
        return limit + " = " + value + " (" + setBy + ")";
    }
}
