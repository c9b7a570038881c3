package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectEvent;
import java.util.List;
import java.util.Map;

/** What the store does not know yet. */
record Snapshot(
        Map<String, Effect> effects,
        List<EffectEvent> events,
        Map<String, String> notes,
        List<EffectBook.Moved> moved) {

    static final String COUNT = "count ";
    static final String RATE = "rate ";
    static final String LANE = "lane ";
}
