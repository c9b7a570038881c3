package io.github.cameldeliverability.mail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which mail an {@link Effect} covers: all that the given parts hold for; at least one is given.
 *
 * @param stream the stream's name
 * @param source the source address as in lanes, {@code default} where the system chooses it
 * @param provider the provider's name as in lanes
 * @param dkimDomain a domain with which the stream signs, lower case
 * @param tag one of the message's tags
 */
public record EffectKey(
        Optional<String> stream,
        Optional<String> source,
        Optional<String> provider,
        Optional<String> dkimDomain,
        Optional<String> tag) {

    /** The parts by which rules may count and effects may be given. */
    public enum Part {
        STREAM,
        SOURCE,
        PROVIDER,
        DKIM_DOMAIN,
        TAG;

        /** The name as in rules, {@code dkim-domain}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** By {@link #id()}; empty for an unknown name. */
        public static Optional<Part> byId(String id) {
            for (Part p : values()) {
                if (p.id().equalsIgnoreCase(id)) {
                    return Optional.of(p);
                }
            }
            return Optional.empty();
        }
    }

    public EffectKey {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(provider, "provider");
        dkimDomain = dkimDomain.map(d -> d.toLowerCase(Locale.ROOT));
        Objects.requireNonNull(tag, "tag");
        if (stream.isEmpty() && source.isEmpty() && provider.isEmpty() && dkimDomain.isEmpty() && tag.isEmpty()) {
            throw new IllegalArgumentException("an effect needs a stream, source, provider, DKIM domain or tag");
        }
    }

    public static EffectKey ofStream(String stream) {
        return new EffectKey(
                Optional.of(stream), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static EffectKey ofProvider(String provider) {
        return new EffectKey(
                Optional.empty(), Optional.empty(), Optional.of(provider), Optional.empty(), Optional.empty());
    }

    public static EffectKey ofTag(String tag) {
        return new EffectKey(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(tag));
    }

    /** The mail of one stream to one provider. */
    public static EffectKey of(String stream, String provider) {
        return new EffectKey(
                Optional.of(stream), Optional.empty(), Optional.of(provider), Optional.empty(), Optional.empty());
    }

    /** The mail of one lane. */
    public static EffectKey of(Lane lane) {
        return new EffectKey(
                Optional.of(lane.stream()),
                Optional.of(lane.source()),
                Optional.of(lane.provider()),
                Optional.empty(),
                Optional.empty());
    }

    /** Whether all mail of the lane is covered; never where a tag is given. */
    public boolean covers(Lane lane, Set<String> dkimDomains) {
        return tag.isEmpty() && fits(lane, dkimDomains);
    }

    /** Whether a message of the lane is covered. */
    public boolean covers(Lane lane, Set<String> dkimDomains, Set<String> tags) {
        return (tag.isEmpty() || tags.contains(tag.get())) && fits(lane, dkimDomains);
    }

    private boolean fits(Lane lane, Set<String> dkimDomains) {
        return isOrOpen(stream, lane.stream())
                && isOrOpen(source, lane.source())
                && isOrOpen(provider, lane.provider())
                && (dkimDomain.isEmpty() || dkimDomains.contains(dkimDomain.get()));
    }

    private static boolean isOrOpen(Optional<String> wanted, String is) {
        return wanted.isEmpty() || wanted.get().equals(is);
    }

    /** The keys of these parts that a message of the lane has: one, or one for each DKIM domain and tag. */
    public static Set<EffectKey> of(Set<Part> parts, Lane lane, Set<String> dkimDomains, Set<String> tags) {
        List<Optional<String>> domains = new ArrayList<>();
        List<Optional<String>> words = new ArrayList<>();
        if (parts.contains(Part.DKIM_DOMAIN)) {
            dkimDomains.forEach(d -> domains.add(Optional.of(d)));
        } else {
            domains.add(Optional.empty());
        }
        if (parts.contains(Part.TAG)) {
            tags.forEach(t -> words.add(Optional.of(t)));
        } else {
            words.add(Optional.empty());
        }
        Set<EffectKey> keys = new LinkedHashSet<>();
        for (Optional<String> domain : domains) {
            for (Optional<String> word : words) {
                keys.add(new EffectKey(
                        parts.contains(Part.STREAM) ? Optional.of(lane.stream()) : Optional.empty(),
                        parts.contains(Part.SOURCE) ? Optional.of(lane.source()) : Optional.empty(),
                        parts.contains(Part.PROVIDER) ? Optional.of(lane.provider()) : Optional.empty(),
                        domain,
                        word));
            }
        }
        return keys;
    }

    /** {@code stream=marketing provider=yahoo}, for people and logs. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        stream.ifPresent(s -> parts.add("stream=" + s));
        source.ifPresent(s -> parts.add("source=" + s));
        provider.ifPresent(s -> parts.add("provider=" + s));
        dkimDomain.ifPresent(s -> parts.add("dkim-domain=" + s));
        tag.ifPresent(s -> parts.add("tag=" + s));
        return String.join(" ", parts);
    }
}
