package io.github.cameldeliverability.feedback;

import java.util.List;
import java.util.Optional;

/** Status fields inside a text part: WorkMail's "Technical report", reports whose MIME structure was lost. */
final class InlineStatusFamily implements TextFamily {

    @Override
    public String name() {
        return "rfc3464-inline";
    }

    @Override
    public List<Finding> read(ReportText text, Mail mail) {
        List<String> all = text.lines();
        if (!DeliveryStatus.isIn(all)) {
            return List.of();
        }
        int first = 0;
        while (first < all.size() && !isField(all.get(first))) {
            first++;
        }
        return DeliveryStatus.parse(all.subList(Math.min(first, all.size()), all.size()))
                .findings(Optional.empty());
    }

    private static boolean isField(String line) {
        String s = line.startsWith("> ") ? line.substring(2) : line;
        return s.regionMatches(true, 0, "Reporting-MTA:", 0, 14)
                || s.regionMatches(true, 0, "Original-Recipient:", 0, 19)
                || s.regionMatches(true, 0, "Final-Recipient:", 0, 16)
                || s.regionMatches(true, 0, "Action:", 0, 7);
    }
}
