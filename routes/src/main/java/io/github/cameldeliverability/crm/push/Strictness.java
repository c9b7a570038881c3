package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.mail.SuppressionKind;
import java.util.List;

/** Which kind speaks for an address that is suppressed for several reasons: what the person said comes before what is dead. */
public final class Strictness {

    private static final List<SuppressionKind> STRICTEST_FIRST = List.of(
            SuppressionKind.COMPLAINT,
            SuppressionKind.UNSUBSCRIBE,
            SuppressionKind.MANUAL,
            SuppressionKind.INVALID,
            SuppressionKind.BOUNCE);

    private Strictness() {}

    /** Whether a comes before b; false for equal ones. */
    public static boolean isStricter(SuppressionKind a, SuppressionKind b) {
        return STRICTEST_FIRST.indexOf(a) < STRICTEST_FIRST.indexOf(b);
    }
}
