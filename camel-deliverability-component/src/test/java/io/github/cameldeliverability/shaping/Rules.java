package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reaction rules for tests: the built-in ones, and texts on top. */
public final class Rules {

    public static final RulePackEngine VERDICTS = RulePackEngine.builtIn();
    private static final ReactionChecks CHECKS =
            new ReactionChecks(LimitBook.builtInOnly()::providerNames, VERDICTS.ruleIds(), VERDICTS);

    private Rules() {}

    public static Reactions builtIn() {
        try (InputStream in = EffectShaper.class.getResourceAsStream("reactions.yaml")) {
            return new ReactionReader("reactions.yaml", CHECKS)
                    .read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** These alone. */
    public static Reactions of(String yaml) {
        return new ReactionReader("my.yaml", CHECKS).read(yaml);
    }
}
