package io.github.cameldeliverability.mail;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which final failures of a stream go to its fallback. Immutable.
 *
 * <p>Never those that say that the recipient does not want the mail: what the suppression list forbids, what was
 * complained about, what an operator withdrew.
 *
 * @param reasons of bounced and expired mail; empty for the default: all but those that say that the address is dead
 * @param expired whether all mail counts whose time ran out, whatever the last reason was
 */
public record FallbackRule(Optional<Set<Reason>> reasons, boolean expired) {

    /** Every failure but those of a dead address. */
    public static final FallbackRule DEFAULT = new FallbackRule(Optional.empty(), false);

    private static final Set<Reason> UNWILLING = EnumSet.of(Reason.FEEDBACK, Reason.SUPPRESSED);
    private static final Map<String, Set<Reason>> GROUPS = groups();

    public FallbackRule {
        reasons = reasons.map(Set::copyOf);
    }

    private static Map<String, Set<Reason>> groups() {
        Map<String, Set<Reason>> m = new LinkedHashMap<>();
        m.put(
                "policy",
                EnumSet.of(
                        Reason.POLICYVIOLATION,
                        Reason.SECURITYERROR,
                        Reason.AUTHFAILURE,
                        Reason.REJECTED,
                        Reason.NORELAYING,
                        Reason.FILTERED));
        m.put("reputation", EnumSet.of(Reason.BLOCKED, Reason.BADREPUTATION, Reason.REQUIREPTR));
        m.put(
                "content",
                EnumSet.of(
                        Reason.CONTENTERROR,
                        Reason.SPAMDETECTED,
                        Reason.VIRUSDETECTED,
                        Reason.NOTCOMPLIANTRFC,
                        Reason.MESGTOOBIG,
                        Reason.EXCEEDLIMIT));
        m.put("full", EnumSet.of(Reason.MAILBOXFULL));
        m.put("rate", EnumSet.of(Reason.RATELIMITED, Reason.TOOMANYCONN));
        m.put("network", EnumSet.of(Reason.NETWORKERROR, Reason.FAILEDSTARTTLS));
        return m;
    }

    /**
     * Reads words with commas between them, in any case of letters: reasons ({@code mailboxfull}), groups of them ({@code
     * policy}, {@code reputation}, {@code content}, {@code full}, {@code rate}, {@code network}), {@code expired} for all
     * mail whose time ran out, {@code default}. Empty text is the default.
     *
     * @throws IllegalArgumentException naming the word that cannot be used, and why
     */
    public static FallbackRule parse(String text) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        boolean expired = false;
        boolean standard = false;
        boolean any = false;
        for (String part : text == null ? new String[0] : text.split(",")) {
            String word = part.strip().toLowerCase(Locale.ROOT);
            if (word.isEmpty()) {
                continue;
            }
            any = true;
            if (word.equals("expired")) {
                expired = true;
                reasons.add(Reason.EXPIRED);
            } else if (word.equals("default")) {
                standard = true;
            } else if (GROUPS.containsKey(word)) {
                reasons.addAll(GROUPS.get(word));
            } else {
                reasons.add(reason(part.strip(), word));
            }
        }
        if (!any) {
            return DEFAULT;
        }
        if (standard) {
            for (Reason r : Reason.values()) {
                if (isMeantByDefault(r)) {
                    reasons.add(r);
                }
            }
            expired = true;
        }
        return new FallbackRule(Optional.of(reasons), expired);
    }

    private static Reason reason(String part, String word) {
        Reason reason = Reason.byId(word)
                .orElseThrow(() -> new IllegalArgumentException("\"" + part + "\" is no reason; want reasons such as"
                        + " mailboxfull, or " + String.join(", ", GROUPS.keySet()) + ", expired, default"));
        if (UNWILLING.contains(reason)) {
            throw new IllegalArgumentException(
                    "\"" + part + "\" cannot go to a fallback: who does not want the mail must not get it another way");
        }
        if (reason == Reason.DELIVERED || reason == Reason.VACATION) {
            throw new IllegalArgumentException("\"" + part + "\" is no failure");
        }
        return reason;
    }

    private static boolean isMeantByDefault(Reason r) {
        return !r.meansDeadAddress() && !UNWILLING.contains(r) && r != Reason.DELIVERED && r != Reason.VACATION;
    }

    /** Whether the message goes to the fallback with this outcome. */
    public boolean takes(DeliveryEvent event) {
        boolean ranOut = event.outcome() == Outcome.EXPIRED;
        if (!ranOut && event.outcome() != Outcome.BOUNCED) {
            return false;
        }
        Optional<Reason> reason = event.verdict().map(Verdict::reason);
        if (reason.filter(UNWILLING::contains).isPresent()) {
            return false;
        }
        if (reasons.isEmpty()) {
            return reason.isEmpty() || isMeantByDefault(reason.get());
        }
        boolean dead = reason.filter(Reason::meansDeadAddress).isPresent();
        return reason.filter(reasons.get()::contains).isPresent() || (ranOut && expired && !dead);
    }
}
