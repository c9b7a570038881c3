package io.github.cameldeliverability.crm.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Takes secrets out of texts that people may see: logs, errors, dry runs. Immutable. */
public final class Mask {

    private static final int SHORTEST = 4;
    private static final Pattern HEADERS = Pattern.compile(
            "(?i)((?:authorization|proxy-authorization|x-api-key|api-key|x-api-token)\\s*[:=]\\s*)[^\\r\\n]*");
    private static final Pattern TOKENS = Pattern.compile(
            "(?i)(\"?(?:access_token|refresh_token|client_secret|assertion|password|api_key)\"?\\s*[:=]\\s*\"?)[^\"&\\s,}]+");

    private static final Pattern LOCAL_PARTS = Pattern.compile("[^\\s<>\"':,;(){}\\[\\]=/]+(@|%40)");

    private final List<String> secrets;

    /** @param secrets the values to hide, in every form in which they may appear in a call */
    public Mask(Collection<String> secrets) {
        List<String> all = new ArrayList<>();
        for (String s : secrets) {
            if (s != null && s.length() >= SHORTEST) {
                all.add(s);
                all.add(HttpCall.escape(s));
                all.add(Base64.getEncoder().encodeToString(s.getBytes(StandardCharsets.UTF_8)));
            }
        }
        all.sort(Comparator.comparingInt(String::length).reversed());
        this.secrets = List.copyOf(all);
    }

    /** The text with three asterisks for each secret. */
    public String of(String text) {
        String s = text;
        for (String secret : secrets) {
            s = s.replace(secret, "***");
        }
        s = HEADERS.matcher(s).replaceAll("$1***");
        return TOKENS.matcher(s).replaceAll("$1***");
    }

    /** The text without local parts of addresses: for logs and errors, which more people read than may know them. */
    public static String localParts(String text) {
        return LOCAL_PARTS.matcher(text).replaceAll("***$1");
    }
}
