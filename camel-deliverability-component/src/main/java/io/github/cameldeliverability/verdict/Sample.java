package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.Optional;

/**
 * A reply that a rule brings along to prove itself.
 *
 * @param reply one line, {@code "550 5.1.1 no such user"}
 * @param phase what it answers, where the rule asks for it
 * @param provider who said it, where the rule asks for it
 */
record Sample(String reply, Optional<SmtpPhase> phase, Optional<String> provider) {

    ReplyEvidence evidence() {
        ReplyEvidence e = ReplyText.parse(reply);
        return new ReplyEvidence(e.code(), e.enhanced(), phase.or(e::phase), provider, e.text());
    }
}
