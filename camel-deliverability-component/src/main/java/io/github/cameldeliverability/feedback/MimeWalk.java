package io.github.cameldeliverability.feedback;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/**
 * Walks a mail once, front to back, and keeps only what the readers need: headers of the mail and of the messages it
 * carries, and the beginning of its text and report parts. Attachments are passed over unread.
 */
final class MimeWalk {

    private static final int MAX_VALUE = 8 << 10;

    private static final MimeConfig CONFIG = MimeConfig.custom()
            .setMaxLineLen(1 << 20)
            .setMaxHeaderLen(1 << 20)
            .setMaxHeaderCount(-1)
            .setMaxContentLen(-1)
            .setHeadlessParsing(null)
            .build();

    private final ReadLimits limits;
    private final List<Part> parts = new ArrayList<>();
    private HeaderBlock mailHeader = HeaderBlock.EMPTY;
    private String mailType = "text/plain";
    private String reportType = "";
    private List<HeaderBlock.Field> fields = new ArrayList<>();
    private int messages;
    private int depth;

    private MimeWalk(ReadLimits limits) {
        this.limits = limits;
    }

    /** Reads a mail; what is broken beyond repair ends the walk, and what was read until then is the result. */
    static Mail walk(byte[] raw, ReadLimits limits) {
        MimeWalk walk = new MimeWalk(limits);
        try (InputStream in = RawMail.open(raw, limits.scannedBytes())) {
            walk.run(in);
        } catch (IOException | MimeException e) {
            // A line without end, a header without end: the parts read so far are all there is to know.
            return walk.result();
        }
        return walk.result();
    }

    private Mail result() {
        if (mailHeader.isEmpty() && !fields.isEmpty()) {
            mailHeader = new HeaderBlock(fields);
        }
        return new Mail(mailHeader, mailType, reportType, parts);
    }

    private void run(InputStream in) throws IOException, MimeException {
        MimeTokenStream stream = new MimeTokenStream(CONFIG, DecodeMonitor.SILENT, null, null);
        stream.parse(in);
        boolean messageHeader = false;
        for (EntityState s = stream.getState(); s != EntityState.T_END_OF_STREAM; s = stream.next()) {
            switch (s) {
                case T_START_MESSAGE -> {
                    messages++;
                    depth++;
                    messageHeader = true;
                }
                case T_START_MULTIPART -> depth++;
                case T_END_MESSAGE -> {
                    messages--;
                    depth--;
                }
                case T_END_MULTIPART -> depth--;
                case T_START_BODYPART -> messageHeader = false;
                case T_START_HEADER -> fields = new ArrayList<>();
                case T_FIELD -> keep(stream.getField());
                case T_END_HEADER -> endOfHeader(messageHeader);
                case T_BODY, T_PREAMBLE, T_EPILOGUE -> body(s, stream);
                default -> {}
            }
            if (depth > limits.depth() || parts.size() >= limits.parts()) {
                return;
            }
        }
    }

    private void keep(Field field) {
        if (fields.size() >= limits.headerFields()) {
            return;
        }
        String value = field.getBody();
        if (value == null) {
            return;
        }
        if (value.length() > MAX_VALUE) {
            value = value.substring(0, MAX_VALUE);
        }
        fields.add(new HeaderBlock.Field(
                field.getName().strip().toLowerCase(Locale.ROOT),
                eightBit(value).strip()));
    }

    /** mime4j hands header octets out one to a char; UTF-8 headers (RFC 6532) become readable here. */
    private static String eightBit(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 0x7f) {
                return c > 0xff
                        ? value
                        : TextDecoder.text(value.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), "");
            }
        }
        return value;
    }

    private void endOfHeader(boolean messageHeader) {
        if (messages == 1 && messageHeader && mailHeader.isEmpty()) {
            mailHeader = new HeaderBlock(fields);
            mailType = declaredType(mailHeader.text("content-type"));
            reportType = parameter(mailHeader.text("content-type"), "report-type");
        } else if (messageHeader && messages > 1) {
            parts.add(new Part("message/rfc822", new HeaderBlock(fields), "", messages - 2));
        }
    }

    private static String declaredType(String contentType) {
        int end = contentType.indexOf(';');
        String t =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return t.isEmpty() ? "text/plain" : t;
    }

    private static String type(BodyDescriptor body) {
        String t = body.getMimeType();
        return t == null ? "text/plain" : t.toLowerCase(Locale.ROOT);
    }

    /** A parameter of a Content-Type value in lower case; read by hand, since the values are often malformed. */
    static String parameter(String contentType, String name) {
        String lower = contentType.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(name);
        if (at < 0) {
            return "";
        }
        int i = at + name.length();
        while (i < lower.length() && (lower.charAt(i) == ' ' || lower.charAt(i) == '=' || lower.charAt(i) == '"')) {
            i++;
        }
        int end = i;
        while (end < lower.length() && "; \"\t".indexOf(lower.charAt(end)) < 0) {
            end++;
        }
        return lower.substring(i, end);
    }

    private void body(EntityState state, MimeTokenStream stream) throws IOException {
        BodyDescriptor d = stream.getBodyDescriptor();
        String type = state == EntityState.T_BODY ? type(d) : "text/x-outside";
        boolean mayBeStatus = messages == 1 && reportType.equals("delivery-status") && isNeutral(type);
        if (messages > 2 || !(wanted(type) || mayBeStatus)) {
            return;
        }
        HeaderBlock header = new HeaderBlock(state == EntityState.T_BODY ? fields : List.of());
        byte[] raw = stream.getInputStream().readNBytes(messages > 1 ? 4096 : limits.textBytes());
        String charset = state == EntityState.T_BODY ? declaredCharset(d, header) : "";
        String encoding = state == EntityState.T_BODY ? String.valueOf(d.getTransferEncoding()) : "7bit";
        String text = TextDecoder.decode(raw, encoding, charset);
        if (mayBeStatus) {
            if (!DeliveryStatus.isIn(text.lines().limit(200).toList())) {
                return;
            }
            type = "message/delivery-status";
        }
        if (type.equals("text/html")) {
            text = HtmlText.toText(text);
        }
        if (!text.isBlank()) {
            parts.add(new Part(type, header, text, messages - 1));
        }
    }

    private static String declaredCharset(BodyDescriptor d, HeaderBlock header) {
        if (header.text("content-type").toLowerCase(Locale.ROOT).contains("charset")) {
            String c = d.getCharset();
            return c == null ? "" : c;
        }
        return "";
    }

    /** Types that gateways put in place of one that they do not know. */
    private static boolean isNeutral(String type) {
        return type.equals("application/octet-stream")
                || type.startsWith("application/x-")
                || type.startsWith("unknown/");
    }

    private static final Map<String, Boolean> REPORTS = Map.of(
            "message/delivery-status", true,
            "message/global-delivery-status", true,
            "message/feedback-report", true,
            "message/disposition-notification", true,
            "message/global-disposition-notification", true,
            "message/global", true,
            "message/global-headers", true,
            "message/rfc822-headers", true);

    private static boolean wanted(String type) {
        return (type.startsWith("text/") && !type.equals("text/calendar") && !type.equals("text/css"))
                || REPORTS.containsKey(type)
                || type.startsWith("multipart/");
    }
}
