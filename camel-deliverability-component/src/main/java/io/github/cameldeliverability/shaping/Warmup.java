package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address, domain or stream on its way up a plan, provider by provider; all receivers without a definition of their
 * own are one. Thread-safe.
 */
final class Warmup {

    private static final Logger LOG = LoggerFactory.getLogger(Warmup.class);

    /** All hosts that nobody defined, together. */
    static final String OTHERS = "others";

    private final WarmupTarget target;
    private final WarmupPlan plan;
    private final Predicate<String> isDefined;
    private final TreeMap<String, WarmupProgress> progress = new TreeMap<>();
    private boolean dirty;

    /** @param isDefined whether a provider is in the table */
    Warmup(WarmupTarget target, WarmupPlan plan, Predicate<String> isDefined) {
        this.target = target;
        this.plan = plan;
        this.isDefined = isDefined;
    }

    WarmupTarget target() {
        return target;
    }

    WarmupPlan plan() {
        return plan;
    }

    String provider(String receiver) {
        return isDefined.test(receiver) ? receiver : OTHERS;
    }

    /** The cap of the day; empty when the plan is over. */
    synchronized OptionalLong cap(String receiver, Instant now) {
        LocalDate today = today(now);
        if (today.isBefore(target.start())) {
            return OptionalLong.of(0);
        }
        String provider = provider(receiver);
        return plan.cap(provider, at(provider, today).step());
    }

    /** Whether the plan holds for the provider now. */
    synchronized boolean isWarming(String receiver, Instant now) {
        return cap(receiver, now).isPresent();
    }

    synchronized String describe(String receiver, Instant now) {
        String provider = provider(receiver);
        LocalDate today = today(now);
        if (today.isBefore(target.start())) {
            return "warm-up of " + target.id() + " begins on " + target.start();
        }
        WarmupProgress p = at(provider, today);
        int days = plan.daysOf(provider).size();
        return "warm-up of " + target.id() + " by plan " + plan.name() + ", "
                + (p.step() >= days ? "over" : "day " + (p.step() + 1) + " of " + days)
                + p.held().map(h -> ", " + h).orElse("");
    }

    /** Moves on to the day; true if something is to be written down. */
    synchronized boolean roll(Instant now) {
        LocalDate today = today(now);
        if (!today.isBefore(target.start())) {
            List.copyOf(progress.keySet()).forEach(provider -> at(provider, today));
        }
        return dirty;
    }

    /** Whether that is worth being written down at once: the first of a day, or a change of plan. */
    synchronized boolean delivered(String receiver, Instant now) {
        return count(receiver, now, false, false, "");
    }

    /** As {@link #delivered}, of a failure. */
    synchronized boolean observed(String receiver, Verdict verdict, Instant now) {
        // Of the address or the message that was tried it says nothing about who sent it.
        boolean aboutUs = verdict.fault() != Fault.RECIPIENT
                && verdict.fault() != Fault.NETWORK
                && verdict.fault() != Fault.US
                && verdict.reason() != Reason.GREYLISTED;
        boolean blocked = aboutUs && (verdict.reason() == Reason.BLOCKED || verdict.reason() == Reason.BADREPUTATION);
        boolean deferred = aboutUs && !blocked && !verdict.isPermanent();
        return count(receiver, now, deferred, blocked, verdict.evidence());
    }

    private boolean count(String receiver, Instant now, boolean deferred, boolean blocked, String evidence) {
        LocalDate today = today(now);
        if (today.isBefore(target.start())) {
            return false;
        }
        String provider = provider(receiver);
        WarmupProgress p = at(provider, today);
        String news = p.count(plan, deferred, blocked, evidence.length() > 120 ? evidence.substring(0, 120) : evidence);
        dirty = true;
        log(provider, news);
        return p.attempts() == 1 || !news.isEmpty();
    }

    private WarmupProgress at(String provider, LocalDate today) {
        WarmupProgress p = progress.get(provider);
        if (p == null) {
            p = new WarmupProgress(firstStep(today), today);
            progress.put(provider, p);
        }
        String news = p.roll(plan, today);
        if (!news.isEmpty()) {
            dirty = true;
            log(provider, news);
        }
        return p;
    }

    private int firstStep(LocalDate today) {
        int step = target.firstDay() - 1;
        if (plan.count() == WarmupPlan.Count.CALENDAR) {
            WarmupProgress counted = new WarmupProgress(step, target.start());
            // As if mail had been sent every day, so that no idleness is found.
            for (LocalDate d = target.start(); d.isBefore(today); d = d.plusDays(1)) {
                counted.count(plan, false, false, "");
                counted.roll(plan, d.plusDays(1));
            }
            return counted.step();
        }
        return step;
    }

    private void log(String provider, String news) {
        if (!news.isEmpty()) {
            LOG.info("event=warmup target=\"{}\" provider={} plan={} {}", target.id(), provider, plan.name(), news);
        }
    }

    private LocalDate today(Instant now) {
        return now.atZone(plan.zone()).toLocalDate();
    }

    /** Whether there is something that was not written down; from now on there is not. */
    synchronized boolean takeDirty() {
        boolean was = dirty;
        dirty = false;
        return was;
    }

    synchronized void setDirty() {
        dirty = true;
    }

    /** A line a provider. */
    synchronized String note() {
        StringBuilder b = new StringBuilder();
        progress.forEach((provider, p) ->
                b.append(provider).append(' ').append(p.format()).append('\n'));
        return b.toString();
    }

    /** Takes up what was written down; lines that are not understood begin anew. */
    synchronized void restore(String note) {
        for (String line : note.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                try {
                    progress.put(line.substring(0, space), WarmupProgress.parse(line.substring(space + 1)));
                } catch (RuntimeException e) {
                    LOG.warn("event=warmup-unreadable target=\"{}\" line=\"{}\"", target.id(), line, e);
                }
            }
        }
    }

    /** Where the plan is, provider by provider. */
    synchronized List<WarmupStatus> status(Instant now) {
        LocalDate today = today(now);
        List<WarmupStatus> all = new ArrayList<>();
        if (today.isBefore(target.start()) || progress.isEmpty()) {
            boolean before = today.isBefore(target.start());
            all.add(new WarmupStatus(
                    target.id(),
                    plan.name(),
                    "",
                    before ? 0 : firstStep(today) + 1,
                    plan.days().size(),
                    before ? OptionalLong.of(0) : plan.cap("", firstStep(today)),
                    0,
                    before ? "begins on " + target.start() : "nothing sent yet"));
            return all;
        }
        for (Map.Entry<String, WarmupProgress> e : Map.copyOf(progress).entrySet()) {
            WarmupProgress p = at(e.getKey(), today);
            int days = plan.daysOf(e.getKey()).size();
            all.add(new WarmupStatus(
                    target.id(),
                    plan.name(),
                    e.getKey(),
                    Math.min(p.step(), days) + 1,
                    days,
                    plan.cap(e.getKey(), p.step()),
                    p.attempts(),
                    p.held().orElse(p.step() >= days ? "warm" : "")));
        }
        all.sort(Comparator.comparing(WarmupStatus::provider));
        return all;
    }
}
