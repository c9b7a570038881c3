package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.Suppression;
import org.apache.camel.Message;

/** Tells of an entry in headers. */
final class SuppressionHeaders {

    private SuppressionHeaders() {}

    static void describe(Message m, Suppression entry) {
        m.setHeader(SuppressionConstants.ADDRESS, entry.address().toString());
        m.setHeader(SuppressionConstants.KIND, entry.kind().id());
        entry.reason().ifPresent(r -> m.setHeader(SuppressionConstants.REASON, r.id()));
        m.setHeader(SuppressionConstants.SCOPE, entry.scope());
        m.setHeader(SuppressionConstants.EVIDENCE, entry.evidence());
        m.setHeader(SuppressionConstants.SOURCE, entry.source());
        entry.ruleId().ifPresent(r -> m.setHeader(SuppressionConstants.RULE, r));
        entry.origin().provider().ifPresent(p -> m.setHeader(SuppressionConstants.PROVIDER, p));
        entry.origin().stream().ifPresent(s -> m.setHeader(SuppressionConstants.STREAM, s));
    }

    /** What an earlier check left behind must not be taken for the answer of this one. */
    static void clear(Message m) {
        m.removeHeader(SuppressionConstants.ENTRY);
        m.removeHeader(SuppressionConstants.KIND);
        m.removeHeader(SuppressionConstants.REASON);
        m.removeHeader(SuppressionConstants.SCOPE);
        m.removeHeader(SuppressionConstants.EVIDENCE);
    }
}
