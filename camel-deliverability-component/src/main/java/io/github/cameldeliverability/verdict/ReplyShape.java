package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.ReplyEvidence;

/** What is the same in all texts of one kind: the words, without what changes from mail to mail. */
final class ReplyShape {

    private static final int MAX_SHAPE = 200;

    private ReplyShape() {}

    static String of(ReplyEvidence evidence) {
        StringBuilder b = new StringBuilder(MAX_SHAPE);
        evidence.code().ifPresent(c -> b.append(c).append(' '));
        evidence.enhanced().ifPresent(e -> b.append(e).append(' '));
        for (String token : Normaliser.normalise(evidence.text()).split(" ", -1)) {
            if (b.length() >= MAX_SHAPE) {
                break;
            }
            if (!token.isEmpty()) {
                token(token, b);
                b.append(' ');
            }
        }
        String shape = b.toString().strip();
        return shape.length() > MAX_SHAPE ? shape.substring(0, MAX_SHAPE) : shape;
    }

    /** Appends a token; the punctuation around it stays. */
    private static void token(String token, StringBuilder b) {
        int from = 0;
        int to = token.length();
        while (from < to && "([<{\"'".indexOf(token.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && ")]>}\"',;:.!?".indexOf(token.charAt(to - 1)) >= 0) {
            to--;
        }
        b.append(token, 0, from).append(placeholder(token.substring(from, to))).append(token.substring(to));
    }

    private static String placeholder(String word) {
        if (word.equals("@")) {
            return "<address>";
        }
        if (word.equals("#")) {
            return "<ip>";
        }
        if (word.contains("://") || word.startsWith("www.")) {
            return "<url>";
        }
        if (word.contains("@") || word.contains("#")) {
            return word.contains("@") ? "<address>" : "<ip>";
        }
        int digits = 0;
        int letters = 0;
        int hex = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (Character.isLetter(c)) {
                letters++;
                if (c >= 'a' && c <= 'f') {
                    hex++;
                }
            }
        }
        if (digits > 0 && letters == 0) {
            return "<n>";
        }
        if (word.length() > 3 && word.indexOf('.') > 0 && letters > 3) {
            return "<host>";
        }
        if (digits > 0 && digits + hex == word.length() && word.length() >= 8) {
            return "<hex>";
        }
        return digits > 0 && (digits > 2 || word.length() > 12) ? "<id>" : word;
    }
}
