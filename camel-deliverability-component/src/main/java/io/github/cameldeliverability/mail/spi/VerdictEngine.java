package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.Verdict;

/** Says what a reply or a diagnostic means. Thread-safe, pure, fast: no I/O. */
public interface VerdictEngine {

    /** Always answers; what no rule knows is {@code UNDEFINED}, never hard. */
    Verdict judge(ReplyEvidence evidence);
}
