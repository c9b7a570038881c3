package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.Locale;
import java.util.Optional;

/**
 * A piece of evidence in the form that rules are matched against.
 *
 * @param code the reply code, or 0
 * @param enhanced the enhanced status code, or null
 * @param phase what the reply answers, or null
 * @param provider the provider in lower case, or null
 * @param text the text as {@link Normaliser} leaves it
 */
record Facts(int code, EnhancedStatus enhanced, SmtpPhase phase, String provider, String text) {

    static Facts of(ReplyEvidence evidence) {
        int code = evidence.code().orElse(0);
        String text = Normaliser.normalise(evidence.text());
        EnhancedStatus enhanced =
                evidence.enhanced().or(() -> statedInText(text, code)).orElse(null);
        return new Facts(
                code,
                enhanced,
                evidence.phase().orElse(null),
                evidence.provider().map(p -> p.toLowerCase(Locale.ROOT)).orElse(null),
                text);
    }

    /** Whether a retry can help as far as the codes tell; empty without any code. */
    Optional<Permanence> codeClass() {
        // RFC 5321 4.2.1: the first digit of the reply code decides, whatever the enhanced code says.
        if (code >= 400) {
            return Optional.of(code < 500 ? Permanence.TRANSIENT : Permanence.PERMANENT);
        }
        if (enhanced != null && enhanced.statusClass() != 2) {
            return Optional.of(enhanced.statusClass() == 4 ? Permanence.TRANSIENT : Permanence.PERMANENT);
        }
        return Optional.empty();
    }

    /** An enhanced code that a server wrote elsewhere than at the start: qmail's {@code (#5.1.1)}, {@code #5.1.0}. */
    private static Optional<EnhancedStatus> statedInText(String text, int code) {
        int from = 0;
        int tokens = 0;
        while (from < text.length() && tokens < 200) {
            int space = text.indexOf(' ', from);
            int to = space < 0 ? text.length() : space;
            int a = from;
            int b = to;
            while (a < b && "(#[<".indexOf(text.charAt(a)) >= 0) {
                a++;
            }
            while (b > a && ")],;:.>".indexOf(text.charAt(b - 1)) >= 0) {
                b--;
            }
            if (b - a >= 5 && b - a <= 9 && text.charAt(a + 1) == '.' && isClassOf(text.charAt(a), code)) {
                Optional<EnhancedStatus> found = EnhancedStatus.parse(text.substring(a, b));
                if (found.isPresent()) {
                    return found;
                }
            }
            from = to + 1;
            tokens++;
        }
        return Optional.empty();
    }

    private static boolean isClassOf(char digit, int code) {
        return code == 0 ? digit == '4' || digit == '5' : digit - '0' == code / 100;
    }
}
