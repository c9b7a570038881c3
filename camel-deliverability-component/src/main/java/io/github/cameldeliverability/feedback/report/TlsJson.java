package io.github.cameldeliverability.feedback.report;

import io.github.cameldeliverability.mail.TlsReport;
import io.github.cameldeliverability.mail.TlsReport.Failure;
import io.github.cameldeliverability.mail.TlsReport.PolicyResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads SMTP TLS reports (RFC 8460 4.4). Single values where a list belongs, and numbers in quotes, are taken too. */
final class TlsJson {

    private TlsJson() {}

    static TlsReport read(byte[] octets) throws UnreadableReport {
        String text = new String(octets, StandardCharsets.UTF_8);
        Map<?, ?> root = object(JsonReader.read(text.startsWith("\ufeff") ? text.substring(1) : text));
        if (!root.containsKey("policies")) {
            throw new UnreadableReport("JSON that is no TLS report");
        }
        Map<?, ?> dates = object(root.get("date-range"));
        List<PolicyResult> policies = new ArrayList<>();
        for (Object p : list(root.get("policies"))) {
            policies.add(policy(object(p)));
        }
        return new TlsReport(
                text(root, "organization-name"),
                text(root, "contact-info"),
                text(root, "report-id"),
                StatedValue.instant(text(dates, "start-datetime")),
                StatedValue.instant(text(dates, "end-datetime")),
                policies);
    }

    private static PolicyResult policy(Map<?, ?> p) {
        Map<?, ?> policy = object(p.get("policy"));
        Map<?, ?> summary = object(p.get("summary"));
        List<Failure> failures = new ArrayList<>();
        for (Object f : list(p.get("failure-details"))) {
            failures.add(failure(object(f)));
        }
        // RFC 8460 4.4 names the field mx-host; its example and some reporters say mx-host-pattern.
        List<String> hosts = texts(policy.get("mx-host"));
        return new PolicyResult(
                text(policy, "policy-type"),
                texts(policy.get("policy-string")),
                text(policy, "policy-domain"),
                hosts.isEmpty() ? texts(policy.get("mx-host-pattern")) : hosts,
                StatedValue.count(text(summary, "total-successful-session-count")),
                StatedValue.count(text(summary, "total-failure-session-count")),
                failures);
    }

    private static Failure failure(Map<?, ?> f) {
        return new Failure(
                text(f, "result-type"),
                text(f, "sending-mta-ip"),
                text(f, "receiving-mx-hostname"),
                text(f, "receiving-mx-helo"),
                text(f, "receiving-ip"),
                StatedValue.count(text(f, "failed-session-count")),
                text(f, "additional-information"),
                text(f, "failure-reason-code"));
    }

    private static Map<?, ?> object(Object value) {
        return value instanceof Map<?, ?> m ? m : Map.of();
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> l ? l : value == null ? List.of() : List.of(value);
    }

    private static String text(Map<?, ?> map, String name) {
        Object value = map.get(name);
        return value == null || value instanceof Map || value instanceof List
                ? ""
                : value.toString().strip();
    }

    private static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        for (Object o : list(value)) {
            if (o instanceof String s) {
                texts.add(s.strip());
            }
        }
        return texts;
    }
}
