package io.github.cameldeliverability.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A mailbox provider of a {@link FakeInternet}: the domains it hosts, how it treats strangers, and what becomes of its
 * addresses. Configure it before the internet starts; not thread-safe until then.
 */
public final class FakeProvider {

    private final String name;
    private final List<String> domains = new ArrayList<>();
    private Predicate<String> unknown = local -> false;
    private Predicate<String> bouncing = local -> false;
    private Predicate<String> complaining = local -> false;
    private Optional<Consumer<FakeMxBuilder>> behaviour = Optional.empty();

    private FakeProvider(String name) {
        this.name = name;
        domains.add(name);
    }

    /** A provider whose first domain is also its name, {@code healthy.test}; its host is {@code mx.NAME}. */
    public static FakeProvider named(String name) {
        return new FakeProvider(name);
    }

    /** Hosts one more domain on the same machines. */
    public FakeProvider hosting(String domain) {
        domains.add(domain);
        return this;
    }

    /** Puts off each first contact for so long, and says so. */
    public FakeProvider greylisting(Duration delay) {
        return behaving(mx -> mx.greylist(delay)
                .greylistReply("450 4.7.1 Greylisted, try again in " + delay.toSeconds() + " seconds"));
    }

    /** Answers 421 above a rate that it tells nobody. */
    public FakeProvider throttling(int messages, Duration period) {
        return behaving(
                mx -> mx.maxRate(messages, period).limitReply("421 4.7.0 Too many messages, try again in 3 seconds"));
    }

    /** Refuses these local parts at RCPT with 550 5.1.1. */
    public FakeProvider unknownUsers(Predicate<String> localParts) {
        unknown = localParts;
        return this;
    }

    /** Accepts these local parts and returns their mail later. */
    public FakeProvider bouncingLater(Predicate<String> localParts) {
        bouncing = localParts;
        return this;
    }

    /** These people press the spam button. */
    public FakeProvider complaining(Predicate<String> localParts) {
        complaining = localParts;
        return this;
    }

    /** Anything else that a {@link FakeMx} can be told. */
    public FakeProvider behaving(Consumer<FakeMxBuilder> more) {
        behaviour = Optional.of(behaviour.map(b -> b.andThen(more)).orElse(more));
        return this;
    }

    public String name() {
        return name;
    }

    /** The name of its one MX host. */
    public String host() {
        return "mx." + name;
    }

    public List<String> domains() {
        return List.copyOf(domains);
    }

    /** What it does with a local part. */
    Fate fate(String localPart) {
        if (unknown.test(localPart)) {
            return Fate.UNKNOWN_AT_RCPT;
        }
        if (bouncing.test(localPart)) {
            return Fate.BOUNCES_LATER;
        }
        return complaining.test(localPart) ? Fate.COMPLAINS : Fate.ALIVE;
    }

    void applyTo(FakeMxBuilder mx) {
        mx.rejectRecipients(
                address -> fate(localPart(address)) == Fate.UNKNOWN_AT_RCPT,
                "550 5.1.1 The email account that you tried to reach does not exist");
        behaviour.ifPresent(b -> b.accept(mx));
    }

    static String localPart(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? address : address.substring(0, at);
    }
}
