package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/**
 * Holds the engine of the moment, so that packs can be changed while mail flows. A verdict is made by one engine from
 * start to end. Thread-safe.
 */
public final class ReloadableVerdictEngine implements VerdictEngine {

    private volatile RulePackEngine engine;

    public ReloadableVerdictEngine(RulePackEngine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    @Override
    public Verdict judge(ReplyEvidence evidence) {
        return engine.judge(evidence);
    }

    /** The engine of the moment. */
    public RulePackEngine current() {
        return engine;
    }

    /**
     * Reads the installation's packs anew.
     *
     * @throws RulePackException if one of them is broken; the packs in use stay in use
     */
    public synchronized void reload(Collection<Path> userPacks) {
        engine = engine.withUserPacks(userPacks);
    }
}
