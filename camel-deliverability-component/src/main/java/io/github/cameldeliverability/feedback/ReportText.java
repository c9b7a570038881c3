package io.github.cameldeliverability.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of the reporting system, cut off where the copy of the returned mail begins.
 *
 * @param lines of the report, without trailing blanks
 * @param lower the same in lower case as one line with single blanks, for phrases that wrap
 * @param rest the lines from the copy on; empty if the text holds none
 */
record ReportText(List<String> lines, String lower, List<String> rest) {

    private static final int MAX_LINES = 4_000;
    private static final int MAX_LOWER = 24 << 10;

    /** Words of the line that announces the copy. One of these and one of {@link #FOLLOWS} mark it. */
    private static final PhraseSet COPY = new PhraseSet(
            "original message",
            "original mail",
            "original-message",
            "message header",
            "returned mail",
            "returned message",
            "unsent message",
            "bounced e-mail",
            "bounced message",
            "bounced mail",
            "copy of the message",
            "copy of your message",
            "copy of your mail",
            "copy of the original",
            "header of the original",
            "headers of the original",
            "source mail",
            "your original message",
            "undelivered message",
            "your message reads",
            "the message headers",
            "message text follows",
            "message log follows below",
            "copy of the first part",
            "header and top",
            "headers follow",
            "copy of the mail",
            "message body",
            "mensaje original",
            "mensagem original",
            "message d'origine",
            "message original",
            "originalnachricht",
            "ursprüngliche nachricht",
            "originale messaggio",
            "messaggio originale",
            "исходное сообщение",
            "исходного сообщения",
            "копия сообщения",
            "копия письма",
            "копия вашего",
            "оригинал письма",
            "oryginalna wiadomość",
            "orijinal ileti",
            "原文",
            "元のメール",
            "元のメッセージ",
            "オリジナルメール",
            "원본 메시지",
            "original headers",
            "unzustellbare nachricht",
            "original mail info",
            "forwarded message",
            "copia del mensaje",
            "copie du message",
            "kopie der nachricht");

    private static final PhraseSet FOLLOWS = new PhraseSet(
            "follow",
            "below",
            "----",
            "attached",
            "is a copy",
            "is the copy",
            "copy of",
            "---",
            "reads",
            "here is",
            "included",
            "******",
            "====",
            "adjunto",
            "anexa",
            "ci-dessous",
            "ci-joint",
            "unten",
            "allegato",
            "segue",
            "ниже",
            "header of",
            "original message headers:",
            "bounced e-mail:",
            "第",
            "以下",
            "如下",
            "附");

    /** Sentences about the returned mail that announce nothing. */
    private static final PhraseSet SENTENCE = new PhraseSet(
            "your own text",
            "did not receive",
            "resend",
            "re-send",
            "not been delivered",
            "could not be",
            "not delivered",
            "following address",
            "following recipient",
            "was not");

    static ReportText of(String text) {
        List<String> lines = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        boolean cut = false;
        int n = 0;
        List<String> all = text.lines().limit(MAX_LINES).toList();
        for (String line : all) {
            boolean announced = !cut && n > 0 && announcesCopy(line, all.get(n - 1));
            if (!cut && (announced || beginsCopy(all, n))) {
                cut = true;
                if (!announced) {
                    rest.add(line);
                }
                n++;
                continue;
            }
            (cut ? rest : lines).add(stripEnd(line));
            n++;
        }
        return new ReportText(List.copyOf(lines), lower(lines), List.copyOf(rest));
    }

    private static String stripEnd(String line) {
        return line.stripTrailing();
    }

    private static String lower(List<String> lines) {
        StringBuilder b = new StringBuilder();
        for (String line : lines) {
            boolean blank = true;
            for (int i = 0; i < line.length() && b.length() < MAX_LOWER; i++) {
                char c = line.charAt(i);
                if (c == ' ' || c == '\t' || c == 0xa0 || c == 0x3000) {
                    blank = true;
                } else {
                    if (blank && b.length() > 0) {
                        b.append(' ');
                    }
                    blank = false;
                    b.append(Character.toLowerCase(c == 0x2019 ? '\'' : c));
                }
            }
            if (b.length() >= MAX_LOWER) {
                break;
            }
        }
        return b.toString();
    }

    private static boolean announcesCopy(String line, String before) {
        if (line.length() > 160 || line.isBlank() || line.indexOf('@') >= 0) {
            return false;
        }
        String lower = line.toLowerCase(Locale.ROOT).strip();
        // The announcement stands alone: ruled off, after a blank line, or ending in a colon; else it is a sentence.
        boolean alone = !Character.isLetterOrDigit(lower.charAt(0)) || before.isBlank() || lower.endsWith(":");
        return alone && COPY.in(lower) && FOLLOWS.in(lower) && !SENTENCE.in(lower);
    }

    /** Whether the returned header simply begins here, with no line to announce it. */
    private static boolean beginsCopy(List<String> lines, int i) {
        String line = unquoted(lines.get(i));
        if (!isTraceField(line)) {
            return false;
        }
        int fields = 0;
        for (int j = i; j < lines.size() && j < i + 12; j++) {
            String l = unquoted(lines.get(j));
            if (HeaderBlock.nameEnd(l) > 0 && fields++ >= 1) {
                return true;
            }
        }
        return line.startsWith("Received: ");
    }

    private static String unquoted(String line) {
        String s = line;
        if (s.startsWith(">")) {
            s = s.substring(1);
        }
        return s.stripLeading();
    }

    private static boolean isTraceField(String line) {
        return line.startsWith("Received: ")
                || line.startsWith("Received:from ")
                || line.startsWith("Return-Path: ")
                || line.startsWith("Return-path: ")
                || line.startsWith("DKIM-Signature: ")
                || line.startsWith("X-Received: ")
                || line.startsWith("ARC-Seal: ")
                || line.startsWith("X-Originating-IP: ")
                || line.startsWith("X-Google-DKIM-Signature: ")
                || line.startsWith("Delivered-To: ");
    }

    /** The header in the copy, if one can be read. */
    HeaderBlock originalHeader(int fieldLimit) {
        int from = 0;
        while (from < rest.size() && from < 60 && !looksLikeField(unquoted(rest.get(from)))) {
            from++;
        }
        if (from >= rest.size() || from >= 60) {
            return HeaderBlock.EMPTY;
        }
        List<String> header = new ArrayList<>();
        for (int i = from; i < rest.size() && header.size() < 600; i++) {
            String l = rest.get(i);
            String clean = l.startsWith("> ") ? l.substring(2) : l.startsWith(">") ? l.substring(1) : l;
            header.add(header.isEmpty() ? clean.stripLeading() : clean);
        }
        return HeaderBlock.parse(header, 0, fieldLimit);
    }

    private static boolean looksLikeField(String line) {
        int colon = HeaderBlock.nameEnd(line);
        if (colon < 2 || line.startsWith("http")) {
            return false;
        }
        return Character.isLetter(line.charAt(0));
    }
}
