package io.github.cameldeliverability.feedback;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A mail after the MIME walk.
 *
 * @param header of the mail itself
 * @param type its media type in lower case
 * @param reportType the report-type parameter in lower case (RFC 6522 3), or the empty text
 * @param parts in order
 * @param subject decoded, possibly empty
 */
record Mail(HeaderBlock header, String type, String reportType, List<Part> parts, String subject) {

    Mail {
        parts = List.copyOf(parts);
    }

    Mail(HeaderBlock header, String type, String reportType, List<Part> parts) {
        this(header, type, reportType, parts, EncodedWords.decode(header.text("subject")));
    }

    Optional<Part> firstPart(java.util.function.Predicate<Part> wanted) {
        return parts.stream().filter(p -> p.level() == 0 && wanted.test(p)).findFirst();
    }

    /**
     * A gateway may wrap a report, whole, into a mail without words of its own. Then the carried mail is the one to read.
     */
    Mail unwrapped() {
        boolean words = parts.stream()
                .anyMatch(p -> p.level() == 0 && !p.isOriginal() && !p.type().equals("text/x-outside"));
        Optional<Part> carried = firstPart(p -> p.type().equals("message/rfc822"));
        boolean repeats = carried.isPresent()
                && !subject().isBlank()
                && EncodedWords.decode(carried.get().header().text("subject")).equals(subject());
        if (carried.isEmpty()
                || (words && !repeats)
                || firstPart(Part::isStatus).isPresent()) {
            return this;
        }
        String contentType = carried.get().header().text("content-type");
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/report")) {
            return this;
        }
        List<Part> inner = parts.stream()
                .filter(p -> p.level() > 0)
                .map(p -> new Part(p.type(), p.header(), p.text(), p.level() - 1))
                .toList();
        return new Mail(
                carried.get().header(), "multipart/report", MimeWalk.parameter(contentType, "report-type"), inner);
    }

    /** Whether a header field contains a text, both in lower case. */
    boolean says(String field, String lowerText) {
        for (String v : header.all(field)) {
            if (v.toLowerCase(Locale.ROOT).contains(lowerText)) {
                return true;
            }
        }
        return false;
    }
}
