package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is left of the mail that a report speaks of.
 *
 * @param header its header, possibly empty
 */
record OriginalMail(HeaderBlock header) {

    /** The returned message or its header as a part, else what stands in the text after the marker. */
    static OriginalMail of(Mail mail, ReportText text, int fieldLimit) {
        for (Part p : mail.parts()) {
            if (p.level() == 0 && p.isOriginal()) {
                HeaderBlock h = p.type().equals("message/rfc822")
                        ? p.header()
                        : HeaderBlock.parse(afterBlanks(p.lines()), 0, fieldLimit);
                if (!h.isEmpty()) {
                    return new OriginalMail(h);
                }
            }
        }
        return new OriginalMail(text.originalHeader(fieldLimit));
    }

    private static List<String> afterBlanks(List<String> lines) {
        int i = 0;
        while (i < lines.size() && lines.get(i).isBlank()) {
            i++;
        }
        return lines.subList(i, lines.size());
    }

    /** Its Message-ID with angle brackets. */
    Optional<String> messageId() {
        String v = header.text("message-id");
        int open = v.indexOf('<');
        int close = v.indexOf('>', open + 1);
        return open >= 0 && close > open ? Optional.of(v.substring(open, close + 1)) : Optional.empty();
    }

    /** To, Cc and delivery addresses, the ones set by mail systems first. */
    List<EmailAddress> recipients() {
        return addresses(header, List.of("x-original-to", "delivered-to", "x-rcpt-to", "envelope-to", "to", "cc"));
    }

    Optional<EmailAddress> listUnsubscribe() {
        String v = header.text("list-unsubscribe");
        int mailto = v.toLowerCase(Locale.ROOT).indexOf("mailto:");
        if (mailto < 0) {
            return Optional.empty();
        }
        String rest = v.substring(mailto + 7);
        int end = 0;
        while (end < rest.length() && "?>,".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return Addresses.first(rest.substring(0, end));
    }

    /** Addresses that may carry a token of ours: where the report was delivered, then the original's sender fields. */
    static List<EmailAddress> returnedTo(Mail mail, OriginalMail original) {
        List<EmailAddress> all = addresses(
                mail.header(), List.of("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to"));
        for (EmailAddress a :
                addresses(original.header(), List.of("return-path", "x-envelope-from", "errors-to", "sender"))) {
            addOnce(all, a);
        }
        return all;
    }

    private static List<EmailAddress> addresses(HeaderBlock header, List<String> names) {
        List<EmailAddress> out = new ArrayList<>();
        for (String name : names) {
            for (String v : header.all(name)) {
                for (EmailAddress a : Addresses.all(v)) {
                    if (out.size() < 100) {
                        addOnce(out, a);
                    }
                }
            }
        }
        return out;
    }

    private static void addOnce(List<EmailAddress> list, EmailAddress a) {
        for (EmailAddress x : list) {
            if (x.equals(a)) {
                return;
            }
        }
        list.add(a);
    }
}
