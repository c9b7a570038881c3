package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.SmtpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of an SMTP reply of one or several lines (RFC 5321 4.2.1), as it stands in a log. */
final class SmtpReplyText {

    private static final int MAX_LENGTH = 8 * 1024;

    private static final Pattern LINE = Pattern.compile("([2-5][0-9]{2})(?:[ -](.*))?");

    private SmtpReplyText() {}

    /** @return empty where the text is anything else, such as a mail */
    static Optional<SmtpReply> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String code = null;
        Optional<EnhancedStatus> enhanced = Optional.empty();
        List<String> lines = new ArrayList<>();
        for (String line : text.strip().split("\\R")) {
            Matcher m = LINE.matcher(line.strip());
            if (!m.matches() || (code != null && !code.equals(m.group(1)))) {
                return Optional.empty();
            }
            SmtpReply one = SmtpReply.parse(line.strip().replaceFirst("^([0-9]{3})-", "$1 "))
                    .orElse(null);
            if (one == null) {
                return Optional.empty();
            }
            code = m.group(1);
            // RFC 2034 4: each line repeats the enhanced code.
            enhanced = enhanced.or(one::enhanced);
            lines.add(one.text());
        }
        return code == null ? Optional.empty() : Optional.of(SmtpReply.of(Integer.parseInt(code), enhanced, lines));
    }
}
