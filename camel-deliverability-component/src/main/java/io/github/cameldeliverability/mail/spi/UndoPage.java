package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.Suppression;
import java.util.List;
import java.util.Optional;

/**
 * A part of what undoing an incident does.
 *
 * @param undone the entries of this part that the incident made or had a share in
 * @param seen how many entries of the list were looked at
 * @param next where to go on; empty at the end
 */
public record UndoPage(List<Undone> undone, int seen, Optional<String> next) {

    /**
     * @param wrong the entry as it stood
     * @param remaining what the other causes make of it; empty if there are none, and the address is free
     */
    public record Undone(Suppression wrong, Optional<Suppression> remaining) {}

    public UndoPage {
        undone = List.copyOf(undone);
    }
}
