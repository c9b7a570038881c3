package io.github.cameldeliverability.testkit.sim;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.Shaper;
import java.util.List;

/** Keeps the limits it was configured with, whatever a receiver says. */
final class DeafShaper implements Shaper {

    private final Shaper limits;

    DeafShaper(Shaper limits) {
        this.limits = limits;
    }

    @Override
    public String provider(String domain, List<String> mxHosts) {
        return limits.provider(domain, mxHosts);
    }

    @Override
    public Permit connect(Lane lane) {
        return limits.connect(lane);
    }

    @Override
    public void disconnected(Lane lane) {
        limits.disconnected(lane);
    }

    @Override
    public Permit send(Lane lane, int recipients) {
        return limits.send(lane, recipients);
    }

    @Override
    public void observed(Lane lane, Verdict verdict) {
        // Deaf.
    }

    @Override
    public void delivered(Lane lane) {
        // Deaf.
    }

    @Override
    public Limits limits(Lane lane) {
        return limits.limits(lane);
    }
}
