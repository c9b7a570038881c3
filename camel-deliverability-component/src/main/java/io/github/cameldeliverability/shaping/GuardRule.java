package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A bound on a rate of a stream's mail to a provider, absolute or against what is usual there. Data, read by {@link
 * ReactionReader}. Immutable.
 *
 * @param id names the rule in effects
 * @param source the file it comes from
 * @param watch which rate
 * @param stream only this stream; empty means each for itself
 * @param provider only this provider; empty means each for itself
 * @param limit the rate that is too much whatever is usual; 0 means none
 * @param factor how many times the usual rate is too much; 0 means no comparison
 * @param floor the rate below which nothing is too much compared with what is usual
 * @param count events that are the least to act upon
 * @param sample attempts that are the least to act upon
 * @param halfLife after which an event counts half in the present rate
 * @param action what to do then
 */
public record GuardRule(
        String id,
        String source,
        Watch watch,
        Optional<String> stream,
        Optional<String> provider,
        double limit,
        double factor,
        double floor,
        int count,
        int sample,
        Duration halfLife,
        ReactionRule.Action action) {

    /** The rates that are watched. */
    public enum Watch {
        /** Addresses that are dead, in the session or by returned mail. */
        HARD_BOUNCES,
        /** Of these, the ones that never existed. */
        UNKNOWN_USERS,
        /** Reports that a person called the mail spam. */
        COMPLAINTS,
        /** "Not now" for our sake: neither greylisting, nor a full mailbox, nor the network. */
        DEFERRALS;

        /** The name as in rules, {@code hard-bounces}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** By {@link #id()}; empty for an unknown name. */
        public static Optional<Watch> byId(String id) {
            for (Watch w : values()) {
                if (w.id().equalsIgnoreCase(id)) {
                    return Optional.of(w);
                }
            }
            return Optional.empty();
        }

        boolean counts(Verdict v) {
            return switch (this) {
                case HARD_BOUNCES -> v.isHard();
                case UNKNOWN_USERS -> v.isHard() && v.reason() == Reason.USERUNKNOWN;
                case COMPLAINTS -> false;
                case DEFERRALS ->
                    !v.isPermanent()
                            && v.reason() != Reason.GREYLISTED
                            && v.fault() != Fault.RECIPIENT
                            && v.fault() != Fault.NETWORK
                            && v.fault() != Fault.US;
            };
        }
    }

    boolean isAbout(String ofStream, String ofProvider) {
        return stream.map(ofStream::equals).orElse(true)
                && provider.map(ofProvider::equals).orElse(true);
    }
}
