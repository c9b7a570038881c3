package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.shaping.EffectShaper;
import io.github.cameldeliverability.shaping.ReactionChecks;
import io.github.cameldeliverability.shaping.ReactionReader;
import io.github.cameldeliverability.shaping.Reactions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of effects: the built-in ones and the files that the option {@code reactions} names on top. A file that changes
 * is read again; one that is broken then leaves the rules in use as they are. Thread-safe.
 */
final class ReactionFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ReactionFiles.class);
    private static final String BUILT_IN = "reactions.yaml";
    private static final String FILE = "file:";

    private final CamelContext context;
    private final List<String> names;
    private final ReactionChecks checks;
    private final EffectShaper shaper;

    // Guarded by this.
    private Map<String, String> seen = Map.of();
    private Optional<String> fault = Optional.empty();

    ReactionFiles(CamelContext context, Optional<String> names, ReactionChecks checks, EffectShaper shaper) {
        this.context = context;
        this.names = names.map(n -> Arrays.stream(n.split(","))
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .map(s -> ResourceHelper.hasScheme(s) ? s : FILE + s)
                        .toList())
                .orElse(List.of());
        this.checks = checks;
        this.shaper = shaper;
    }

    /**
     * Blocking: reads all of them and uses them from now on.
     *
     * @throws IllegalArgumentException naming file, rule and key; the rules in use stay in use
     */
    synchronized void load() throws IOException {
        Map<String, String> stamps = stamps();
        Reactions all = new ReactionReader(BUILT_IN, checks).read(builtIn());
        for (String name : names) {
            try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, name)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                all = all.with(new ReactionReader(name, checks).read(text));
            }
        }
        shaper.use(all);
        seen = stamps;
        fault = Optional.empty();
    }

    private static String builtIn() throws IOException {
        try (InputStream in = EffectShaper.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Blocking, briefly: reads the files again if one of them has changed. */
    synchronized void check() {
        Map<String, String> now = stamps();
        if (now.equals(seen)) {
            return;
        }
        try {
            load();
            LOG.info("event=reactions-reloaded files={}", names);
        } catch (IOException | RuntimeException e) {
            seen = now;
            fault = Optional.of(e.getMessage());
            LOG.error("event=reactions-refused reason=\"{}\"; the rules in use stay in use", e.getMessage());
        }
    }

    /** Why the files as they are could not be used. */
    synchronized Optional<String> fault() {
        return fault;
    }

    private Map<String, String> stamps() {
        Map<String, String> stamps = new HashMap<>();
        for (String name : names) {
            if (name.startsWith(FILE)) {
                Path path = Path.of(name.substring(FILE.length()));
                try {
                    stamps.put(name, Files.getLastModifiedTime(path) + " " + Files.size(path));
                } catch (IOException e) {
                    stamps.put(name, "gone");
                }
            }
        }
        // A rule may name a provider that the file of limits defines only now.
        stamps.put("providers", String.join(",", new TreeSet<>(checks.providers())));
        return stamps;
    }
}
