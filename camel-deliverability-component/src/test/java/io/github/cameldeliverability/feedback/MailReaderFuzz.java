package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Fuzz target: any octets are a mail to the reader, and reading them twice gives the same. */
public final class MailReaderFuzz {

    private static final FeedbackReader READER = new FeedbackReader(
            RulePackEngine.builtIn(), Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC));

    private MailReaderFuzz() {}

    /** Called once by the fuzzer: loading the rules must not count as the first input's time. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] octets) {
        ReadMail mail = READER.readMail(octets);
        if (mail.feedback().recipients().size() > ReadLimits.DEFAULT.recipients()) {
            throw new AssertionError("more recipients than the limit");
        }
        for (RecipientFeedback r : mail.feedback().recipients()) {
            if (r.verdict().ruleId().isEmpty()) {
                throw new AssertionError("a verdict without a rule for " + r.address());
            }
        }
        if (!READER.readMail(octets).equals(mail)) {
            throw new AssertionError("the second reading differs");
        }
    }
}
