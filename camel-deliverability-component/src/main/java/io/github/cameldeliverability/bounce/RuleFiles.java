package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges replies by the built-in rules and the packs that the option {@code rules} names. Files that change are read again;
 * packs that are broken then leave those in use as they are. A verdict is made by one state of the rules. Thread-safe.
 */
public final class RuleFiles implements VerdictEngine {

    private static final Logger LOG = LoggerFactory.getLogger(RuleFiles.class);
    private static final String FILE = "file:";
    private static final long LOOK_SECONDS = 5;

    private final CamelContext context;
    private final RulePackEngine builtIn;
    private final Optional<String> packs;
    private volatile RulePackEngine engine;
    // Guarded by this.
    private List<String> seen = List.of();

    private RuleFiles(CamelContext context, RulePackEngine builtIn, Optional<String> packs) {
        this.context = context;
        this.builtIn = builtIn;
        this.engine = builtIn;
        this.packs = packs;
    }

    /**
     * Blocking: reads and checks the packs.
     *
     * @param builtIn the rules that they come on top of
     * @param packs as the option {@code rules} names them
     * @throws IOException if one of them cannot be read
     * @throws io.github.cameldeliverability.verdict.RulePackException if one of them is broken
     */
    public static RuleFiles open(CamelContext context, RulePackEngine builtIn, Optional<String> packs)
            throws IOException {
        RuleFiles files = new RuleFiles(context, builtIn, packs);
        files.load();
        return files;
    }

    private synchronized void load() throws IOException {
        if (packs.isPresent()) {
            seen = stamps();
            engine = UserRules.layer(context, builtIn, packs.get());
        }
    }

    /**
     * Looks after changed files from now on.
     *
     * @param timer its owner ends it
     */
    public void follow(ScheduledExecutorService timer) {
        if (packs.isPresent()) {
            var unused = timer.scheduleWithFixedDelay(this::check, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private synchronized void check() {
        try {
            if (!stamps().equals(seen)) {
                load();
                LOG.info("event=rules-reloaded packs=\"{}\"", packs.orElse(""));
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("event=rules-refused reason=\"{}\"; the rules in use stay in use", e.getMessage());
        }
    }

    /** Size and time of all files; a file that is gone has none. */
    private List<String> stamps() throws IOException {
        List<String> stamps = new ArrayList<>();
        for (String name : packs.orElse("").split(",")) {
            Path path = Path.of(name.strip().startsWith(FILE) ? name.strip().substring(FILE.length()) : "");
            if (name.strip().startsWith(FILE) && Files.exists(path)) {
                try (Stream<Path> files = Files.walk(path, 1)) {
                    for (Path file : files.sorted().toList()) {
                        stamps.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
                    }
                }
            }
        }
        return stamps;
    }

    /** The rules of the moment. */
    public RulePackEngine current() {
        return engine;
    }

    @Override
    public Verdict judge(ReplyEvidence evidence) {
        return engine.judge(evidence);
    }
}
