package io.github.cameldeliverability.feedback;

import java.util.List;

/**
 * One leaf of a mail's MIME tree, or the header of a message that it carries.
 *
 * @param type media type in lower case, {@code text/plain}; {@code message/rfc822} for a carried message
 * @param header of the part; of the carried message where it is one
 * @param text the beginning of the content, decoded; empty where it is not text
 * @param level how many messages enclose it: 0 for a part of the mail itself
 */
record Part(String type, HeaderBlock header, String text, int level) {

    boolean isStatus() {
        // RFC 3464 2.1, RFC 6533 4: the internationalised twin has the same fields.
        return type.equals("message/delivery-status") || type.equals("message/global-delivery-status");
    }

    boolean isFeedbackReport() {
        return type.equals("message/feedback-report");
    }

    boolean isDisposition() {
        return type.equals("message/disposition-notification")
                || type.equals("message/global-disposition-notification");
    }

    /** Whether it is the returned message or its header (RFC 6522 3, RFC 6533 4). */
    boolean isOriginal() {
        return type.equals("message/rfc822")
                || type.equals("text/rfc822-headers")
                || type.equals("message/rfc822-headers")
                || type.equals("message/global")
                || type.equals("message/global-headers");
    }

    List<String> lines() {
        return text.lines().toList();
    }
}
