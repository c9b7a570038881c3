package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.SmtpReply;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes replies of the bytes that a server sends (RFC 5321 4.2), whatever these are: memory is bounded, nothing is
 * thrown. After {@link Malformed} it must not be used again. Not thread-safe.
 */
final class ReplyDecoder {

    /**
     * The most that a reply may have, in octets. RFC 5321 4.5.3.1.5 allows 512 a line; servers with long explanations
     * exceed it, and a "250" with a novel behind it is still a 250. What exceeds the limits below is read and forgotten.
     */
    static final int MAX_REPLY = 256 * 1024;

    /** What is looked at of a line, in octets. */
    static final int MAX_LINE = 8 * 1024;

    private static final int FIRST_LINE = 128;

    /** What is kept of a reply, in lines. */
    static final int MAX_LINES = 256;

    /** What is kept of a line's text, in characters. */
    static final int MAX_TEXT = 1000;

    /** A finished step of decoding. */
    sealed interface Decoded {}

    record Reply(SmtpReply reply) implements Decoded {}

    /** @param why a clause that continues "the server sent ..." */
    record Malformed(String why) implements Decoded {}

    /** Grows with the longest line so far: most servers never say more than the first size holds, and sessions are many. */
    private byte[] line = new byte[FIRST_LINE];

    private int length;
    private int total;
    private int code;
    private final List<String> texts = new ArrayList<>();

    /** Whether a reply has begun and not ended. */
    boolean isMidReply() {
        return length > 0 || !texts.isEmpty();
    }

    /** Reads up to the end of one reply; empty if it takes more bytes than {@code in} has. */
    Optional<Decoded> next(ByteBuf in) {
        while (in.isReadable()) {
            // RFC 5321 2.3.8 wants CRLF. A lone LF ends a line too: here it can smuggle nothing, and some servers do
            // it.
            int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            int take = (end < 0 ? in.writerIndex() : end) - in.readerIndex();
            total += take + 1;
            if (total > MAX_REPLY) {
                return malformed("more than " + MAX_REPLY + " octets");
            }
            int kept = Math.min(take, MAX_LINE - length);
            if (length + kept > line.length) {
                line = Arrays.copyOf(line, Math.min(MAX_LINE, Math.max(length + kept, 2 * line.length)));
            }
            in.readBytes(line, length, kept);
            in.skipBytes(take - kept);
            length += kept;
            if (end < 0) {
                return Optional.empty();
            }
            in.skipBytes(1);
            Optional<Decoded> done = endOfLine();
            if (done.isPresent()) {
                return done;
            }
        }
        return Optional.empty();
    }

    private Optional<Decoded> endOfLine() {
        int n = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        length = 0;
        if (n < 3 || !isDigit(line[0]) || !isDigit(line[1]) || !isDigit(line[2])) {
            return malformed("no reply code: " + shown(0, n));
        }
        int thisCode = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
        if (thisCode < 200 || thisCode > 599) {
            return malformed("a reply code out of 200 to 599: " + shown(0, n));
        }
        boolean more = n > 3 && line[3] == '-';
        if (n > 3 && !more && line[3] != ' ') {
            return malformed("neither space nor hyphen after the reply code: " + shown(0, n));
        }
        // RFC 5321 4.2.1: all lines have the same code. Where they differ within a class the last one counts, as
        // everywhere; "yes" and "no" in one reply is no reply.
        if (!texts.isEmpty() && thisCode / 100 != code / 100) {
            return malformed("a reply that says both " + code + " and " + thisCode);
        }
        code = thisCode;
        if (texts.size() < MAX_LINES) {
            texts.add(n > 4 ? text(4, n) : "");
        }
        if (more) {
            return Optional.empty();
        }
        SmtpReply reply = reply(code, texts);
        texts.clear();
        total = 0;
        return Optional.of(new Reply(reply));
    }

    /** RFC 2034 4: the enhanced code begins each line; it is taken off them. */
    private static SmtpReply reply(int code, List<String> texts) {
        Optional<EnhancedStatus> enhanced = Optional.empty();
        List<String> lines = new ArrayList<>(texts.size());
        for (String text : texts) {
            int space = text.indexOf(' ');
            Optional<EnhancedStatus> here = EnhancedStatus.parse(space < 0 ? text : text.substring(0, space));
            if (here.isPresent() && (enhanced.isEmpty() || enhanced.equals(here))) {
                enhanced = here;
                lines.add(space < 0 ? "" : text.substring(space + 1).strip());
            } else {
                lines.add(text);
            }
        }
        return SmtpReply.of(code, enhanced, lines);
    }

    /** RFC 6531 3.7.4.1 lets replies be UTF-8; control characters become spaces, so that a log line stays one line. */
    private String text(int from, int to) {
        String s = new String(line, from, to - from, StandardCharsets.UTF_8);
        StringBuilder b = new StringBuilder(Math.min(s.length(), MAX_TEXT));
        for (int i = 0; i < s.length() && b.length() < MAX_TEXT; i++) {
            char c = s.charAt(i);
            b.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return b.toString().strip();
    }

    private String shown(int from, int to) {
        return "\"" + text(from, Math.min(to, 80)) + "\"";
    }

    private static Optional<Decoded> malformed(String why) {
        return Optional.of(new Malformed(why));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
