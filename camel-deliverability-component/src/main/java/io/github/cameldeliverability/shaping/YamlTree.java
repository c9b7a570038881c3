package io.github.cameldeliverability.shaping;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A place in a YAML file that knows its line, read strictly. */
final class YamlTree {

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setMaxAliasesForCollections(20)
            .setCodePointLimit(4 << 20)
            .build();

    private final String file;
    private final String key;
    private final Node node;

    private YamlTree(String file, String key, Node node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    /** The whole of a file; empty for a file without content. */
    static Optional<YamlTree> read(String file, String text) {
        try {
            return new Compose(SETTINGS).composeString(text).map(n -> new YamlTree(file, "", n));
        } catch (YamlEngineException e) {
            throw new LimitFileException(file + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    /** {@code file:line}. */
    String at() {
        return file + node.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
    }

    LimitFileException bad(String what) {
        return new LimitFileException(at() + ": " + (key.isEmpty() ? "" : key + ": ") + what);
    }

    String text() {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue().strip();
        }
        throw bad("wants one value");
    }

    /** The elements of a list; a single value is a list of one, and may be separated by commas. */
    List<String> texts() {
        List<String> all = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(n -> all.add(new YamlTree(file, key, n).text()));
        } else {
            for (String part : text().split(",", -1)) {
                if (!part.isBlank()) {
                    all.add(part.strip());
                }
            }
        }
        return all;
    }

    List<YamlTree> list() {
        if (node instanceof SequenceNode list) {
            List<YamlTree> all = new ArrayList<>();
            list.getValue().forEach(n -> all.add(new YamlTree(file, key, n)));
            return all;
        }
        throw bad("must be a list: lines that begin with \"- \"");
    }

    /** The entries of a mapping in their order; a key that comes twice is refused. */
    Map<String, YamlTree> map() {
        if (node instanceof ScalarNode scalar && scalar.getValue().isBlank()) {
            return Map.of();
        }
        if (!(node instanceof MappingNode mapping)) {
            throw bad("must be a mapping of keys to values");
        }
        Map<String, YamlTree> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = new YamlTree(file, key, tuple.getKeyNode()).text();
            YamlTree value = new YamlTree(file, name, tuple.getValueNode());
            if (entries.put(name, value) != null) {
                throw value.bad("is stated twice; put it all under one key");
            }
        }
        return entries;
    }

    /** A complaint about a key that nobody knows, with the one that was probably meant. */
    LimitFileException unknown(Collection<String> known) {
        String nearest = known.stream()
                .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
                .filter(k -> distance(key, k) <= Math.max(2, key.length() / 3))
                .map(k -> " (did you mean " + k + "?)")
                .orElse("");
        return new LimitFileException(
                at() + ": unknown key " + key + nearest + "; known are: " + String.join(", ", known));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                corner = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
