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

    /** Empty where the text holds no part. */
    public static Optional<EffectKey> read(String text) {
        Map<String, String> parts = new HashMap<>();
        Matcher m = PART.matcher(text.strip());
        while (m.find()) {
            if (!m.group(2).isBlank()) {
                parts.put(m.group(1), m.group(2));
            }
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
