package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;

/** Where a recipient's domain leads. */
sealed interface Routing {

    record To(Destination destination) implements Routing {}

    /** Nowhere, for now or for good; the verdict says which. */
    record Nowhere(SmtpReply reply, Verdict verdict) implements Routing {}
}
