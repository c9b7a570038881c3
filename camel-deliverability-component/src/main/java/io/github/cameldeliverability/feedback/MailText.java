package io.github.cameldeliverability.feedback;

/** The text of a mail that is meant for people: its plain parts, or its HTML where there are none. */
final class MailText {

    private static final int MAX = 256 << 10;

    private MailText() {}

    static String of(Mail mail) {
        String plain = joined(mail, "text/plain");
        if (plain.length() > 40) {
            return plain;
        }
        String html = joined(mail, "text/html");
        if (!html.isBlank()) {
            return plain.isBlank() ? html : plain + "\n" + html;
        }
        String other = joined(mail, "text/x-outside") + joined(mail, "multipart/");
        return plain.isBlank() ? other : plain + "\n" + other;
    }

    private static String joined(Mail mail, String type) {
        StringBuilder b = new StringBuilder();
        for (Part p : mail.parts()) {
            if (p.level() == 0 && p.type().startsWith(type) && b.length() < MAX) {
                b.append(p.text()).append('\n');
            }
        }
        return b.toString();
    }
}
