package io.github.cameldeliverability.mail;

import java.util.Objects;
import java.util.Optional;

/**
 * What a verdict is made from: an SMTP reply, or the diagnostic of a returned mail, in structured form.
 *
 * @param code the reply code where one is known
 * @param enhanced the enhanced status code where one is known
 * @param phase what the reply answers, where known
 * @param provider the receiver's provider name, where known
 * @param text the text without codes, lines joined by a space; possibly empty
 */
public record ReplyEvidence(
        Optional<Integer> code,
        Optional<EnhancedStatus> enhanced,
        Optional<SmtpPhase> phase,
        Optional<String> provider,
        String text) {

    public ReplyEvidence {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(enhanced, "enhanced");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(text, "text");
    }

    public static ReplyEvidence of(SmtpReply reply, SmtpPhase phase, Optional<String> provider) {
        return new ReplyEvidence(
                Optional.of(reply.code()), reply.enhanced(), Optional.of(phase), provider, reply.text());
    }
}
