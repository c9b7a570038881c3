package io.github.cameldeliverability.shaping;

import io.github.cameldeliverability.mail.EffectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text form of a key, {@code stream=marketing provider=yahoo}. */
public final class KeyText {

    private static final Pattern PART = Pattern.compile(
            "(stream|source|provider|dkim-domain|tag)=(.*?)" + "(?= (?:stream|source|provider|dkim-domain|tag)=|$)");

    private KeyText() {}

    /**
     * Empty where the text is anything but parts, each once and with a value. A misspelt part must not be passed over: what
     * is left would cover more mail than was meant.
     */
    public static Optional<EffectKey> read(String text) {
        Map<String, String> parts = new HashMap<>();
        Matcher m = PART.matcher(text.strip());
        int read = 0;
        while (m.find()) {
            String value = m.group(2).strip();
            // Only the words of tags may have spaces in them.
            boolean bad = value.isEmpty() || (value.contains(" ") && !m.group(1).equals("tag"));
            if (bad || (read == 0 && m.start() > 0) || parts.put(m.group(1), value) != null) {
                return Optional.empty();
            }
            read = m.end();
        }
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(new EffectKey(
                        Optional.ofNullable(parts.get("stream")),
                        Optional.ofNullable(parts.get("source")),
                        Optional.ofNullable(parts.get("provider")),
                        Optional.ofNullable(parts.get("dkim-domain")),
                        Optional.ofNullable(parts.get("tag"))));
    }
}
