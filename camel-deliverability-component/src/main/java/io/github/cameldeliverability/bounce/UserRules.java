package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/** Finds the rule packs that the option {@code rules} of a component or endpoint names. Thread-safe. */
public final class UserRules {

    private UserRules() {}

    /**
     * Blocking: the built-in rules with these packs on top.
     *
     * @param packs comma-separated; {@code file:} names files or folders, anything else resources of the context
     * @throws IOException if one of them cannot be read
     * @throws io.github.cameldeliverability.verdict.RulePackException if one of them is broken
     */
    public static RulePackEngine layer(CamelContext context, RulePackEngine builtIn, String packs) throws IOException {
        List<String> names = Arrays.stream(packs.split(","))
                .map(String::strip)
                .filter(n -> !n.isEmpty())
                .toList();
        if (names.stream().allMatch(n -> n.startsWith("file:"))) {
            return builtIn.withUserPacks(names.stream()
                    .map(n -> Path.of(n.substring("file:".length())))
                    .toList());
        }
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, name)) {
                texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return builtIn.withUserPackTexts(texts);
    }
}
