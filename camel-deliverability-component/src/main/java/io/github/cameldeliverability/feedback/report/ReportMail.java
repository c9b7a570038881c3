package io.github.cameldeliverability.feedback.report;

import io.github.cameldeliverability.feedback.HeaderBlock;
import io.github.cameldeliverability.feedback.RawMail;
import io.github.cameldeliverability.feedback.TextDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/**
 * The parts of a mail that may hold a report, decoded, and the headers of the messages that it carries. What is broken
 * ends the walk; what was read until then is the result.
 */
final class ReportMail {

    /** Reports nest no deeper; what does was made to. */
    private static final int MAX_DEPTH = 12;

    private static final int MAX_FIELDS = 500;

    private static final MimeConfig CONFIG = MimeConfig.custom()
            .setMaxLineLen(1 << 20)
            .setMaxHeaderLen(1 << 20)
            .setMaxHeaderCount(-1)
            .setMaxContentLen(-1)
            .setHeadlessParsing(null)
            .build();

    /**
     * A leaf of the MIME tree.
     *
     * @param type media type in lower case
     * @param content decoded
     * @param level how many messages enclose it, 0 for the mail's own
     */
    record Leaf(String type, Content content, int level) {

        String text() {
            return new String(content.octets(), StandardCharsets.UTF_8);
        }
    }

    private final int maxLeaves;
    private final List<Leaf> leaves = new ArrayList<>();
    private HeaderBlock header = HeaderBlock.EMPTY;
    private HeaderBlock carried = HeaderBlock.EMPTY;
    private List<HeaderBlock.Field> fields = new ArrayList<>();
    private int messages;

    private ReportMail(int maxLeaves) {
        this.maxLeaves = maxLeaves;
    }

    static ReportMail read(byte[] raw, int maxLeaves) {
        ReportMail mail = new ReportMail(maxLeaves);
        try (InputStream in = RawMail.open(raw, raw.length)) {
            mail.walk(in);
        } catch (IOException | MimeException e) {
            // A line or a header without end.
            return mail;
        }
        return mail;
    }

    /** The header of the mail itself. */
    HeaderBlock header() {
        return header;
    }

    /** The header of the first message that it carries; empty where it carries none. */
    HeaderBlock carried() {
        return carried;
    }

    /** The outermost leaf of a type. */
    Optional<Leaf> leaf(String type) {
        return leaves.stream().filter(l -> l.type().equals(type)).min(java.util.Comparator.comparingInt(Leaf::level));
    }

    List<Leaf> leaves() {
        return leaves;
    }

    /** What may be a report: the mail's own parts, or, where none of them is, those of a forwarded mail. */
    List<Content> attachments() {
        int outermost = leaves.stream()
                .filter(ReportMail::mayBeReport)
                .mapToInt(Leaf::level)
                .min()
                .orElse(0);
        return leaves.stream()
                .filter(l -> l.level() == outermost && mayBeReport(l))
                .map(Leaf::content)
                .toList();
    }

    private static boolean mayBeReport(Leaf l) {
        if (l.type().startsWith("application/") || l.content().name().matches("(?i).*\\.(xml|json|gz|gzip|zip)")) {
            Content.Shape shape = l.content().shape();
            return shape != Content.Shape.MAIL && shape != Content.Shape.EMPTY;
        }
        return l.content().looksLikeReport();
    }

    private void walk(InputStream in) throws IOException, MimeException {
        MimeTokenStream stream = new MimeTokenStream(CONFIG, DecodeMonitor.SILENT, null, null);
        stream.parse(in);
        boolean ofMessage = false;
        int depth = 0;
        for (EntityState s = stream.getState(); s != EntityState.T_END_OF_STREAM; s = stream.next()) {
            switch (s) {
                case T_START_MESSAGE -> {
                    messages++;
                    depth++;
                    ofMessage = true;
                }
                case T_END_MESSAGE -> {
                    messages--;
                    depth--;
                }
                case T_START_MULTIPART -> depth++;
                case T_END_MULTIPART -> depth--;
                case T_START_BODYPART -> ofMessage = false;
                case T_START_HEADER -> fields = new ArrayList<>();
                case T_FIELD -> field(stream.getField());
                case T_END_HEADER -> {
                    if (ofMessage && messages == 1 && header.isEmpty()) {
                        header = new HeaderBlock(fields);
                    } else if (ofMessage && messages == 2 && carried.isEmpty()) {
                        carried = new HeaderBlock(fields);
                    }
                }
                case T_BODY -> leaf(stream);
                default -> {}
            }
            if (depth > MAX_DEPTH || leaves.size() >= maxLeaves) {
                return;
            }
        }
    }

    private void field(Field f) {
        if (fields.size() < MAX_FIELDS && f.getBody() != null) {
            fields.add(new HeaderBlock.Field(
                    f.getName().strip().toLowerCase(Locale.ROOT), f.getBody().strip()));
        }
    }

    private void leaf(MimeTokenStream stream) throws IOException {
        BodyDescriptor d = stream.getBodyDescriptor();
        String type = d.getMimeType() == null ? "text/plain" : d.getMimeType().toLowerCase(Locale.ROOT);
        byte[] octets = decoded(stream.getInputStream().readAllBytes(), String.valueOf(d.getTransferEncoding()));
        HeaderBlock h = new HeaderBlock(fields);
        String name = fileName(h.text("content-disposition"), "filename")
                .or(() -> fileName(h.text("content-type"), "name"))
                .orElse(type);
        leaves.add(new Leaf(type, new Content(name, octets), messages - 1));
        if (type.startsWith("text/rfc822-header") || type.equals("message/rfc822-headers")) {
            if (carried.isEmpty()) {
                String text = new String(octets, StandardCharsets.UTF_8);
                carried = HeaderBlock.parse(text.lines().limit(5_000).toList(), 0, MAX_FIELDS);
            }
        }
    }

    /** A parameter of a structured field, read by hand since the values are often malformed. */
    private static Optional<String> fileName(String field, String parameter) {
        int at = field.toLowerCase(Locale.ROOT).indexOf(parameter + "=");
        if (at < 0) {
            return Optional.empty();
        }
        String rest = field.substring(at + parameter.length() + 1).strip();
        if (rest.startsWith("\"")) {
            int end = rest.indexOf('"', 1);
            rest = rest.substring(1, end < 0 ? rest.length() : end);
        } else if (rest.indexOf(';') >= 0) {
            rest = rest.substring(0, rest.indexOf(';'));
        }
        // The name is only shown: no control characters, no line ends.
        String shown = rest.replaceAll("\\p{Cntrl}+\\s*", "").strip();
        return shown.isEmpty() ? Optional.empty() : Optional.of(shown);
    }

    private static byte[] decoded(byte[] raw, String transferEncoding) {
        return switch (transferEncoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> base64(raw);
            case "quoted-printable" -> TextDecoder.quotedPrintable(raw);
            default -> raw;
        };
    }

    /**
     * RFC 2045 6.8: characters outside the alphabet are passed over. A cut end gives the octets before it; what has no
     * base64 in it at all is taken as it stands.
     */
    private static byte[] base64(byte[] raw) {
        byte[] letters = new byte[raw.length];
        int n = 0;
        for (byte b : raw) {
            if (b == '=') {
                break;
            }
            if (b == '<' || b == '{') {
                return raw;
            }
            if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '+' || b == '/') {
                letters[n++] = b;
            }
        }
        return Base64.getDecoder().decode(Arrays.copyOf(letters, n % 4 == 1 ? n - 1 : n));
    }
}
