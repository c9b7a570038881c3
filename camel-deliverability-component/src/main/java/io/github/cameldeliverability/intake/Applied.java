package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.Suppression;
import java.util.List;

/**
 * What was done with a feedback or an event: an item for each statement, also for those that changed nothing.
 */
public record Applied(List<Item> items) {

    /** @param changed whether the list is different now; false for an entry that was there already */
    public record Item(Decision decision, boolean changed) {}

    public Applied {
        items = List.copyOf(items);
    }

    /** The entries that are new or stronger now. */
    public List<Suppression> changed() {
        return items.stream()
                .filter(Item::changed)
                .flatMap(i -> i.decision().entry().stream())
                .toList();
    }

    /** How many statements were decided so. */
    public int count(Decision.Effect effect) {
        return (int) items.stream().filter(i -> i.decision().effect() == effect).count();
    }
}
