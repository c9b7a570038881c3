package io.github.cameldeliverability.verdict;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one pack from YAML. Strict: an unknown key, reason, fault, phase or code is refused with the place it stands at.
 * The form is described in {@code packs/README.md}.
 */
final class RulePackReader {

    private static final LoadSettings BASE = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(20)
            .setCodePointLimit(4 << 20)
            .build();

    private final String file;
    private final Layer forced;

    /** For a built-in pack, which names its layer. */
    RulePackReader(String file) {
        this(file, null);
    }

    /** For a pack whose layer is given from outside. */
    RulePackReader(String file, Layer forced) {
        this.file = file;
        this.forced = forced;
    }

    RulePack read(String yaml) {
        Object root;
        try {
            root = new Load(BASE).loadFromString(yaml);
        } catch (YamlEngineException e) {
            throw new RulePackException(file + ": not valid YAML: " + e.getMessage(), e);
        }
        YamlFields top = YamlFields.of(file, root);
        top.allow("pack", "layer", "source", "guards", "guard-codes", "providers", "rules");
        String name = top.required("pack");
        if (!name.matches("[a-z0-9][a-z0-9-]*")) {
            throw top.bad("pack", "must be lower-case letters, digits and hyphens, not \"" + name + "\"");
        }
        Layer layer = layer(top);
        List<Rule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (Object element : top.list("rules")) {
            number++;
            Rule rule = new RuleReader(file, number).read(element);
            if (!ids.add(rule.id())) {
                throw new RulePackException(file + ": rule " + rule.id() + ": there are two rules of this id");
            }
            rules.add(rule);
        }
        if (rules.isEmpty() && top.list("guards").isEmpty()) {
            throw top.bad("rules", "is empty");
        }
        List<Phrase> guards = top.strings("guards").stream()
                .map(g -> top.parsed("guards", g, Phrase::parse))
                .toList();
        List<EnhancedPattern> guardCodes = top.strings("guard-codes").stream()
                .map(g -> top.known("guard-codes", g, EnhancedPattern::parse))
                .toList();
        return new RulePack(name, layer, file, guards, guardCodes, top.strings("providers"), List.copyOf(rules));
    }

    private Layer layer(YamlFields top) {
        String id = top.optional("layer").orElse(null);
        if (forced != null) {
            if (id != null && !id.equals(forced.id())) {
                throw top.bad("layer", "must be " + forced.id() + " or left out");
            }
            return forced;
        }
        if (id == null) {
            throw top.bad("layer", "is missing");
        }
        return Layer.byId(id).orElseThrow(() -> top.bad("layer", "is unknown: \"" + id + "\""));
    }
}
