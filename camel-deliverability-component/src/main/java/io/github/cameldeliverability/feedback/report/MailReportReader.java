package io.github.cameldeliverability.feedback.report;

import io.github.cameldeliverability.mail.MailReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Reads reports about our mail: a file of XML or JSON, packed with gzip or zip or not, or a mail with any number of them.
 *
 * <p>The octets tell what they are; file names and media types are not relied on. Nothing that they contain makes it
 * throw, no XML entity is ever resolved, and {@link ReportLimits} bound work and memory. Immutable and thread-safe.
 *
 * <p>RFC 5965, 6591, 7489, 8460, 9990.
 */
public final class MailReportReader {

    private final ReportLimits limits;

    public MailReportReader() {
        this(ReportLimits.DEFAULT);
    }

    public MailReportReader(ReportLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** The reports in a file or mail. */
    public ReadReports read(byte[] content) {
        return read(content, "");
    }

    /** The reports in a file or mail; its name is repeated in faults. */
    public ReadReports read(byte[] content, String fileName) {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(fileName, "fileName");
        Reading reading = new Reading(limits);
        boolean cut = content.length > limits.inputBytes();
        reading.open(new Content(fileName, cut ? Arrays.copyOf(content, limits.inputBytes()) : content), 0);
        if (cut && reading.reports.isEmpty()) {
            reading.faults.add(new ReportFault(fileName, "larger than " + limits.inputBytes() + " bytes"));
        }
        return new ReadReports(reading.reports, reading.faults);
    }

    /** One reading: what was found so far, and what may still be unpacked. */
    private static final class Reading {

        private final ReportLimits limits;
        private final Unpacker unpacker;
        private final List<MailReport> reports = new ArrayList<>();
        private final List<ReportFault> faults = new ArrayList<>();

        Reading(ReportLimits limits) {
            this.limits = limits;
            this.unpacker = new Unpacker(limits);
        }

        void open(Content c, int level) {
            if (level > limits.nesting()) {
                faults.add(new ReportFault(c.name(), "packed more than " + limits.nesting() + " times"));
                return;
            }
            try {
                switch (c.shape()) {
                    // RFC 7489 7.2.1.1 and RFC 8460 3 ask for gzip; zip is what the largest reporters send.
                    case GZIP -> open(unpacker.gunzip(c), level + 1);
                    case ZIP -> unpacker.unzip(c).forEach(f -> open(f, level + 1));
                    case XML -> reports.add(AggregateXml.read(c.octets(), limits));
                    case JSON -> reports.add(TlsJson.read(c.octets()));
                    case MAIL -> mail(c, level);
                    case EMPTY -> throw new UnreadableReport("empty");
                }
            } catch (UnreadableReport e) {
                faults.add(new ReportFault(c.name(), e.getMessage()));
            }
        }

        private void mail(Content c, int level) throws UnreadableReport {
            ReportMail mail = ReportMail.read(c.octets(), limits.entries());
            List<MailReport> feedback = FeedbackFields.read(mail);
            if (!feedback.isEmpty()) {
                reports.addAll(feedback);
                return;
            }
            List<Content> attached = mail.attachments();
            if (attached.isEmpty()) {
                throw new UnreadableReport("no report");
            }
            attached.forEach(a -> open(a, level + 1));
        }
    }
}
