package io.github.cameldeliverability.feedback;

import java.util.Locale;
import java.util.Map;

/** HTML to lines of text, enough to find addresses and diagnostics: tags out, block ends to line ends, entities read. */
final class HtmlText {

    private static final Map<String, String> ENTITIES =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "nbsp", " ", "apos", "'", "#39", "'", "#64", "@");

    /** Longest tag looked for: data URLs in attributes are long, but a lone "<" must not make us scan everything. */
    private static final int MAX_TAG = 8 << 10;

    private final String html;
    private final StringBuilder out;

    private HtmlText(String html) {
        this.html = html;
        this.out = new StringBuilder(html.length());
    }

    static String toText(String html) {
        return new HtmlText(html).run();
    }

    private String run() {
        int lastGt = html.lastIndexOf('>');
        int i = 0;
        while (i < html.length()) {
            char c = html.charAt(i);
            if (c == '<' && i < lastGt) {
                i = tag(i);
            } else if (c == '&') {
                i = entity(i);
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private int tag(int at) {
        int end = at + 1;
        int stopAt = Math.min(html.length(), at + MAX_TAG);
        while (end < stopAt && html.charAt(end) != '>') {
            end++;
        }
        if (end == stopAt) {
            out.append('<');
            return at + 1;
        }
        String tag = html.substring(at + 1, Math.min(end, at + 12)).toLowerCase(Locale.ROOT);
        String inside = html.substring(at + 1, end);
        if (inside.indexOf('@') > 0 && inside.indexOf(' ') < 0 && inside.indexOf('=') < 0) {
            // "<user@example.com>" that somebody forgot to escape.
            out.append('<').append(inside).append('>');
            return end + 1;
        }
        if (tag.startsWith("style") || tag.startsWith("script")) {
            String close = tag.startsWith("style") ? "</style" : "</script";
            for (int j = html.indexOf("</", end); j >= 0; j = html.indexOf("</", j + 2)) {
                if (html.regionMatches(true, j, close, 0, close.length())) {
                    return j;
                }
            }
            return html.length();
        }
        if (tag.startsWith("br")
                || tag.startsWith("/p")
                || tag.startsWith("/div")
                || tag.startsWith("/tr")
                || tag.startsWith("/li")
                || tag.startsWith("/h")
                || (tag.startsWith("p") && !tag.startsWith("param"))
                || tag.startsWith("/table")
                || tag.startsWith("hr")) {
            out.append('\n');
        }
        return end + 1;
    }

    private int entity(int at) {
        int end = at + 1;
        while (end < html.length() && end - at <= 10 && html.charAt(end) != ';') {
            end++;
        }
        if (end == html.length() || html.charAt(end) != ';') {
            out.append('&');
            return at + 1;
        }
        String name = html.substring(at + 1, end);
        String known = ENTITIES.get(name);
        if (known != null) {
            out.append(known);
            return end + 1;
        }
        if (name.startsWith("#")) {
            try {
                int code = name.startsWith("#x") || name.startsWith("#X")
                        ? Integer.parseInt(name.substring(2), 16)
                        : Integer.parseInt(name.substring(1));
                if (Character.isValidCodePoint(code) && code >= ' ') {
                    out.appendCodePoint(code);
                }
                return end + 1;
            } catch (NumberFormatException e) {
                out.append('&');
                return at + 1;
            }
        }
        out.append(' ');
        return end + 1;
    }
}
