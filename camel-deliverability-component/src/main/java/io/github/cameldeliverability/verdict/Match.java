package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The condition of a rule: all that is given must hold, a list holds when one of its members does, an empty list always.
 *
 * @param codes reply codes; a piece of evidence without a code meets none
 * @param enhanced enhanced codes; evidence without one meets none
 * @param phases what the reply answers
 * @param providers provider names in lower case
 * @param text phrases of which one must occur
 * @param with phrases of which one must occur as well
 * @param without phrases of which none may occur
 * @param regex an expression that must be found in the normalised text; only tried after {@code text} held
 */
record Match(
        List<CodeRange> codes,
        List<EnhancedPattern> enhanced,
        Set<SmtpPhase> phases,
        Set<String> providers,
        List<Phrase> text,
        List<Phrase> with,
        List<Phrase> without,
        Optional<Pattern> regex) {

    /** Whether all but {@code text} holds: the caller knows that a phrase of it occurs, or that there is none. */
    boolean restHolds(Facts f) {
        return codesHold(f)
                && (phases.isEmpty() || (f.phase() != null && phases.contains(f.phase())))
                && (providers.isEmpty() || (f.provider() != null && providers.contains(f.provider())))
                && (with.isEmpty() || anyFound(with, f.text()))
                && !anyFound(without, f.text())
                && (regex.isEmpty() || regex.get().matcher(f.text()).find());
    }

    private boolean codesHold(Facts f) {
        return (codes.isEmpty() || codeHolds(f.code())) && (enhanced.isEmpty() || enhancedHolds(f.enhanced()));
    }

    private boolean codeHolds(int code) {
        for (CodeRange range : codes) {
            if (range.contains(code)) {
                return true;
            }
        }
        return false;
    }

    private boolean enhancedHolds(EnhancedStatus status) {
        if (status == null) {
            return false;
        }
        for (EnhancedPattern pattern : enhanced) {
            if (pattern.matches(status)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyFound(List<Phrase> phrases, String text) {
        for (Phrase phrase : phrases) {
            if (phrase.foundIn(text)) {
                return true;
            }
        }
        return false;
    }
}
