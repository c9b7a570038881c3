package io.github.cameldeliverability.feedback.report;

import io.github.cameldeliverability.mail.DmarcAggregate;
import io.github.cameldeliverability.mail.DmarcAggregate.Policy;
import io.github.cameldeliverability.mail.DmarcAggregate.PolicyOverride;
import io.github.cameldeliverability.mail.DmarcAggregate.Row;
import io.github.cameldeliverability.mail.DmarcAggregate.Signature;
import io.github.cameldeliverability.mail.DmarcAggregate.SpfResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the elements of an aggregate report while they pass. Names come in lower case and without prefix. */
final class AggregateFields {

    private static final int MAX_LIST = 100;

    private final int maxRows;
    private final Map<String, String> metadata = new HashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, String> policy = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private boolean cut;

    private Map<String, String> row = new HashMap<>();
    private Map<String, String> result = new HashMap<>();
    private List<PolicyOverride> overrides = new ArrayList<>();
    private List<Signature> signatures = new ArrayList<>();
    private List<SpfResult> spfResults = new ArrayList<>();

    AggregateFields(int maxRows) {
        this.maxRows = maxRows;
    }

    int rows() {
        return rows.size();
    }

    /** Whether enough was seen to be of use: rows, or whose report about whom. */
    boolean isReport() {
        return !rows.isEmpty() || (metadata.containsKey("report_id") && policy.containsKey("domain"));
    }

    DmarcAggregate report(boolean whole) {
        return new DmarcAggregate(
                metadata.getOrDefault("org_name", ""),
                metadata.getOrDefault("email", ""),
                metadata.getOrDefault("extra_contact_info", ""),
                metadata.getOrDefault("report_id", ""),
                StatedValue.instant(metadata.getOrDefault("begin", "")),
                StatedValue.instant(metadata.getOrDefault("end", "")),
                errors,
                metadata.getOrDefault("generator", ""),
                new Policy(
                        policy("domain"),
                        policy("p"),
                        policy("sp"),
                        policy("np"),
                        policy("adkim"),
                        policy("aspf"),
                        policy("pct"),
                        policy("testing"),
                        policy("fo"),
                        policy("discovery_method")),
                rows,
                whole && !cut);
    }

    private String policy(String name) {
        return policy.getOrDefault(name, "");
    }

    void begin(String name, String parent) {
        if (name.equals("record")) {
            row = new HashMap<>();
            overrides = new ArrayList<>();
            signatures = new ArrayList<>();
            spfResults = new ArrayList<>();
        } else if (name.equals("reason") || parent.equals("auth_results")) {
            result = new HashMap<>();
        }
    }

    void end(String name, String parent, String grandparent, String value) {
        switch (parent) {
            case "report_metadata" -> {
                if (name.equals("error")) {
                    addTo(errors, value);
                } else {
                    keep(metadata, name, value);
                }
            }
            case "date_range" -> keep(metadata, name, value);
            case "policy_published" -> keep(policy, name, value);
            case "row", "policy_evaluated", "identifiers", "identities" -> inRow(name, value);
            case "reason" -> keep(result, name, value);
            case "auth_results" -> authResult(name);
            case "dkim", "spf" -> {
                if (grandparent.equals("auth_results")) {
                    keep(result, name, value);
                }
            }
            default -> {
                if (name.equals("record")) {
                    endOfRecord();
                }
            }
        }
    }

    private void inRow(String name, String value) {
        if (name.equals("reason")) {
            // Some reporters write an empty element where there is no reason.
            if (!result.isEmpty()) {
                addTo(overrides, new PolicyOverride(result("type"), result("comment")));
            }
        } else {
            keep(row, name, value);
        }
    }

    private void authResult(String name) {
        if (name.equals("dkim")) {
            addTo(
                    signatures,
                    new Signature(result("domain"), result("selector"), result("result"), result("human_result")));
        } else if (name.equals("spf")) {
            addTo(
                    spfResults,
                    new SpfResult(result("domain"), result("scope"), result("result"), result("human_result")));
        }
    }

    private void endOfRecord() {
        if (rows.size() >= maxRows) {
            cut = true;
            return;
        }
        rows.add(new Row(
                row("source_ip"),
                StatedValue.count(row("count")),
                row("disposition"),
                row("dkim"),
                row("spf"),
                overrides,
                row("header_from"),
                row("envelope_from"),
                row("envelope_to"),
                signatures,
                spfResults));
    }

    private String row(String name) {
        return row.getOrDefault(name, "");
    }

    private String result(String name) {
        return result.getOrDefault(name, "");
    }

    /** The first statement counts; an empty one says nothing. */
    private static void keep(Map<String, String> map, String name, String value) {
        if (!value.isEmpty()) {
            map.putIfAbsent(name, value);
        }
    }

    private static <T> void addTo(List<T> list, T value) {
        if (list.size() < MAX_LIST) {
            list.add(value);
        }
    }
}
