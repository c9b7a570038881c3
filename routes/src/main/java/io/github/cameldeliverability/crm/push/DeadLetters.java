package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.crm.CrmEvent;

/** Where addresses go that a system refuses for good. */
public interface DeadLetters {

    /** Blocking: keeps one. A fault stops the feed; the address comes again. */
    void add(CrmEvent event, String target, Result result);
}
