/**
 * Reads reports about our mail, in whatever dress they come: DMARC aggregate and failure reports, SMTP TLS reports, and
 * the fields of feedback-loop reports; as a file, packed, or attached to a mail. Part of room {@code feedback}.
 *
 * <p>Start at {@link io.github.cameldeliverability.feedback.report.MailReportReader}: it tells what the octets are, opens
 * mails ({@code ReportMail}) and packed files ({@code Unpacker}, bounded), and hands what is inside to {@code
 * AggregateXml}, {@code TlsJson} or {@code FeedbackFields}. All of it was written by strangers: any octets give a result,
 * and what cannot be read is a {@link io.github.cameldeliverability.feedback.report.ReportFault}, never an exception.
 *
 * <p>Not here: what a recipient's complaint means for the address (the reader of the room itself), network, storage. The
 * JSON reader is of our own because this room may use nothing but the JDK and mime4j, and needs 100 lines of it.
 */
package io.github.cameldeliverability.feedback.report;
