package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.SoftBounces;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.SoftBounceStep;
import io.github.cameldeliverability.mail.spi.SoftBounceStep.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When soft bounces, each of which suppresses nobody, amount to a pause: a full mailbox today says little, one that was
 * full on three days says that nobody reads it. A pause ends by itself; the next one is twice as long. A delivery makes
 * all of it forgotten.
 *
 * @param limit how many bounces it takes; 0 counts none
 * @param days on how many different days (UTC)
 * @param decay each such time without a soft bounce takes one off the count
 * @param coolDown the first pause
 * @param maxCoolDown the longest
 */
public record SoftBounceRule(int limit, int days, Duration decay, Duration coolDown, Duration maxCoolDown) {

    /** Nobody is ever given a pause. */
    public static final SoftBounceRule OFF =
            new SoftBounceRule(0, 1, Duration.ofDays(14), Duration.ofDays(3), Duration.ofDays(90));

    public SoftBounceRule {
        if (limit < 0) {
            throw new IllegalArgumentException("softBounceLimit must be 0 (off) or more: " + limit);
        }
        if (days < 1 || (limit > 0 && days > limit)) {
            throw new IllegalArgumentException("softBounceDays must be 1 to softBounceLimit (" + limit + "): " + days);
        }
        if (decay.isNegative() || decay.isZero()) {
            throw new IllegalArgumentException("softBounceDecay must be positive: " + decay);
        }
        if (coolDown.isNegative() || coolDown.isZero() || maxCoolDown.compareTo(coolDown) < 0) {
            throw new IllegalArgumentException(
                    "coolDown must be positive and at most maxCoolDown: " + coolDown + " and " + maxCoolDown);
        }
    }

    public boolean isOn() {
        return limit > 0;
    }

    /**
     * What one more soft bounce does.
     *
     * @param bounce the entry that it would make if it were hard; its time is the bounce's
     */
    SoftBounceStep step(Suppression bounce) {
        return before -> step(before, bounce);
    }

    private Step step(Optional<SoftBounces> before, Suppression bounce) {
        Instant now = bounce.since();
        int earlier = before.map(b -> left(b, now)).orElse(0);
        int coolDowns = before.map(SoftBounces::coolDowns).orElse(0);
        List<LocalDate> onDays =
                new ArrayList<>(earlier == 0 ? List.of() : before.orElseThrow().days());
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!onDays.contains(today)) {
            onDays.add(today);
        }
        // One day a bounce is enough to know how many days the count is made of.
        while (onDays.size() > limit || onDays.size() > earlier + 1) {
            onDays.remove(0);
        }
        int bounces = earlier + 1;
        Instant last = before.map(SoftBounces::last).filter(now::isBefore).orElse(now);
        if (bounces < limit || onDays.size() < days) {
            return new Step(new SoftBounces(Math.min(bounces, limit), onDays, last, coolDowns), Optional.empty());
        }
        Instant until = now.plus(pause(coolDowns));
        String evidence = bounces + " soft bounces on " + onDays.size() + " days, the last: " + bounce.evidence();
        Suppression entry = new Suppression(
                bounce.list(),
                bounce.scope(),
                bounce.address(),
                bounce.kind(),
                bounce.reason(),
                evidence,
                bounce.ruleId(),
                bounce.source(),
                now,
                Optional.of(until),
                bounce.origin());
        return new Step(new SoftBounces(0, List.of(), last, coolDowns + 1), Optional.of(entry));
    }

    private int left(SoftBounces b, Instant now) {
        Duration quiet = Duration.between(b.last(), now);
        long forgotten = quiet.isNegative() ? 0 : quiet.dividedBy(decay);
        return (int) Math.max(0, b.bounces() - forgotten);
    }

    private Duration pause(int earlier) {
        Duration pause = coolDown;
        for (int i = 0; i < earlier && pause.compareTo(maxCoolDown) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(maxCoolDown) > 0 ? maxCoolDown : pause;
    }
}
