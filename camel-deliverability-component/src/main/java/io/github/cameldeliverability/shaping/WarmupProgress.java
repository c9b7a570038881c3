package io.github.cameldeliverability.shaping;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How far one target has come at one provider, computed from the calendar: whoever looks moves it on to the day of the
 * look, so that nothing has to tick. Not thread-safe; {@link Warmup} guards it.
 */
final class WarmupProgress {

    /** Of the plan, from 0. */
    private int step;
    /** The day for which the step holds. */
    private LocalDate date;
    /** The last day with mail, or the day before the start. */
    private LocalDate active;
    /** Steps taken back for the present idleness. */
    private int idleBacks;

    private long attempts;
    private long deferrals;
    private long blocks;
    /** Why the plan does not go on tomorrow; empty when it does. */
    private String held = "";

    WarmupProgress(int step, LocalDate date) {
        this.step = step;
        this.date = date;
        this.active = date.minusDays(1);
    }

    /** Moves on to a day; says what changed, for people, empty if nothing did. */
    String roll(WarmupPlan plan, LocalDate today) {
        if (!date.isBefore(today)) {
            return "";
        }
        int before = step;
        boolean weekday = !plan.skipWeekends() || isWeekday(date);
        boolean sent = attempts > 0;
        String why = held;
        if (held.isEmpty() && weekday && (sent || plan.count() == WarmupPlan.Count.CALENDAR)) {
            step++;
        }
        if (plan.count() == WarmupPlan.Count.CALENDAR) {
            // Days on which nobody looked, the engine being stopped.
            for (LocalDate d = date.plusDays(1); d.isBefore(today); d = d.plusDays(1)) {
                step += !plan.skipWeekends() || isWeekday(d) ? 1 : 0;
            }
        }
        long idle = ChronoUnit.DAYS.between(active, today) - 1;
        if (idle >= plan.restartAfter()) {
            step = 0;
            why = "nothing was sent for " + idle + " days";
        } else {
            int backs = (int) (idle / plan.idle());
            if (backs > idleBacks) {
                step = Math.max(0, Math.min(step, plan.days().size()) - (backs - idleBacks) * plan.idleSteps());
                idleBacks = backs;
                why = "nothing was sent for " + idle + " days";
            }
        }
        date = today;
        attempts = 0;
        deferrals = 0;
        blocks = 0;
        held = "";
        return step == before && why.isEmpty()
                ? ""
                : "day " + (step + 1) + " after day " + (before + 1) + (why.isEmpty() ? "" : ": " + why);
    }

    private static boolean isWeekday(LocalDate d) {
        return d.getDayOfWeek() != DayOfWeek.SATURDAY && d.getDayOfWeek() != DayOfWeek.SUNDAY;
    }

    /** Counts what an attempt came to; says what changed, empty if nothing did. */
    String count(WarmupPlan plan, boolean deferred, boolean blocked, String evidence) {
        attempts++;
        active = date;
        idleBacks = 0;
        deferrals += deferred ? 1 : 0;
        blocks += blocked ? 1 : 0;
        if (blocked && !held.startsWith("back") && plan.back().isGivenBy(blocks, attempts)) {
            int before = step;
            step = Math.max(0, Math.min(step, plan.days().size() - 1) - plan.backSteps());
            held = "back from day " + (before + 1) + ", " + blocks + " of " + attempts + " refused: " + evidence;
            return held;
        }
        if ((deferred || blocked) && held.isEmpty() && plan.hold().isGivenBy(deferrals + blocks, attempts)) {
            held = "held, " + (deferrals + blocks) + " of " + attempts + " deferred: " + evidence;
            return held;
        }
        return "";
    }

    int step() {
        return step;
    }

    long attempts() {
        return attempts;
    }

    Optional<String> held() {
        return held.isEmpty() ? Optional.empty() : Optional.of(held);
    }

    /** In one line that {@link #parse} reads. */
    String format() {
        return step + " " + date + " " + active + " " + idleBacks + " " + attempts + " " + deferrals + " " + blocks
                + " " + held.replaceAll("\\s+", " ");
    }

    /** @throws RuntimeException for a line of another release */
    static WarmupProgress parse(String line) {
        String[] f = line.split(" ", 8);
        WarmupProgress p = new WarmupProgress(Integer.parseInt(f[0]), LocalDate.parse(f[1]));
        p.active = LocalDate.parse(f[2]);
        p.idleBacks = Integer.parseInt(f[3]);
        p.attempts = Long.parseLong(f[4]);
        p.deferrals = Long.parseLong(f[5]);
        p.blocks = Long.parseLong(f[6]);
        p.held = f.length > 7 ? f[7] : "";
        return p;
    }
}
