package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.Suppression;
import java.util.List;

/** Pages of a list that go on after an address, although an address may have an entry in several scopes. */
final class SuppressionPage {

    private SuppressionPage() {}

    /** Leaves the last address of a full page to the next page, since its other entries may have been cut off. */
    static List<Suppression> wholeAddresses(List<Suppression> page, int limit) {
        if (page.size() < limit) {
            return page;
        }
        String last = page.get(page.size() - 1).address().key();
        int end = page.size();
        while (end > 0 && page.get(end - 1).address().key().equals(last)) {
            end--;
        }
        return end == 0 ? page : page.subList(0, end);
    }
}
