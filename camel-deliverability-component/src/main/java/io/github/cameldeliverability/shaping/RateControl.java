package io.github.cameldeliverability.shaping;

/**
 * Finds the message rate that a receiver takes, from nothing but "taken" and "too fast". Not thread-safe; the lane's lock
 * guards it. Times are seconds of the caller's time line.
 *
 * <p>As long as nobody complains there is no rate (FREE). A complaint begins an episode (HELD): nothing is sent for a
 * pause, then one message asks whether it is over, and the pause doubles while it is not. What the receiver took from one
 * complaint to the next, pauses included, is what it can take: true for a leaking bucket as for a quota by the hour, and
 * for the first complaint, before which bursts were saved up, the pause after it is counted in. The lane then runs just
 * below that (CRUISE). After a quiet time it feels its way up in small steps (CLIMB), and in growing ones once it is beyond
 * the last level that was refused: the limit has been raised. A climb that fails ends where it began, and the quiet time
 * doubles. That time is also never so short that what the climb costs in refusals would be more than a small share of
 * all attempts. Only where nothing is known, because the lane was refused from its first message on, it doubles its rate
 * at each step until the first refusal: such a lane may have begun in an outage.
 *
 * <p>To remember the last bad level is the idea of TCP's CUBIC, to measure delivery instead of guessing from losses that of
 * BBR. A rate that is not used does not grow.
 */
final class RateControl {

    private static final double FIRST_PAUSE = 5;
    private static final double LONGEST_PAUSE = 600;
    private static final double PAUSE_GROWTH = 1.6;
    /** Answers to what was already under way say nothing new. */
    private static final double SAME_NEWS = 2;

    private static final double BELOW_CAPACITY = 0.96;
    private static final double BELOW_REFUSED = 0.94;
    private static final double FIRST_STEP = 0.03;
    private static final double LONGEST_STEP = 0.5;
    private static final double STEP_GROWTH = 1.5;
    private static final double CLEARLY_ABOVE = 1.1;
    private static final double SHORTEST_DWELL = 20;
    private static final double MESSAGES_A_STEP = 10;
    private static final double USED = 0.8;

    private static final double BLIND_STEP = 1;
    private static final double BLIND_QUIET = 30;

    private static final double FIRST_QUIET = 120;
    private static final double LONGEST_QUIET = 900;
    /** What climbs may cost: one refusal in this many messages. */
    private static final double MESSAGES_A_REFUSAL = 300;

    private static final double LATELY = 60;
    private static final double FORGET_AFTER = 86_400;
    private static final double LOWEST_RATE = 1.0 / 600;
    /** One episode lowers the rate no further than to this share: it may have been an outage. */
    private static final double DEEPEST_CUT = 0.05;

    /** Where a lane begins of which next to nothing is known; hardly any receiver means less than that. */
    private static final double FIRST_RATE = 0.5;

    private static final int LITTLE = 20;

    private enum Phase {
        FREE,
        HELD,
        CRUISE,
        CLIMB
    }

    private double full;

    private Phase phase = Phase.FREE;
    private Phase before = Phase.FREE;
    private double rate;
    /** What the receiver was seen to take at a steady rate; 0 where unknown. */
    private double capacity;
    /** The lowest rate refused lately. */
    private double refusedAt = Double.POSITIVE_INFINITY;

    private double begun;
    private double phaseSince;
    private double stepSince;
    private double step = FIRST_STEP;
    /** The rate is a guess, and nothing was refused since. */
    private boolean blind;

    private double cruisedAt;
    private double overAt = Double.NEGATIVE_INFINITY;
    private double resumedAt = Double.NEGATIVE_INFINITY;
    private int failedClimbs;

    private double episodeAt = Double.NEGATIVE_INFINITY;
    private double askAgainAt = Double.NEGATIVE_INFINITY;
    private double pause;
    private int pauses;
    private int cost;
    private double lastCost = 1;
    private double lastHeld;
    private double longestHeld;
    private boolean asked;
    private double askedAt;
    /** The phase that the episode ended. */
    private long phaseDeliveries;

    private double phaseTime;

    /** Deliveries: since the beginning or the last complaint, since the phase, since the step, and in two last minutes. */
    private long sinceEpisode;

    private long sincePhase;
    private long sinceStep;
    private long lately;
    private long latelyBefore;
    private double latelySince;

    /** @param full the configured rate, 0 where there is none */
    RateControl(double full, double now) {
        this.full = full;
        reset(now);
    }

    /** Takes up another configured rate, 0 for none; what was learnt stays, as far as it is below. */
    void configure(double changed) {
        boolean below = rate != full && rate > 0 && (changed == 0 || rate < changed);
        full = changed;
        rate = below ? rate : changed;
    }

    /** Messages a second; 0 means no limit. */
    double rate() {
        return rate;
    }

    /** Whether the rate is not the configured one, or a pause is on. */
    boolean isActive() {
        return phase == Phase.HELD || rate != full;
    }

    boolean isHeld() {
        return phase == Phase.HELD;
    }

    /** When a message may ask again; in the past while none must wait. */
    double heldUntil() {
        return phase == Phase.HELD ? askAgainAt : Double.NEGATIVE_INFINITY;
    }

    /** When the last episode ended. Answers to what was sent before are no news. */
    double resumedAt() {
        return resumedAt;
    }

    /** Whether a message may ask the receiver if the episode is over: one at a time. */
    boolean mayAsk(double now) {
        if (phase != Phase.HELD) {
            return true;
        }
        // An answer that has not come for long will not: the message was cancelled, or the connection was lost.
        return now >= askAgainAt && (!asked || now >= askedAt + Math.max(30, pause));
    }

    void asks(double now) {
        if (phase == Phase.HELD) {
            asked = true;
            askedAt = now;
        }
    }

    /** The receiver says "too fast". True if that is news, so that the lane must pause until {@link #heldUntil}. */
    boolean refused(double now) {
        cost++;
        if (phase == Phase.HELD) {
            if (now < askAgainAt || !asked) {
                return false;
            }
            pause = Math.min(PAUSE_GROWTH * pause, LONGEST_PAUSE);
            pauses++;
        } else {
            if (now < askAgainAt + SAME_NEWS) {
                return false;
            }
            cost = 1;
            begin(now);
        }
        asked = false;
        askAgainAt = now + pause;
        return true;
    }

    private void begin(double now) {
        turnLately(now);
        if (phase == Phase.CRUISE || phase == Phase.CLIMB) {
            refusedAt = rate;
        }
        cruisedAt = phase == Phase.CLIMB ? cruisedAt : rate;
        before = phase;
        phase = Phase.HELD;
        phaseDeliveries = sincePhase;
        phaseTime = Math.max(1, now - phaseSince);
        episodeAt = now;
        // Who was shut out for long the last time may be so again: asking costs.
        pause = Math.max(FIRST_PAUSE, Math.min(longestHeld / 40, LONGEST_PAUSE / 4));
        pauses = 1;
    }

    /** The receiver took a message. */
    void accepted(double now) {
        turnLately(now);
        sinceEpisode++;
        sincePhase++;
        sinceStep++;
        lately++;
        switch (phase) {
            case FREE -> {}
            case HELD -> {
                if (now >= askAgainAt && asked) {
                    resume(now);
                }
            }
            case CRUISE -> cruise(now);
            case CLIMB -> climb(now);
        }
    }

    private void resume(double now) {
        lastHeld = now - episodeAt;
        longestHeld = Math.max(lastHeld, longestHeld / 2);
        // It was over at some time between the last refusal and now.
        double over = now - pause / 2;
        double measured = sinceEpisode / Math.max(1, over - Math.max(overAt, begun));
        overAt = over;
        resumedAt = now;
        lastCost = Math.max(1, cost);
        boolean quotaLike = pauses > 1;
        double from = cruisedAt;
        double next;
        blind = false;
        switch (before) {
            case CLIMB -> {
                double felt = quotaLike
                        ? BELOW_CAPACITY * phaseDeliveries / (phaseTime + lastHeld)
                        : BELOW_REFUSED * refusedAt;
                boolean raised = capacity == 0 || refusedAt > 1.3 * capacity;
                if (!raised) {
                    // What was taken on the way up, in a part: a capacity that was measured too low grows like that.
                    double taken = BELOW_REFUSED * phaseDeliveries / phaseTime / BELOW_CAPACITY;
                    capacity = Math.max(capacity, Math.min(taken, 1.05 * capacity));
                }
                next = raised ? Math.max(from, felt) : BELOW_CAPACITY * capacity;
                failedClimbs++;
            }
            case CRUISE -> {
                capacity = measured;
                double least = quotaLike ? from / 4 : from * 0.7;
                next = Math.min(BELOW_CAPACITY * from, Math.max(BELOW_CAPACITY * capacity, least));
                failedClimbs = Math.max(1, failedClimbs);
            }
            default -> {
                double recent = (lately + latelyBefore) / Math.max(1, now - Math.max(latelySince - LATELY, begun));
                double all = sinceEpisode / Math.max(1, now - begun);
                double base = (double) phaseDeliveries / Math.max(LATELY, phaseTime);
                next = Math.max(BELOW_CAPACITY * Math.max(recent, all), DEEPEST_CUT * base);
                if (phaseDeliveries < LITTLE) {
                    next = Math.max(next, FIRST_RATE);
                    blind = phaseDeliveries == 0;
                }
                if (full > 0) {
                    refusedAt = full;
                    next = Math.min(next, full / 2);
                }
            }
        }
        rate = bounded(next);
        cruisedAt = rate;
        phase = Phase.CRUISE;
        sinceEpisode = 1;
        step = blind ? BLIND_STEP : FIRST_STEP;
        startPhase(now);
    }

    private double bounded(double r) {
        double b = Math.max(LOWEST_RATE, r);
        return full > 0 ? Math.min(full, b) : b;
    }

    private void cruise(double now) {
        if (now - episodeAt > FORGET_AFTER) {
            reset(now);
            return;
        }
        if (rate != full && now - phaseSince >= quiet()) {
            if (sincePhase < USED * rate * (now - phaseSince)) {
                startPhase(now);
                return;
            }
            phase = Phase.CLIMB;
            startPhase(now);
        }
    }

    private double quiet() {
        double grown = Math.min(FIRST_QUIET * Math.pow(2, Math.min(failedClimbs, 10)), LONGEST_QUIET);
        double affordable = MESSAGES_A_REFUSAL * lastCost / rate;
        // Before anything is known for sure the first climb comes early: a cut after an outage must not last.
        if (blind) {
            return BLIND_QUIET;
        }
        return failedClimbs == 0
                ? Math.max(FIRST_QUIET / 2, lastHeld / 4)
                : Math.max(Math.max(grown, affordable), lastHeld);
    }

    private void climb(double now) {
        double dwell = Math.max(Math.max(SHORTEST_DWELL, MESSAGES_A_STEP / rate), blind ? 0 : longestHeld / 6);
        if (now - stepSince < dwell) {
            return;
        }
        if (sinceStep >= USED * rate * (now - stepSince)) {
            rate *= 1 + step;
            if (!(rate <= CLEARLY_ABOVE * refusedAt)) {
                refusedAt = Double.POSITIVE_INFINITY;
                capacity = 0;
                failedClimbs = 0;
            }
            if (refusedAt == Double.POSITIVE_INFINITY && !blind) {
                step = Math.min(LONGEST_STEP, step * STEP_GROWTH);
            }
            if (full > 0 && rate >= full) {
                rate = full;
                cruisedAt = full;
                phase = Phase.CRUISE;
                startPhase(now);
                return;
            }
        }
        stepSince = now;
        sinceStep = 0;
    }

    private void startPhase(double now) {
        phaseSince = now;
        stepSince = now;
        sincePhase = 0;
        sinceStep = 0;
    }

    private void turnLately(double now) {
        if (now - latelySince >= LATELY) {
            latelyBefore = now - latelySince < 2 * LATELY ? lately : 0;
            lately = 0;
            latelySince = now;
        }
    }

    /** The rate that was learnt and what it was learnt from, for {@link #recall}; empty where there is none. */
    String remember() {
        return rate == full || rate <= 0
                ? ""
                : rate + "," + capacity + "," + refusedAt + "," + failedClimbs + "," + longestHeld;
    }

    /**
     * Goes on from what another one remembered.
     *
     * @throws NumberFormatException for what another one did not write
     */
    void recall(String text, double now) {
        String[] p = text.split(",");
        if (p.length != 5) {
            return;
        }
        double stored = Double.parseDouble(p[0]);
        double storedCapacity = Double.parseDouble(p[1]);
        double storedRefusedAt = Double.parseDouble(p[2]);
        int storedFailures = Integer.parseInt(p[3]);
        double storedHeld = Double.parseDouble(p[4]);
        boolean good = stored > 0 && Double.isFinite(stored) && storedCapacity >= 0 && storedRefusedAt > 0;
        if (!good || (full > 0 && stored >= full)) {
            return;
        }
        reset(now);
        rate = bounded(stored);
        cruisedAt = rate;
        capacity = storedCapacity;
        refusedAt = storedRefusedAt;
        failedClimbs = Math.max(0, storedFailures);
        longestHeld = Math.max(0, storedHeld);
        episodeAt = now;
        phase = Phase.CRUISE;
    }

    /** Forgets everything that was learnt. */
    void reset(double now) {
        phase = Phase.FREE;
        rate = full;
        blind = false;
        capacity = 0;
        refusedAt = Double.POSITIVE_INFINITY;
        failedClimbs = 0;
        episodeAt = Double.NEGATIVE_INFINITY;
        askAgainAt = Double.NEGATIVE_INFINITY;
        begun = now;
        overAt = Double.NEGATIVE_INFINITY;
        resumedAt = Double.NEGATIVE_INFINITY;
        longestHeld = 0;
        sinceEpisode = 0;
        asked = false;
        latelySince = now;
        lately = 0;
        latelyBefore = 0;
        startPhase(now);
    }
}
