package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads free text as evidence: one line of a log, {@code 550 5.1.1 no such user}, or the diagnostic of a DSN (RFC 3464
 * 2.3.6), {@code smtp; 550-5.1.1 ...} or {@code X-Postfix; host mx said: 550 5.1.1 ... (in reply to RCPT TO command)}.
 * Where a relay quotes another server, the quotation counts. Never fails: what is not found stays empty.
 */
public final class ReplyText {

    private static final int MAX_INPUT = 8192;

    /** A quotation shorter than this says too little; the relay's own words are then kept. */
    private static final int MIN_QUOTATION = 6;

    private static final String CODE = "([45]\\d\\d)(?![\\d.]|[A-Za-z])";
    private static final String ENHANCED = "(?:[-\\s,:#('\"]{0,4}([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.]*\\d)\\)?)?";

    private static final Pattern DIAGNOSTIC_TYPE = Pattern.compile("^\\s*([A-Za-z][A-Za-z0-9-]{1,40})\\s*;\\s*");
    private static final Pattern POSITIVE = Pattern.compile("^\\s{0,4}([23]\\d\\d)(?![\\d.]|[A-Za-z])[- ]?");
    private static final Pattern AT_START = Pattern.compile("^[\\s\"'#<(]{0,4}" + CODE + ENHANCED);
    /** A greeting in front of the refusal, {@code 220-mx 421 4.2.1 ...}. */
    private static final Pattern AFTER_POSITIVE = Pattern.compile("^[^\\s]{0,80}\\s" + CODE + ENHANCED);
    /** {@code said: 550}, {@code returned '550}, {@code -> 550}, {@code <<< 550}. */
    private static final Pattern QUOTED =
            Pattern.compile("(?i)(?:\\bsaid|\\bsays|\\bresponded|\\breplied|\\breturned|\\bresponse|\\breply|\\berror"
                    + "|\\bwas|->|>>>|<<<)[^\\w\\r\\n]{1,4}" + CODE + ENHANCED);
    /** IronPort's bounces: {@code 5.1.0 - Unknown address error 550-'5.1.1 ...' (delivery attempts: 0)}. */
    private static final Pattern IRONPORT =
            Pattern.compile("^\\s{0,4}[45]\\.\\d\\.\\d - [^0-9]{1,60}" + CODE + ENHANCED);

    private static final Pattern ENHANCED_AT_START =
            Pattern.compile("^[\\s\"'#<(]{0,4}([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.]*\\d)\\)?");
    private static final Pattern IN_REPLY_TO =
            Pattern.compile("(?i)\\(?in reply to (?:the )?(end of data|[a-z]{4,8})[^)]{0,20}\\)?");

    private ReplyText() {}

    /** Reads a text whose codes, if it has any, stand in it. */
    public static ReplyEvidence parse(String text) {
        return parse(text, Optional.empty());
    }

    /**
     * Reads a diagnostic.
     *
     * @param status the Status field of the same recipient, taken where the text states no enhanced code itself
     */
    public static ReplyEvidence parse(String text, Optional<EnhancedStatus> status) {
        String all = text.length() > MAX_INPUT ? text.substring(0, MAX_INPUT) : text;
        Matcher type = DIAGNOSTIC_TYPE.matcher(all);
        String body = all;
        if (type.find()) {
            body = all.substring(type.end());
            if (type.group(1).equalsIgnoreCase("x-unix") && body.strip().matches("\\d{1,3}")) {
                body = "exit status " + body.strip();
            }
        }
        Optional<SmtpPhase> phase = Optional.empty();
        Matcher reply = IN_REPLY_TO.matcher(body);
        if (reply.find()) {
            phase = phaseOf(reply.group(1));
            body = body.substring(0, reply.start()) + " " + body.substring(reply.end());
        }
        return codes(body, status, phase);
    }

    private static ReplyEvidence codes(String body, Optional<EnhancedStatus> status, Optional<SmtpPhase> phase) {
        Matcher m = AT_START.matcher(body);
        if (m.find()) {
            return evidence(m.group(1), m.group(2), status, phase, body.substring(m.end()));
        }
        m = POSITIVE.matcher(body);
        if (m.find()) {
            Matcher after = AFTER_POSITIVE.matcher(body);
            return after.find()
                    ? evidence(after.group(1), after.group(2), status, phase, body.substring(after.end()))
                    : evidence(m.group(1), null, status, phase, body.substring(m.end()));
        }
        for (Pattern quotation : new Pattern[] {QUOTED, IRONPORT}) {
            m = quotation.matcher(body);
            if (m.find()) {
                String quoted = body.substring(m.end()).strip();
                String words = quoted.length() < MIN_QUOTATION ? quoted + " " + body.substring(0, m.start()) : quoted;
                return evidence(m.group(1), m.group(2), status, phase, words);
            }
        }
        m = ENHANCED_AT_START.matcher(body);
        return m.find()
                ? evidence(null, m.group(1), status, phase, body.substring(m.end()))
                : evidence(null, null, status, phase, body);
    }

    private static Optional<SmtpPhase> phaseOf(String command) {
        return switch (command.toLowerCase(Locale.ROOT)) {
            case "end of data" -> Optional.of(SmtpPhase.DOT);
            case "data" -> Optional.of(SmtpPhase.DATA);
            case "rcpt" -> Optional.of(SmtpPhase.RCPT);
            case "mail" -> Optional.of(SmtpPhase.MAIL);
            case "helo", "ehlo" -> Optional.of(SmtpPhase.EHLO);
            case "starttls" -> Optional.of(SmtpPhase.STARTTLS);
            default -> Optional.empty();
        };
    }

    private static ReplyEvidence evidence(
            String code, String enhanced, Optional<EnhancedStatus> status, Optional<SmtpPhase> phase, String text) {
        Optional<EnhancedStatus> own = Optional.ofNullable(enhanced).flatMap(EnhancedStatus::parse);
        int skip = 0;
        while (skip < text.length() && (text.charAt(skip) == '-' || Character.isWhitespace(text.charAt(skip)))) {
            skip++;
        }
        return new ReplyEvidence(
                Optional.ofNullable(code).map(Integer::valueOf),
                own.or(() -> status),
                phase,
                Optional.empty(),
                text.substring(skip).strip());
    }
}
