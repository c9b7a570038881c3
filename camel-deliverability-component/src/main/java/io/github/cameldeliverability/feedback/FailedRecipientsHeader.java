package io.github.cameldeliverability.feedback;

import java.util.List;

/** The header field X-Failed-Recipients (Exim, Gmail), and with it the whole text as diagnostic. */
final class FailedRecipientsHeader implements TextFamily {

    @Override
    public String name() {
        return "x-failed-recipients";
    }

    @Override
    public List<Finding> read(ReportText text, Mail mail) {
        Findings out = new Findings();
        String words = String.join(" ", text.lines()).strip();
        for (String v : mail.header().all("x-failed-recipients")) {
            Addresses.all(v).forEach(a -> out.add(a, words));
        }
        return out.list();
    }
}
