package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The address stands in a sentence that says that delivery failed: IMail ("Unknown user: user@example.com"), DragonFly
 * ("There was an error delivering your mail to ..."), MailFoundry, Prodigy and the like.
 */
final class SentenceFamily implements TextFamily {

    @Override
    public String name() {
        return "sentence";
    }

    @Override
    public List<Finding> read(ReportText text, Mail mail) {
        OwnAddresses own = new OwnAddresses(mail);
        List<String> lines = text.lines();
        Findings out = new Findings();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.indexOf('@') < 0 || isHeaderEcho(line)) {
                continue;
            }
            String context =
                    (i > 0 ? lines.get(i - 1) + " " : "") + line + (i + 1 < lines.size() ? " " + lines.get(i + 1) : "");
            String lower = context.toLowerCase(Locale.ROOT);
            if (!BouncePhrases.FAILURE.in(lower)
                    && !BouncePhrases.REASON.in(lower)
                    && !BouncePhrases.DELAY.in(lower)
                    && !BouncePhrases.ABOUT_RECIPIENT.in(lower)
                    && DeliverySpeech.of(lower) == 0) {
                continue;
            }
            for (Addresses.Found f : Addresses.find(line)) {
                if (!own.has(f.address())) {
                    out.add(f.address(), "");
                }
            }
        }
        String words = String.join(" ", lines).strip();
        List<Finding> found = out.list();
        if (found.size() == 1) {
            return List.of(found.get(0).withText(words));
        }
        List<Finding> each = new ArrayList<>();
        for (Finding f : found) {
            each.add(f.withText(wordsNear(lines, f.address())));
        }
        return each;
    }

    private static String wordsNear(List<String> lines, EmailAddress address) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).toLowerCase(Locale.ROOT).contains(address.key())) {
                for (int j = i; j < lines.size() && j < i + 4; j++) {
                    // "... for the following reason:", a blank line, the reason.
                    if (lines.get(j).isBlank() && !lines.get(j - 1).endsWith(":")) {
                        break;
                    }
                    b.append(lines.get(j).strip()).append(' ');
                }
            }
        }
        return b.toString().strip();
    }

    /** A line that repeats a header field of the returned mail. */
    private static boolean isHeaderEcho(String line) {
        String s = line.strip();
        return s.regionMatches(true, 0, "From:", 0, 5)
                || s.regionMatches(true, 0, "MAIL FROM:", 0, 10)
                || s.regionMatches(true, 0, "Message-ID:", 0, 11)
                || s.regionMatches(true, 0, "Sender:", 0, 7)
                || s.regionMatches(true, 0, "Reply-To:", 0, 9)
                || s.regionMatches(true, 0, "Subject:", 0, 8);
    }
}
