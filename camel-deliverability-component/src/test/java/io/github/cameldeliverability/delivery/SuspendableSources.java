package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Another shaper with source addresses that a test suspends. */
final class SuspendableSources implements Shaper {

    private final Shaper shaper;
    private final Set<String> suspended = new HashSet<>();

    SuspendableSources(Shaper shaper) {
        this.shaper = shaper;
    }

    void suspend(String source) {
        suspended.add(source);
    }

    void resume(String source) {
        suspended.remove(source);
    }

    @Override
    public Permit mayUseSource(Lane lane) {
        return suspended.contains(lane.source()) ? new Permit.Wait(Instant.MAX, "suspended by the test") : Permit.GO;
    }

    @Override
    public String provider(String domain, List<String> mxHosts) {
        return shaper.provider(domain, mxHosts);
    }

    @Override
    public Permit connect(Lane lane) {
        return shaper.connect(lane);
    }

    @Override
    public void disconnected(Lane lane) {
        shaper.disconnected(lane);
    }

    @Override
    public Permit send(Lane lane, int recipients) {
        return shaper.send(lane, recipients);
    }

    @Override
    public void observed(Lane lane, Verdict verdict) {
        shaper.observed(lane, verdict);
    }

    @Override
    public void delivered(Lane lane) {
        shaper.delivered(lane);
    }

    @Override
    public Limits limits(Lane lane) {
        return shaper.limits(lane);
    }
}
