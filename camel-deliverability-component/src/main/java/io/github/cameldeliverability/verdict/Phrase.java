package io.github.cameldeliverability.verdict;

import java.util.ArrayList;
import java.util.List;

/**
 * A literal phrase of a rule. It is found at word borders only; a star at either end lifts that, a star inside stands
 * for at most {@value #MAX_GAP} characters of anything.
 *
 * @param source as written in the pack
 * @param parts the literals between the stars, normalised; at least one
 * @param openStart whether the first part may begin inside a word
 * @param openEnd whether the last part may end inside a word
 */
record Phrase(String source, List<String> parts, boolean openStart, boolean openEnd) {

    static final int MAX_GAP = 80;

    /** The least number of characters of the longest literal, lest a phrase be found everywhere. */
    static final int MIN_LITERAL = 2;

    static Phrase parse(String source) {
        boolean openStart = source.startsWith("*");
        boolean openEnd = source.length() > 1 && source.endsWith("*");
        List<String> parts = new ArrayList<>();
        for (String piece : source.split("\\*", -1)) {
            String literal = Normaliser.normalise(piece);
            if (!literal.isEmpty()) {
                parts.add(literal);
            }
        }
        Phrase phrase = new Phrase(source, List.copyOf(parts), openStart, openEnd);
        if (parts.isEmpty() || phrase.key().length() < MIN_LITERAL) {
            throw new IllegalArgumentException("phrase \"" + source + "\" is too short");
        }
        return phrase;
    }

    /** The longest literal: what the index looks for. */
    String key() {
        String longest = "";
        for (String part : parts) {
            if (part.length() > longest.length()) {
                longest = part;
            }
        }
        return longest;
    }

    /** Whether the phrase stands in the text, its longest literal being known to end at a position. */
    boolean foundAt(String text, int end) {
        if (parts.size() > 1) {
            return foundIn(text);
        }
        return (openStart || isBorder(text, end - parts.get(0).length())) && (openEnd || isBorder(text, end));
    }

    boolean foundIn(String text) {
        return find(text, 0, 0, text.length());
    }

    private boolean find(String text, int part, int from, int latest) {
        String literal = parts.get(part);
        boolean last = part == parts.size() - 1;
        for (int at = text.indexOf(literal, from); at >= 0 && at <= latest; at = text.indexOf(literal, at + 1)) {
            int end = at + literal.length();
            boolean border = (part > 0 || openStart || isBorder(text, at)) && (!last || openEnd || isBorder(text, end));
            if (border && (last || find(text, part + 1, end, end + MAX_GAP))) {
                return true;
            }
        }
        return false;
    }

    /** Whether no ASCII word goes on across the position; scripts that write no spaces have a border everywhere. */
    private static boolean isBorder(String text, int at) {
        return at == 0 || at == text.length() || !isWord(text.charAt(at - 1)) || !isWord(text.charAt(at));
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
