package io.github.cameldeliverability.dkim;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where the verifier gets key records from; somebody else does the DNS. Thread-safe; neither blocks nor throws. */
@FunctionalInterface
public interface KeyLookup {

    /** @param name {@code SELECTOR._domainkey.DOMAIN}, A-labels, no final dot */
    CompletionStage<Answer> txt(String name);

    /** What the DNS says of the name. */
    sealed interface Answer {
        /** @param records each with its strings joined; never empty */
        record Records(List<String> records) implements Answer {
            public Records {
                records = List.copyOf(records);
            }
        }

        /** No such name, or no TXT record there. */
        record None() implements Answer {}

        /** SERVFAIL, timeout: a later try may tell. */
        record TemporaryFailure(String detail) implements Answer {}
    }
}
