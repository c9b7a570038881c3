package io.github.cameldeliverability.feedback.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads JSON (RFC 8259) into maps, lists, strings, booleans and nulls; numbers stay the text that they are. Bounded in
 * depth and in the number of values. It also takes line ends inside strings, which some reporters write.
 */
final class JsonReader {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_VALUES = 500_000;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private int at;
    private int values;

    private JsonReader(String text) {
        this.text = text;
    }

    static Object read(String text) throws UnreadableReport {
        JsonReader r = new JsonReader(text);
        Object value = r.value(0);
        r.blanks();
        if (r.at < text.length()) {
            throw r.fault("more than one value");
        }
        return value;
    }

    private Object value(int depth) throws UnreadableReport {
        if (depth > MAX_DEPTH) {
            throw fault("nested more than " + MAX_DEPTH + " deep");
        }
        if (++values > MAX_VALUES) {
            throw fault("more than " + MAX_VALUES + " values");
        }
        blanks();
        char c = peek();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object(int depth) throws UnreadableReport {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        blanks();
        if (take('}')) {
            return map;
        }
        do {
            blanks();
            if (peek() != '"') {
                throw fault("a name is missing");
            }
            String name = string();
            blanks();
            if (!take(':')) {
                throw fault("a colon is missing");
            }
            Object value = value(depth + 1);
            map.putIfAbsent(name, value);
            blanks();
        } while (take(','));
        if (!take('}')) {
            throw fault("an object does not end");
        }
        return map;
    }

    private List<Object> array(int depth) throws UnreadableReport {
        List<Object> list = new ArrayList<>();
        at++;
        blanks();
        if (take(']')) {
            return list;
        }
        do {
            list.add(value(depth + 1));
            blanks();
        } while (take(','));
        if (!take(']')) {
            throw fault("an array does not end");
        }
        return list;
    }

    private String string() throws UnreadableReport {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return out.toString();
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws UnreadableReport {
        char c = peek();
        at++;
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            case '"', '\\', '/' -> c;
            default -> throw fault("an unknown escape");
        };
    }

    private char unicode() throws UnreadableReport {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw fault("an escape without four digits");
            }
            code = code << 4 | digit;
            at++;
        }
        return (char) code;
    }

    /** A number, true, false or null. */
    private Object word() throws UnreadableReport {
        int start = at;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> {
                if (word.isEmpty()
                        || word.length() > 40
                        || !NUMBER.matcher(word).matches()) {
                    at = start;
                    throw fault("a value is missing");
                }
                yield word;
            }
        };
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n\0".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws UnreadableReport {
        if (at >= text.length()) {
            throw fault("it ends too early");
        }
        return text.charAt(at);
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private UnreadableReport fault(String what) {
        return new UnreadableReport("broken JSON at character " + at + ": " + what);
    }
}
