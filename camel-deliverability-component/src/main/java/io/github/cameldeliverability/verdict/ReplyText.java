package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.ReplyEvidence;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads free text as evidence: one line of a log, {@code 550 5.1.1 no such user}, or the diagnostic of a DSN (RFC 3464
 * 2.3.6), {@code smtp; 550-5.1.1 ...} or {@code X-Postfix; host mx said: 550 5.1.1 ... (in reply to RCPT TO command)}.
 * Never fails: what is not found stays empty.
 */
public final class ReplyText {

    private static final int MAX_HEAD = 4096;

    private static final Pattern DIAGNOSTIC_TYPE = Pattern.compile("^\\s*[A-Za-z][A-Za-z0-9-]{1,40}\\s*;\\s*");
    private static final String CODE = "([245]\\d\\d)(?![\\d.]|[A-Za-z])";
    private static final String ENHANCED = "(?:[-\\s,:#(]{0,4}([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.]*\\d)\\)?)?";
    private static final Pattern AT_START = Pattern.compile("^[\\s\"'#<(]{0,4}" + CODE + ENHANCED);
    /** Where a relay quotes the other server: {@code said: 550}, {@code returned '550}, {@code -> 550}. */
    private static final Pattern QUOTED = Pattern.compile(
            "(?i)(?:\\bsaid|\\bsays|\\bresponded|\\breplied|\\breturned|\\bresponse|\\breply|\\berror|->|>>>|<<<)"
                    + "[^\\w\\r\\n]{1,4}" + CODE + ENHANCED);

    private static final Pattern ENHANCED_AT_START =
            Pattern.compile("^[\\s\"'#<(]{0,4}([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.]*\\d)\\)?");

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
        Matcher type = DIAGNOSTIC_TYPE.matcher(text);
        String body = type.find() ? text.substring(type.end()) : text;
        String head = body.length() > MAX_HEAD ? body.substring(0, MAX_HEAD) : body;
        Matcher m = AT_START.matcher(head);
        if (m.find()) {
            return evidence(m.group(1), m.group(2), status, body.substring(m.end()));
        }
        m = QUOTED.matcher(head);
        if (m.find()) {
            // The words before the quotation are the relay's, but they may tell more than the quotation does.
            return evidence(
                    m.group(1), m.group(2), status, body.substring(m.end()) + " " + body.substring(0, m.start()));
        }
        m = ENHANCED_AT_START.matcher(head);
        if (m.find()) {
            return evidence(null, m.group(1), status, body.substring(m.end()));
        }
        return evidence(null, null, status, body);
    }

    private static ReplyEvidence evidence(String code, String enhanced, Optional<EnhancedStatus> status, String text) {
        Optional<EnhancedStatus> own = Optional.ofNullable(enhanced).flatMap(EnhancedStatus::parse);
        int skip = 0;
        while (skip < text.length() && (text.charAt(skip) == '-' || Character.isWhitespace(text.charAt(skip)))) {
            skip++;
        }
        return new ReplyEvidence(
                Optional.ofNullable(code).map(Integer::valueOf),
                own.or(() -> status),
                Optional.empty(),
                Optional.empty(),
                text.substring(skip).strip());
    }
}
