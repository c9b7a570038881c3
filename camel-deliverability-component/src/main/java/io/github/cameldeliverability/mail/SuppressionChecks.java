package io.github.cameldeliverability.mail;

import java.util.Set;

/**
 * How a suppression list is asked.
 *
 * @param exempt kinds that do not count: a one-time code may ignore that somebody left a newsletter. Wishes only: an
 *     address that is dead is dead for all mail, and what an operator forbade stays forbidden
 * @param canonical forms under which an address is asked for besides the one it is written in
 */
public record SuppressionChecks(Set<SuppressionKind> exempt, Set<CanonicalForm> canonical) {

    /** Every kind counts, and only the address as it is written. */
    public static final SuppressionChecks ALL = new SuppressionChecks(Set.of(), Set.of());

    private static final Set<SuppressionKind> WISHES = Set.of(SuppressionKind.UNSUBSCRIBE, SuppressionKind.COMPLAINT);

    public SuppressionChecks {
        exempt = Set.copyOf(exempt);
        canonical = Set.copyOf(canonical);
        for (SuppressionKind kind : exempt) {
            if (!WISHES.contains(kind)) {
                throw new IllegalArgumentException("no mail may be exempt from suppressions of kind " + kind.id()
                        + "; unsubscribe and complaint are the kinds that some mail may ignore");
            }
        }
    }
}
