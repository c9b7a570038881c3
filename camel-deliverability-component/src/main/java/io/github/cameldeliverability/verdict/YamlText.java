package io.github.cameldeliverability.verdict;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML as maps, lists and scalars, for rooms that read rules of their own. */
public final class YamlText {

    private static final LoadSettings STRICT = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(20)
            .setCodePointLimit(1 << 20)
            .build();

    private YamlText() {}

    /**
     * @param place names the text in messages
     * @return null for an empty text
     * @throws IllegalArgumentException naming place and line
     */
    public static Object read(String place, String text) {
        try {
            return new Load(STRICT).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(place + ": not valid YAML: " + e.getMessage(), e);
        }
    }
}
