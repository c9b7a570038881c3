package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Setting;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the kamelet of a system: its settings and the options of all sinks as properties, around a {@link CrmSink}. So a
 * description in YAML is all that a new system needs.
 */
public final class KameletText {

    private record Option(String name, String title, String description, String type, String preset) {}

    private static final List<Option> OPTIONS = List.of(
            new Option(
                    "name",
                    "Name",
                    "The name under which is remembered what was written; the system's name if not given. Two accounts of one"
                            + " system need two names.",
                    "string",
                    null),
            new Option(
                    "state",
                    "State",
                    "Where that is remembered, and tokens are kept: a file, or the name of a DataSource bean.",
                    "string",
                    "deliverability-crm.db"),
            new Option(
                    "deadLetters",
                    "Dead letters",
                    "The endpoint that gets what the system refuses for good, as JSON with the reason; if not given a file"
                            + " NAME.ndjson in deliverability-dead-letters.",
                    "string",
                    null),
            new Option(
                    "dryRun",
                    "Dry run",
                    "Whether nothing is written and the calls are shown in the log, without secrets. Give the feed a consumer"
                            + " name of its own then: its position moves.",
                    "boolean",
                    "false"),
            new Option("probe", "Probe", "Whether rights and fields are checked at start.", "boolean", "true"),
            new Option("verify", "Verify", "Whether records are read back after a write.", "boolean", "true"),
            new Option(
                    "maxChanges",
                    "Most changes",
                    "How many records a batch may change; 0 for any number. A batch beyond it stops the feed and writes"
                            + " nothing.",
                    "integer",
                    "1000"),
            new Option(
                    "maxChangedPercent",
                    "Most changes in percent",
                    "How many of a batch's addresses may lead to a change, in percent.",
                    "integer",
                    "100"),
            new Option(
                    "maxRecordsPerAddress",
                    "Most records of an address",
                    "How many records may have the same address; more are left alone and go to the dead letters.",
                    "integer",
                    "25"),
            new Option(
                    "scopes",
                    "Scopes",
                    "The scopes whose entries are told, separated by commas, such as global,stream:marketing; all if not"
                            + " given.",
                    "string",
                    null),
            new Option(
                    "rate",
                    "Rate",
                    "Calls in a time, such as 5/s or 100/10s, instead of the system's usual limit.",
                    "string",
                    null),
            new Option(
                    "concurrency",
                    "Concurrency",
                    "Calls at the same time, instead of the system's usual limit.",
                    "integer",
                    "0"),
            new Option("timeout", "Timeout", "How long to wait for an answer.", "string", "30s"),
            new Option(
                    "giveUpAfter",
                    "Give up after",
                    "After which time a record that is refused for now again and again goes to the dead letters.",
                    "string",
                    "24h"));

    private static final Set<String> SOURCE_OPTIONS = Set.of("name", "state", "rate", "concurrency", "timeout");

    private KameletText() {}

    /** The content of {@code suppression-crm-sink.kamelet.yaml}, for systems that a user describes. */
    public static String anySink() {
        StringBuilder b = new StringBuilder();
        head(
                b,
                "suppression-crm-sink",
                "sink",
                "Suppression Sink of a described system",
                "Tells a system of the changes of a suppression list, by a description in YAML of your own. Its settings are"
                        + " Camel properties: deliverability.crm.SYSTEM.SETTING.");
        b.append("    required:\n      - system\n    properties:\n");
        property(
                b,
                "system",
                "System",
                "The description: file:PATH, classpath:PLACE, or the name of a built-in system.",
                "string",
                null,
                false,
                "file:crm/mine.yaml");
        template(b, "\"{{system}}\"", Map.of());
        return b.toString();
    }

    /** The content of {@code suppression-SYSTEM-sink.kamelet.yaml}. */
    public static String sink(SystemDescription system) {
        StringBuilder b = new StringBuilder();
        head(
                b,
                "suppression-" + system.system() + "-sink",
                "sink",
                system.title() + " Suppression Sink",
                description(system));
        required(b, system);
        b.append("    properties:\n");
        system.settings().forEach((name, s) -> setting(b, name, s));
        template(b, system.system(), system.settings());
        return b.toString();
    }

    /** The content of {@code suppression-SYSTEM-source.kamelet.yaml}. */
    public static String source(SystemDescription system) {
        StringBuilder b = new StringBuilder();
        head(
                b,
                "suppression-" + system.system() + "-source",
                "source",
                system.title() + " Suppression Source",
                "Reads from " + system.title() + " whom it does not mail, as a list of entries for"
                        + " suppression:LIST?operation=ADD: first all, later what is new where it can tell.");
        required(b, system);
        b.append("    properties:\n");
        system.settings().forEach((name, s) -> setting(b, name, s));
        property(b, "period", "Period", "How often it is read.", "string", "1h", false, null);
        property(b, "delay", "Delay", "After which time it is read first.", "string", "1s", false, null);
        List<Option> options =
                OPTIONS.stream().filter(o -> SOURCE_OPTIONS.contains(o.name())).toList();
        options.forEach(o -> property(b, o.name(), o.title(), o.description(), o.type(), o.preset(), false, null));
        b.append("  types:\n    out:\n      mediaType: application/x-java-object\n");
        dependencies(b, "camel:timer");
        bean(b, "source", "CrmSource", system.system(), options, system.settings());
        b.append("    from:\n      uri: timer:suppression-")
                .append(system.system())
                .append("-source\n");
        b.append("      parameters:\n        period: \"{{period}}\"\n        delay: \"{{delay}}\"\n      steps:\n");
        b.append("        - process:\n            ref: \"{{source}}\"\n        - to: kamelet:sink\n");
        return b.toString();
    }

    private static void required(StringBuilder b, SystemDescription system) {
        List<String> required = system.settings().entrySet().stream()
                .filter(s -> s.getValue().isRequired())
                .map(Map.Entry::getKey)
                .toList();
        if (!required.isEmpty()) {
            b.append("    required:\n");
            required.forEach(r -> b.append("      - ").append(r).append('\n'));
        }
    }

    private static void template(StringBuilder b, String system, Map<String, Setting> settings) {
        OPTIONS.forEach(o -> property(b, o.name(), o.title(), o.description(), o.type(), o.preset(), false, null));
        b.append("  types:\n    in:\n      mediaType: application/x-java-object\n");
        dependencies(b, null);
        bean(b, "sink", "CrmSink", system, OPTIONS, settings);
        b.append("    from:\n      uri: kamelet:source\n      steps:\n");
        b.append("        - process:\n            ref: \"{{sink}}\"\n");
    }

    private static void dependencies(StringBuilder b, String more) {
        b.append("  dependencies:\n    - \"camel:kamelet\"\n");
        if (more != null) {
            b.append("    - \"").append(more).append("\"\n");
        }
        b.append("    - \"mvn:io.github.cameldeliverability:camel-deliverability-routes\"\n");
    }

    private static void bean(
            StringBuilder b,
            String name,
            String type,
            String system,
            List<Option> options,
            Map<String, Setting> settings) {
        b.append("  template:\n    beans:\n      - name: ").append(name).append('\n');
        b.append("        type: \"#class:io.github.cameldeliverability.crm.")
                .append(type)
                .append("\"\n        properties:\n");
        b.append("          options.system: ").append(system).append('\n');
        for (Option o : options) {
            b.append("          options.")
                    .append(o.name())
                    .append(": \"{{")
                    .append(mark(o.preset()))
                    .append(o.name());
            b.append("}}\"\n");
        }
        settings.forEach((key, s) -> b.append("          settings.")
                .append(key)
                .append(": \"{{")
                .append(s.isRequired() ? "" : mark(s.preset()))
                .append(key)
                .append("}}\"\n"));
    }

    private static String mark(String preset) {
        return preset == null || preset.contains("${") ? "?" : "";
    }

    private static String description(SystemDescription system) {
        return "Tells " + system.title() + " of the changes of a suppression list."
                + (system.notes().isEmpty() ? "" : " " + String.join(" ", system.notes()));
    }

    private static void head(StringBuilder b, String name, String type, String title, String description) {
        b.append("# Made from the description of the system; see docs/crm.md.\n");
        b.append("apiVersion: camel.apache.org/v1\nkind: Kamelet\nmetadata:\n  name: ")
                .append(name)
                .append('\n');
        b.append("  annotations:\n    camel.apache.org/kamelet.support.level: \"Preview\"\n");
        b.append("    camel.apache.org/catalog.version: \"4.18.0\"\n");
        b.append("    camel.apache.org/provider: \"camel-deliverability\"\n");
        b.append(
                "    camel.apache.org/kamelet.group: \"CRM\"\n    camel.apache.org/kamelet.namespace: \"Deliverability\"\n");
        b.append("  labels:\n    camel.apache.org/kamelet.type: \"")
                .append(type)
                .append("\"\n");
        b.append("spec:\n  definition:\n    title: ").append(quote(title)).append('\n');
        b.append("    description: ").append(quote(description)).append("\n    type: object\n");
    }

    private static void setting(StringBuilder b, String name, Setting s) {
        String preset = s.preset() == null || s.preset().contains("${") ? null : s.preset();
        property(b, name, s.title(), s.description(), "string", preset, s.secret(), s.example());
    }

    private static void property(
            StringBuilder b,
            String name,
            String title,
            String description,
            String type,
            String preset,
            boolean secret,
            String example) {
        b.append("      ")
                .append(name)
                .append(":\n        title: ")
                .append(quote(title))
                .append('\n');
        b.append("        description: ")
                .append(quote(description))
                .append("\n        type: ")
                .append(type)
                .append('\n');
        if (preset != null && !preset.isEmpty()) {
            b.append("        default: ")
                    .append(type.equals("string") ? quote(preset) : preset)
                    .append('\n');
        }
        if (example != null) {
            b.append("        example: ").append(quote(example)).append('\n');
        }
        if (secret) {
            b.append("        format: password\n        x-descriptors:\n          - urn:camel:group:credentials\n");
        }
    }

    private static String quote(String s) {
        return "\"" + s.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
