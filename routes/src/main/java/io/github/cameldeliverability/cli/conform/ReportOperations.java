package io.github.cameldeliverability.cli.conform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.feedback.report.MailReportReader;
import io.github.cameldeliverability.feedback.report.ReadReports;
import io.github.cameldeliverability.mail.ComplaintReport;
import io.github.cameldeliverability.mail.DmarcAggregate;
import io.github.cameldeliverability.mail.DmarcFailure;
import io.github.cameldeliverability.mail.MailReport;
import io.github.cameldeliverability.mail.ReportFields;
import io.github.cameldeliverability.mail.TlsReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code report.parse}. */
final class ReportOperations {

    private final MailReportReader reader = new MailReportReader();

    void parse(JsonNode request, ObjectNode reply) {
        byte[] content;
        try {
            content = request.path("content").binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException("field content is not base64", e);
        }
        ReadReports read = reader.read(
                content == null ? new byte[0] : content,
                request.path("fileName").asText(""));
        Optional<MailReport> report = read.first();
        if (report.isEmpty()) {
            reply.put("error", read.faults().stream().map(Object::toString).collect(Collectors.joining("; ")));
            return;
        }
        reply.put("kind", report.get().kind());
        if (report.get() instanceof DmarcAggregate a) {
            aggregate(a, reply);
        } else if (report.get() instanceof TlsReport t) {
            tls(t, reply);
        } else if (report.get() instanceof DmarcFailure f) {
            fields(f.fields(), reply);
        } else if (report.get() instanceof ComplaintReport c) {
            fields(c.fields(), reply);
        }
    }

    private static void aggregate(DmarcAggregate a, ObjectNode reply) {
        put(reply, "orgName", a.orgName());
        put(reply, "email", a.email());
        put(reply, "reportId", a.reportId());
        put(reply, "begin", a.begin());
        put(reply, "end", a.end());
        put(reply, "domain", a.policy().domain());
        put(reply, "p", a.policy().p());
        put(reply, "sp", a.policy().sp());
        put(reply, "np", a.policy().np());
        put(reply, "adkim", a.policy().adkim());
        put(reply, "aspf", a.policy().aspf());
        put(reply, "pct", a.policy().pct());
        reply.put("complete", a.complete());
        reply.put("records", a.rows().size());
        reply.put("messages", a.totals().messages());
        ArrayNode rows = reply.putArray("rows");
        for (DmarcAggregate.Row r : a.rows()) {
            ObjectNode row = rows.addObject();
            put(row, "sourceIp", r.sourceIp());
            row.put("count", r.count());
            put(row, "disposition", r.disposition());
            put(row, "dkim", r.dkim());
            put(row, "spf", r.spf());
            put(row, "headerFrom", r.headerFrom());
            put(row, "envelopeFrom", r.envelopeFrom());
            put(row, "envelopeTo", r.envelopeTo());
        }
    }

    private static void tls(TlsReport t, ObjectNode reply) {
        put(reply, "orgName", t.orgName());
        put(reply, "reportId", t.reportId());
        put(reply, "begin", t.begin());
        put(reply, "end", t.end());
        put(reply, "domain", t.domain().orElse(""));
        reply.put("policies", t.policies().size());
        reply.put("successful", t.successful());
        reply.put("failed", t.failed());
        reply.put(
                "failureDetails",
                t.policies().stream().mapToInt(p -> p.failures().size()).sum());
    }

    /** As stated, comments and angle brackets included. */
    private static void fields(ReportFields f, ObjectNode reply) {
        put(reply, "feedbackType", f.feedbackType());
        put(reply, "userAgent", f.first("user-agent").orElse(""));
        put(reply, "version", f.first("version").orElse(""));
        put(reply, "sourceIp", f.first("source-ip").orElse(""));
        put(reply, "originalMailFrom", f.first("original-mail-from").orElse(""));
        put(
                reply,
                "originalRcptTo",
                f.first("original-rcpt-to")
                        .or(() -> f.first("removal-recipient"))
                        .orElse(""));
        put(reply, "reportedDomain", f.first("reported-domain").orElse(""));
        put(reply, "authFailure", f.first("auth-failure").orElse(""));
        put(reply, "deliveryResult", f.first("delivery-result").orElse(""));
        put(
                reply,
                "arrivalDate",
                f.first("arrival-date").or(() -> f.first("received-date")).orElse(""));
    }

    private static void put(ObjectNode node, String name, String value) {
        if (!value.isEmpty()) {
            node.put(name, value);
        }
    }

    private static void put(ObjectNode node, String name, Optional<Instant> time) {
        time.ifPresent(t -> node.put(name, t.getEpochSecond()));
    }
}
