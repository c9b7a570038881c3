package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.crm.CrmEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one event an address of the changes of a batch: the last of each scope counts, the strictest of these is told. So an
 * entry that was taken back within the batch is not told at all: some systems could not take it back.
 */
final class Coalesce {

    private Coalesce() {}

    static List<CrmEvent> byAddress(List<CrmEvent> events) {
        Map<String, Map<String, CrmEvent>> byAddress = new LinkedHashMap<>();
        for (CrmEvent e : events) {
            byAddress
                    .computeIfAbsent(e.list() + " " + e.key(), k -> new LinkedHashMap<>())
                    .merge(e.scope(), e, (a, b) -> a.sequence() > b.sequence() ? a : b);
        }
        List<CrmEvent> all = new ArrayList<>();
        byAddress.values().forEach(scopes -> all.add(strictest(new ArrayList<>(scopes.values()))));
        return all;
    }

    private static CrmEvent strictest(List<CrmEvent> scopes) {
        CrmEvent chosen = scopes.get(0);
        long last = 0;
        for (CrmEvent e : scopes) {
            last = Math.max(last, e.sequence());
            boolean stricter = Strictness.isStricter(e.kind(), chosen.kind());
            if ((chosen.removed() && !e.removed()) || (chosen.removed() == e.removed() && stricter)) {
                chosen = e;
            }
        }
        return new CrmEvent(
                chosen.list(),
                last,
                chosen.address(),
                chosen.kind(),
                chosen.reason(),
                chosen.evidence(),
                chosen.scope(),
                chosen.source(),
                chosen.at(),
                chosen.removed());
    }
}
