package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A limit that several lanes share: all lanes that it is for count on one counter, or on one for each value of what it
 * counts by.
 *
 * @param name for people and for the counter
 * @param on which lanes: for each dimension the values that are meant; a dimension that is not named means all
 * @param by for each value of these there is a counter of its own; empty means one counter for all
 * @param limits what holds for each counter
 * @param source who says so
 */
public record SharedLimit(
        String name, Map<Dimension, Set<String>> on, List<Dimension> by, LimitSettings limits, String source) {

    /** What lanes can be told apart by. */
    public enum Dimension {
        STREAM,
        SOURCE,
        PROVIDER,
        /** The domain that signs (DKIM d=). */
        DKIM
    }

    public SharedLimit {
        on = Map.copyOf(on);
        by = List.copyOf(by);
    }

    /** The counters that a lane counts on; none if the limit is not for it. */
    List<String> counters(Lane lane, Set<String> dkimDomains) {
        List<String> dkim = List.copyOf(new TreeSet<>(dkimDomains));
        boolean meant = means(Dimension.STREAM, lane.stream())
                && means(Dimension.SOURCE, lane.source())
                && means(Dimension.PROVIDER, lane.receiver());
        if (!meant) {
            return List.of();
        }
        boolean asksDkim = on.containsKey(Dimension.DKIM) || by.contains(Dimension.DKIM);
        List<String> signers =
                asksDkim ? dkim.stream().filter(d -> means(Dimension.DKIM, d)).toList() : List.of("");
        List<String> names = new ArrayList<>();
        for (String signer : signers) {
            StringBuilder b = new StringBuilder("shared ").append(name);
            for (Dimension d : by) {
                b.append(' ')
                        .append(
                                switch (d) {
                                    case STREAM -> lane.stream();
                                    case SOURCE -> lane.source();
                                    case PROVIDER -> lane.receiver();
                                    case DKIM -> signer;
                                });
            }
            if (!names.contains(b.toString())) {
                names.add(b.toString());
            }
        }
        return names;
    }

    private boolean means(Dimension d, String value) {
        Set<String> wanted = on.get(d);
        return wanted == null || wanted.contains(value);
    }
}
