package io.github.cameldeliverability.mail.spi;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Remembers what was handled, and what became of it, so that nothing is handled twice: mails and events of sending services
 * by a hash of their content.
 *
 * <p>Keys and outcomes are short texts of the caller's choice. A scope keeps the keys of one source apart from others'.
 * Thread-safe; failures complete the stages with {@code java.io.IOException}.
 */
public interface Handled {

    /** What became of those of the keys that were recorded before; the others are absent. */
    CompletionStage<Map<String, String>> outcomes(String scope, Collection<String> keys);

    /**
     * Records keys with what became of them, in one commit. A key that is there already keeps its outcome and is as good as
     * new. Completes with how many were not there.
     */
    CompletionStage<Integer> record(String scope, Map<String, String> outcomes);

    /** Forgets keys of all scopes that were last recorded before the moment; at most {@code limit} a call. */
    CompletionStage<Integer> forget(Instant before, int limit);
}
