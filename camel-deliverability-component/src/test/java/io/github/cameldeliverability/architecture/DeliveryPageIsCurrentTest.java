package io.github.cameldeliverability.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.delivery.RetryPolicy;
import io.github.cameldeliverability.delivery.RetryPolicy.Schedule;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.shaping.AdaptiveShaper;
import io.github.cameldeliverability.shaping.LimitSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables of retries and limits in {@code docs/delivery.md} are made from the code. {@code -Ddocs.update=true} rewrites
 * them.
 */
class DeliveryPageIsCurrentTest {

    private static final Path PAGE = Path.of("..", "docs", "delivery.md");

    @Test
    void tablesAreCurrent() throws IOException {
        String text = Files.readString(PAGE);
        String wanted = replaced(replaced(text, "retries", retries()), "limits", limits());
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(PAGE, wanted);
        } else {
            assertThat(text).as("run this test with -Ddocs.update=true").isEqualTo(wanted);
        }
    }

    private static String replaced(String text, String table, String content) {
        String begin = "<!-- " + table + ": made by DeliveryPageIsCurrentTest -->\n";
        String end = "<!-- end of " + table + " -->";
        assertThat(text).contains(begin).contains(end);
        return text.substring(0, text.indexOf(begin) + begin.length()) + content + text.substring(text.indexOf(end));
    }

    private static String retries() {
        RetryPolicy policy = RetryPolicy.defaults();
        Schedule fallback = policy.schedule(Reason.UNDEFINED);
        Map<Schedule, String> reasons = new LinkedHashMap<>();
        for (Reason reason : Reason.values()) {
            Schedule schedule = policy.schedule(reason);
            if (!schedule.equals(fallback)) {
                reasons.merge(schedule, "`" + reason.id() + "`", (a, b) -> a + ", " + b);
            }
        }
        StringBuilder b = new StringBuilder("| reason | pauses; the last one repeats | ends |\n|---|---|---|\n");
        reasons.forEach((schedule, names) -> b.append(row(names, schedule)));
        return b.append(row("all others", fallback)).toString();
    }

    private static String row(String reasons, Schedule s) {
        String pauses = s.delays().stream().map(DeliveryPageIsCurrentTest::span).collect(Collectors.joining(", "));
        String hints = s.honoursHints() ? "; or what the reply asks for, up to 1 h" : "";
        String end = s.maxAttempts() < Integer.MAX_VALUE
                ? "after " + s.maxAttempts() + " attempts: bounced"
                : s.longest().isZero() ? "`maxAge`: expired" : "after " + span(s.longest()) + ": expired";
        return "| " + reasons + " | " + pauses + hints + " | " + end + " |\n";
    }

    private static String span(Duration d) {
        long minutes = d.toMinutes();
        return minutes >= 60 && minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min";
    }

    private static String limits() throws IOException {
        Properties p = new Properties();
        try (InputStream in = AdaptiveShaper.class.getResourceAsStream("providers.properties")) {
            p.load(in);
        }
        LimitSettings d = LimitSettings.DEFAULTS;
        StringBuilder b = new StringBuilder("| provider | MX hosts below | connections | recipients a second |"
                + " messages a connection | recipients a transaction |\n|---|---|---|---|---|---|\n");
        b.append("| all others | | ")
                .append(d.connections().orElseThrow())
                .append(" | no limit | ")
                .append(d.messagesPerConnection().orElseThrow())
                .append(" | ")
                .append(d.recipientsPerTransaction().orElseThrow())
                .append(" |\n");
        TreeSet<String> names = p.stringPropertyNames().stream()
                .filter(key -> key.endsWith(".mx"))
                .map(key -> key.substring(0, key.length() - ".mx".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : names) {
            List<String> limits =
                    List.of("connections", "messagesPerSecond", "messagesPerConnection", "recipientsPerTransaction");
            b.append("| `").append(name).append("` | ").append(hosts(p.getProperty(name + ".mx")));
            limits.forEach(l -> b.append(" | ").append(p.getProperty(name + "." + l, "")));
            b.append(" |\n");
        }
        return b.toString();
    }

    private static String hosts(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.joining(", "));
    }
}
