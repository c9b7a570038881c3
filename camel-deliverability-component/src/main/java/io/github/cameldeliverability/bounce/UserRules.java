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

/** Finds the rule packs that the option {@code rules} names. */
final class UserRules {

    private UserRules() {}

    static RulePackEngine layer(CamelContext context, RulePackEngine builtIn, String packs) throws IOException {
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
