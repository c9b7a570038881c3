package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The codes in a diagnostic, taken apart from its words: {@code smtp; 550-5.1.1 <a@b>... User unknown}.
 *
 * @param code the SMTP reply code, if one stands there
 * @param enhanced the enhanced status code, if one stands there
 * @param phase what the reply answered, if the text says so
 * @param words the text on one line, without report type and leading codes
 * @param before what the reporting system itself says before it quotes the reply
 */
record Diagnostic(
        Optional<Integer> code,
        Optional<EnhancedStatus> enhanced,
        Optional<SmtpPhase> phase,
        String words,
        String before) {

    private static final int MAX_TEXT = 2_000;

    static Diagnostic of(String text) {
        String s = oneLine(withoutType(text));
        Optional<Integer> code = Optional.empty();
        int codeAt = -1;
        for (int i = 0; i < s.length() && codeAt < 0; i++) {
            if (startsNumber(s, i)) {
                code = codeAt(s, i);
                codeAt = code.isPresent() ? i : -1;
            }
        }
        // A relay's own summary may stand in front ("5.1.0 - Unknown address error 550-'5.7.1 ...'"): the reply counts.
        Optional<EnhancedStatus> enhanced = firstEnhanced(s, Math.max(codeAt, 0));
        if (enhanced.isEmpty() && codeAt > 0) {
            enhanced = firstEnhanced(s, 0);
        }
        return new Diagnostic(code, enhanced, phase(s), words(s, codeAt), s.substring(0, Math.max(codeAt, 0)));
    }

    private static Optional<EnhancedStatus> firstEnhanced(String s, int from) {
        for (int i = from; i < s.length(); i++) {
            if (startsNumber(s, i)) {
                Optional<EnhancedStatus> e = enhancedAt(s, i);
                if (e.isPresent()) {
                    return e;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean startsNumber(String s, int i) {
        char c = s.charAt(i);
        return c >= '2' && c <= '5' && (i == 0 || !isWordChar(s.charAt(i - 1)));
    }

    private static boolean isWordChar(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '@' || c == '/' || c == '=';
    }

    /** {@code smtp;}, {@code X-Postfix;}: the diagnostic-type of RFC 3464 2.1.1. */
    private static String withoutType(String text) {
        String s = text.strip();
        int semicolon = s.indexOf(';');
        if (semicolon > 0 && semicolon < 20) {
            String type = s.substring(0, semicolon).strip();
            if (!type.isEmpty()
                    && type.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-')
                    && Character.isLetter(type.charAt(0))) {
                return s.substring(semicolon + 1);
            }
        }
        return s;
    }

    private static String oneLine(String text) {
        StringBuilder b = new StringBuilder(Math.min(text.length(), MAX_TEXT));
        boolean blank = false;
        for (int i = 0; i < text.length() && b.length() < MAX_TEXT; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0xa0) {
                blank = b.length() > 0;
            } else {
                if (blank) {
                    b.append(' ');
                    blank = false;
                }
                b.append(c);
            }
        }
        return b.toString();
    }

    /** A code of 4yz or 5yz that stands alone: not part of an address, a size, a date or an enhanced code. */
    private static Optional<Integer> codeAt(String s, int i) {
        if (i + 3 > s.length()
                || s.charAt(i) < '4'
                || s.charAt(i) > '5'
                || !digit(s, i + 1)
                || s.charAt(i + 1) > '7'
                || !digit(s, i + 2)) {
            return Optional.empty();
        }
        if (i + 3 < s.length()) {
            char after = s.charAt(i + 3);
            if (Character.isLetterOrDigit(after)
                    || after == '/'
                    || after == '%'
                    || after == '@'
                    || (after == '.' && i + 4 < s.length() && Character.isDigit(s.charAt(i + 4)))) {
                return Optional.empty();
            }
            // "550 bytes", "450 seconds": numbers of something.
            if (after == ' '
                    && (s.regionMatches(true, i + 4, "byte", 0, 4)
                            || s.regionMatches(true, i + 4, "second", 0, 6)
                            || s.regionMatches(true, i + 4, "mb", 0, 2)
                            || s.regionMatches(true, i + 4, "kb", 0, 2)
                            || s.regionMatches(true, i + 4, "messages", 0, 8))) {
                return Optional.empty();
            }
        }
        if (i > 0
                && (s.charAt(i - 1) == '-' || s.charAt(i - 1) == ':')
                && i > 1
                && Character.isLetterOrDigit(s.charAt(i - 2))
                && !s.regionMatches(true, Math.max(0, i - 5), "code", 0, 4)
                && s.charAt(i - 1) == '-') {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(s.substring(i, i + 3)));
    }

    private static Optional<EnhancedStatus> enhancedAt(String s, int i) {
        if (i + 4 >= s.length() || s.charAt(i) == '3' || s.charAt(i + 1) != '.') {
            return Optional.empty();
        }
        int j = i + 2;
        int subject = j;
        while (j < s.length() && digit(s, j)) {
            j++;
        }
        if (j == subject || j - subject > 3 || j >= s.length() || s.charAt(j) != '.') {
            return Optional.empty();
        }
        int detail = ++j;
        while (j < s.length() && digit(s, j)) {
            j++;
        }
        if (j == detail || j - detail > 3) {
            return Optional.empty();
        }
        // Four numbers are an IP address or a version.
        if (j < s.length()
                && ((s.charAt(j) == '.' && j + 1 < s.length() && digit(s, j + 1))
                        || Character.isLetter(s.charAt(j))
                        || s.charAt(j) == '/')) {
            return Optional.empty();
        }
        if (Integer.parseInt(s.substring(subject, detail - 1)) > 7) {
            return Optional.empty();
        }
        return EnhancedStatus.parse(s.substring(i, j));
    }

    private static boolean digit(String s, int i) {
        return i < s.length() && s.charAt(i) >= '0' && s.charAt(i) <= '9';
    }

    /** What follows the reply in the same line: remarks of the reporting system, not words of the reply. */
    private static final String[] REMARKS = {
        " Giving up on ",
        " I'm not going to try again",
        " (in reply to ",
        " (delivery attempts",
        " Giving up.",
        " [RCPT_TO]",
        " [MAIL_FROM]",
        " [DATA]"
    };

    /** The words of the reply itself where one is quoted, else the whole text. */
    private static String words(String s, int codeAt) {
        if (codeAt < 0) {
            int i = 0;
            if (enhancedAt(s, 0).isPresent()) {
                while (i < s.length() && s.charAt(i) != ' ') {
                    i++;
                }
            }
            return s.substring(i).strip();
        }
        int i = codeAt + 3;
        while (i < s.length() && " -:'\"#(".indexOf(s.charAt(i)) >= 0) {
            i++;
        }
        if (i < s.length() && enhancedAt(s, i).isPresent()) {
            while (i < s.length() && s.charAt(i) != ' ') {
                i++;
            }
        }
        int end = s.length();
        for (String remark : REMARKS) {
            int at = s.indexOf(remark, i);
            end = at >= 0 && at < end ? at : end;
        }
        String reply = i < end ? s.substring(i, end).strip() : "";
        // A reply without words: what the reporter says around it is all there is.
        boolean hasWords = reply.chars().filter(Character::isLetter).count() >= 4;
        return hasWords ? reply : s;
    }

    /** What a report says of the command that a reply answered; where it says several things, the first group counts. */
    private static final List<SmtpPhase> PHASES =
            List.of(SmtpPhase.RCPT, SmtpPhase.MAIL, SmtpPhase.DOT, SmtpPhase.DATA, SmtpPhase.GREETING, SmtpPhase.EHLO);

    private static final PhraseSet OF_PHASE = PhraseSet.ofGroups(List.of(
            List.of(
                    "in reply to rcpt to",
                    "after rcpt to",
                    "[rcpt_to]",
                    ">>> rcpt to",
                    "our rcpt to",
                    "following rcpt command",
                    "after rcpt command",
                    "to rcpt to command",
                    "response to rcpt",
                    "rcpt to response",
                    "for rcpt to",
                    "does not like recipient",
                    "(state 14)",
                    "smtp:rcpt host",
                    "sent <<< rcpt to",
                    "sent: rcpt to",
                    "rcpt to generated following"),
            List.of(
                    "in reply to mail from",
                    "after mail from",
                    "[mail_from]",
                    ">>> mail from",
                    "our mail from",
                    "but sender was rejected",
                    "sent: mail from"),
            List.of(
                    "in reply to end of data",
                    "after end of data",
                    "our final data",
                    "failed after i sent the message",
                    "after data",
                    "(state 17)",
                    "(state 18)",
                    "smtp command data",
                    ">>> data",
                    "[data]",
                    "after pipelined end of data",
                    "smtp:data"),
            List.of("in reply to data command"),
            List.of(
                    "after initial connection",
                    "refused to talk to me",
                    "during connection",
                    "while performing the initial"),
            List.of("but my name was rejected", "in reply to ehlo", "in reply to helo", "after ehlo", "after helo")));

    static Optional<SmtpPhase> phase(String s) {
        int groups = OF_PHASE.groupsIn(s.toLowerCase(Locale.ROOT));
        return groups == 0 ? Optional.empty() : Optional.of(PHASES.get(Integer.numberOfTrailingZeros(groups)));
    }

    /** As evidence for the verdict engine; {@code stated} is the Status field, which yields to a code in the text. */
    ReplyEvidence evidence(Optional<EnhancedStatus> stated, Optional<SmtpPhase> otherPhase) {
        Optional<EnhancedStatus> best = StatusChoice.moreTelling(stated, enhanced);
        Optional<SmtpPhase> known = phase.or(() -> otherPhase);
        boolean late =
                known.filter(p -> p == SmtpPhase.DOT || p == SmtpPhase.DATA).isPresent();
        if (late && best.filter(Caution::speaksOfAddress).isPresent()) {
            // A code that speaks of the address answers RCPT, wherever a pipelined transcript puts it.
            known = Optional.of(SmtpPhase.RCPT);
        }
        return new ReplyEvidence(code, best, known, Optional.empty(), words);
    }
}
