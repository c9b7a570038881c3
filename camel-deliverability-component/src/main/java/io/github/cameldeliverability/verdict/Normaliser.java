package io.github.cameldeliverability.verdict;

import java.text.Normalizer;

/**
 * Brings a server's text into the form that phrases are written in.
 *
 * <p>Lower case; single spaces; accents removed; a mail address becomes {@code @} without the brackets or quotes around
 * it, and an IP address becomes {@code #}, so that no phrase is found inside somebody's address. The code that is
 * repeated at each line of a multi-line reply ({@code 550-5.7.1 }) is dropped. The input is bounded: only its first
 * {@value #MAX_INPUT} characters count.
 */
final class Normaliser {

    static final int MAX_INPUT = 2048;

    private final String in;
    private final int end;
    private final StringBuilder out;
    private int pos;

    private Normaliser(String text) {
        String cut = text.length() > MAX_INPUT ? text.substring(0, MAX_INPUT) : text;
        this.in = isAscii(cut) ? cut : fold(cut);
        this.end = in.length();
        this.out = new StringBuilder(end + 8);
    }

    static String normalise(String text) {
        return new Normaliser(text).run();
    }

    private static boolean isAscii(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (s.charAt(i) > 126) {
                return false;
            }
        }
        return true;
    }

    /** Removes accents and unifies the punctuation that word processors put into error pages. */
    static String fold(String s) {
        String d = Normalizer.normalize(s, Normalizer.Form.NFKD);
        StringBuilder b = new StringBuilder(d.length());
        for (int i = 0; i < d.length(); i++) {
            char c = d.charAt(i);
            int type = Character.getType(c);
            if (type == Character.NON_SPACING_MARK) {
                continue;
            }
            if (c == '\u2018' || c == '\u2019' || c == '\u02bc' || c == '`') {
                b.append('\'');
            } else if (c == '\u201c' || c == '\u201d' || c == '\u00ab' || c == '\u00bb') {
                b.append('"');
            } else if (c == '\u0142' || c == '\u0141') {
                b.append('l');
            } else if (c == '\u0131') {
                b.append('i');
            } else if (c == '\u00df') {
                b.append("ss");
            } else if (type == Character.SPACE_SEPARATOR) {
                b.append(' ');
            } else {
                b.append(c);
            }
        }
        return b.toString();
    }

    private String run() {
        while (pos < end) {
            char c = in.charAt(pos);
            if (c <= ' ') {
                space();
                pos++;
            } else if (c == '@') {
                address();
            } else if (c >= '0' && c <= '9' && atWordStart()) {
                number();
            } else {
                out.append(Character.toLowerCase(c));
                pos++;
            }
        }
        int n = out.length();
        return n > 0 && out.charAt(n - 1) == ' ' ? out.substring(0, n - 1) : out.toString();
    }

    private void space() {
        int n = out.length();
        if (n > 0 && out.charAt(n - 1) != ' ') {
            out.append(' ');
        }
    }

    private boolean atWordStart() {
        return pos == 0 || !Character.isLetterOrDigit(in.charAt(pos - 1));
    }

    /** At an at sign: takes the local part back out of the output and skips the domain. */
    private void address() {
        int from = out.length();
        while (from > 0 && isLocal(out.charAt(from - 1))) {
            from--;
        }
        int to = pos + 1;
        while (to < end && isDomain(in.charAt(to))) {
            to++;
        }
        if (from == out.length() || to == pos + 1) {
            out.append('@');
            pos++;
            return;
        }
        // A full stop after the address belongs to the sentence ("<a@example.org>..." or "a@example.org.").
        while (to > pos + 1 && in.charAt(to - 1) == '.') {
            to--;
        }
        out.setLength(from);
        char open = from > 0 ? out.charAt(from - 1) : ' ';
        char close = to < end ? in.charAt(to) : ' ';
        if ((open == '<' && close == '>') || (open == close && (open == '\'' || open == '"'))) {
            out.setLength(from - 1);
            to++;
        }
        out.append('@');
        pos = to;
    }

    private static boolean isLocal(char c) {
        return c > ' ' && "<>()[],;:\"'".indexOf(c) < 0;
    }

    private static boolean isDomain(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == '*' || c == '#';
    }

    private void number() {
        int to = continuation();
        if (to > pos) {
            pos = to;
            return;
        }
        to = ipv4();
        if (to > pos) {
            out.append('#');
            pos = to;
            return;
        }
        while (pos < end && Character.isLetterOrDigit(in.charAt(pos))) {
            out.append(Character.toLowerCase(in.charAt(pos)));
            pos++;
        }
    }

    /** {@code "550-5.7.1 "} or {@code "550-"} in the middle of a text: where it ends, or {@code pos}. */
    private int continuation() {
        if (pos + 4 > end || in.charAt(pos + 3) != '-' || (pos > 0 && in.charAt(pos - 1) > ' ')) {
            return pos;
        }
        char first = in.charAt(pos);
        if ((first != '2' && first != '4' && first != '5')
                || !Character.isDigit(in.charAt(pos + 1))
                || !Character.isDigit(in.charAt(pos + 2))) {
            return pos;
        }
        int i = pos + 4;
        if (i + 4 < end && in.charAt(i) == first && in.charAt(i + 1) == '.') {
            while (i < end && (Character.isDigit(in.charAt(i)) || in.charAt(i) == '.')) {
                i++;
            }
        }
        return i;
    }

    private int ipv4() {
        int i = pos;
        for (int part = 0; part < 4; part++) {
            int digits = 0;
            while (i < end && digits < 4 && in.charAt(i) >= '0' && in.charAt(i) <= '9') {
                i++;
                digits++;
            }
            if (digits == 0 || digits > 3) {
                return pos;
            }
            if (part < 3) {
                if (i >= end || in.charAt(i) != '.') {
                    return pos;
                }
                i++;
            }
        }
        return i < end && Character.isLetterOrDigit(in.charAt(i)) ? pos : i;
    }
}
