package io.github.cameldeliverability.mail;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams that a message fell back from, so that it never comes to one of them again. It travels with the message as
 * tags, which the queue keeps; as text it is a list with commas. Immutable.
 *
 * @param streams in no order that counts, none twice
 */
public record FallbackHops(List<String> streams) {

    /** What a tag begins with that names such a stream. */
    public static final String TAG = "fallback-from:";

    public FallbackHops {
        streams = List.copyOf(new LinkedHashSet<>(streams));
    }

    /** What the tags of a message tell. */
    public static FallbackHops of(Collection<String> tags) {
        return new FallbackHops(tags.stream()
                .filter(t -> t.startsWith(TAG))
                .map(t -> t.substring(TAG.length()))
                .sorted()
                .toList());
    }

    /** Reads the text form; empty and missing text is a message that fell back from nowhere. */
    public static FallbackHops parse(String text) {
        Set<String> names = new LinkedHashSet<>();
        if (text != null) {
            for (String name : text.split(",")) {
                if (!name.isBlank()) {
                    names.add(name.strip());
                }
            }
        }
        return new FallbackHops(List.copyOf(names));
    }

    /** These and one more. */
    public FallbackHops with(String stream) {
        Set<String> more = new LinkedHashSet<>(streams);
        more.add(stream);
        return new FallbackHops(List.copyOf(more));
    }

    public boolean contains(String stream) {
        return streams.contains(stream);
    }

    public boolean isEmpty() {
        return streams.isEmpty();
    }

    /** The tags that carry them. */
    public List<String> tags() {
        return streams.stream().map(s -> TAG + s).toList();
    }

    /** The text form. */
    @Override
    public String toString() {
        return String.join(",", streams);
    }
}
