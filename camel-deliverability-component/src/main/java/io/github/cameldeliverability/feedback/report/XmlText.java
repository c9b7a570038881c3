package io.github.cameldeliverability.feedback.report;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Octets of an XML file to text, and the repair of faults that reporters make. */
final class XmlText {

    private static final Pattern ENCODING =
            Pattern.compile("^\\s*<\\?xml[^>]{0,200}?encoding\\s*=\\s*[\"']([\\w.:-]+)");

    private static final Pattern REFERENCE = Pattern.compile("amp|lt|gt|quot|apos|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,5}");

    /** How far a tag may reach before it counts as a stray bracket. */
    private static final int MAX_TAG = 2_000;

    private XmlText() {}

    /**
     * The text from its first element on. The declared encoding is only believed where the octets agree: reports are
     * declared UTF-16 by programs that write UTF-8, and UTF-8 by those that write Windows-1252.
     */
    static String decode(byte[] octets) {
        String text = withoutMark(octets);
        int start = text.indexOf('<');
        if (start < 0) {
            return "";
        }
        int declaration = text.startsWith("<?xml", start) ? text.indexOf("?>", start) : -1;
        return text.substring(declaration < 0 ? start : declaration + 2);
    }

    private static String withoutMark(byte[] octets) {
        int a = octets.length > 0 ? octets[0] & 0xff : -1;
        int b = octets.length > 1 ? octets[1] & 0xff : -1;
        if ((a == 0xff && b == 0xfe) || (a == '<' && b == 0)) {
            return new String(octets, StandardCharsets.UTF_16LE).replace("\ufeff", "");
        }
        if ((a == 0xfe && b == 0xff) || (a == 0 && b == '<')) {
            return new String(octets, StandardCharsets.UTF_16BE).replace("\ufeff", "");
        }
        String utf8 = strict(octets, StandardCharsets.UTF_8);
        if (utf8 != null) {
            return utf8.startsWith("\ufeff") ? utf8.substring(1) : utf8;
        }
        Matcher m = ENCODING.matcher(new String(octets, 0, Math.min(octets.length, 300), StandardCharsets.ISO_8859_1));
        String declared = m.find() ? m.group(1).toLowerCase(Locale.ROOT) : "";
        return new String(octets, declared.startsWith("utf") ? charset("") : charset(declared));
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name.isEmpty() ? "windows-1252" : name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.ISO_8859_1;
        }
    }

    private static String strict(byte[] octets, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /**
     * The text with what no XML parser takes made harmless: brackets and ampersands that belong to a value, such as in
     * {@code <email><a@b.example></email>}, and control characters.
     */
    static String repaired(String text) {
        StringBuilder out = new StringBuilder(text.length() + 64);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '&' && !isReference(text, i)) {
                out.append("&amp;");
            } else if (c == '<' && !isTag(text, i)) {
                out.append("&lt;");
            } else if (c >= ' ' ? c < '\ufffe' : c == '\n' || c == '\r' || c == '\t') {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isReference(String text, int at) {
        int last = Math.min(text.length() - 1, at + 8);
        int end = at + 1;
        while (end < last && text.charAt(end) != ';') {
            end++;
        }
        if (end > last || text.charAt(end) != ';') {
            return false;
        }
        return REFERENCE.matcher(text.substring(at + 1, end)).matches();
    }

    private static boolean isTag(String text, int at) {
        int i = at + 1;
        if (i < text.length() && (text.charAt(i) == '?' || text.charAt(i) == '!')) {
            return true;
        }
        if (i < text.length() && text.charAt(i) == '/') {
            i++;
        }
        int name = i;
        while (i < text.length() && isNameChar(text.charAt(i), i == name)) {
            i++;
        }
        int end = Math.min(text.length(), at + MAX_TAG);
        if (i == name || i >= end || " \t\r\n/>".indexOf(text.charAt(i)) < 0) {
            return false;
        }
        while (i < end && text.charAt(i) != '>' && text.charAt(i) != '<') {
            i++;
        }
        return i < end && text.charAt(i) == '>';
    }

    private static boolean isNameChar(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0xc0;
        return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'));
    }
}
