package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.List;
import java.util.Optional;

/** The "To:" line of a report that names its recipient nowhere else. */
final class EchoedRecipient {

    private EchoedRecipient() {}

    static Optional<EmailAddress> read(ReportText text) {
        for (String raw : text.lines()) {
            String line = raw.strip();
            if (line.regionMatches(true, 0, "To:", 0, 3)) {
                List<EmailAddress> all = Addresses.all(line);
                if (all.size() == 1) {
                    return Optional.of(all.get(0));
                }
            }
        }
        return Optional.empty();
    }
}
