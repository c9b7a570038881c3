package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.CanonicalForm;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Adds the rows of a text to a list. A row that is not understood is reported with its number and does not stop the others;
 * the known columns are those of {@link SuppressionCsv#COLUMNS}, of which only {@code address} is needed. A CSV text without
 * a header line is a list of addresses.
 */
public final class SuppressionImport {

    private static final int MAX_REPORTED = 100;

    private final String list;
    private final SuppressionConfiguration configuration;
    private final SuppressionList suppressions;
    private final Clock clock;

    private final List<Suppression> pending = new ArrayList<>();
    private final List<String> rejected = new ArrayList<>();
    private final Set<CanonicalForm> canonical;
    private final LongConsumer progress;
    private int changed;
    private long rows;
    private long rejectedRows;

    /**
     * @param changed how many entries are new or stronger; with a dry run how many addresses would be new
     * @param rows how many rows there were
     * @param rejectedRows how many of them were not understood
     * @param rejected why, the first 100
     */
    public record Result(int changed, long rows, long rejectedRows, List<String> rejected) {}

    /**
     * @param configuration format, dryRun, limit, canonical; scope, kind, expireAfter for rows that do not say
     * @param progress told how many rows were handled, now and then
     */
    public SuppressionImport(
            String list,
            SuppressionConfiguration configuration,
            SuppressionList suppressions,
            Clock clock,
            LongConsumer progress) {
        this.list = list;
        this.configuration = configuration;
        this.suppressions = suppressions;
        this.clock = clock;
        this.canonical = SuppressionOptions.canonical(configuration.getCanonical());
        this.progress = progress;
    }

    /** Blocking: reads the text to its end and waits for the commits. Once. */
    public Result read(InputStream text) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
            if (configuration.getFormat() == SuppressionFormat.CSV) {
                readCsv(in);
            } else {
                readNdjson(in);
            }
        }
        flush();
        return new Result(changed, rows, rejectedRows, List.copyOf(rejected));
    }

    private void readCsv(BufferedReader in) throws IOException {
        List<String> columns = List.of("address");
        int row = 0;
        for (Optional<List<String>> cells = SuppressionCsv.read(in);
                cells.isPresent();
                cells = SuppressionCsv.read(in)) {
            row++;
            List<String> named = cells.get().stream()
                    .map(c -> c.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT))
                    .toList();
            if (row == 1 && named.contains("address")) {
                columns = named;
                continue;
            }
            Map<String, String> values = new HashMap<>();
            for (int i = 0; i < Math.min(columns.size(), cells.get().size()); i++) {
                values.put(columns.get(i), cells.get().get(i).strip());
            }
            if (values.values().stream().anyMatch(v -> !v.isEmpty())) {
                add(row, values);
            }
        }
    }

    private void readNdjson(BufferedReader in) throws IOException {
        int row = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            row++;
            if (line.isBlank()) {
                continue;
            }
            try {
                if (Jsoner.deserialize(line) instanceof JsonObject o) {
                    Map<String, String> values = new HashMap<>();
                    o.forEach((k, v) -> values.put(k.toLowerCase(Locale.ROOT), v == null ? "" : v.toString()));
                    add(row, values);
                } else {
                    rows++;
                    reject(row, "not a JSON object");
                }
            } catch (DeserializationException | RuntimeException e) {
                rows++;
                reject(row, "no JSON: " + e.getMessage());
            }
        }
    }

    private void add(int row, Map<String, String> values) throws IOException {
        rows++;
        try {
            Instant now = clock.instant();
            Suppression entry = new Suppression(
                    list,
                    SuppressionRequest.scope(blankToNull(values.get("scope")), configuration),
                    EmailAddress.parse(values.getOrDefault("address", "")),
                    SuppressionRequest.kind(values.get("kind"), configuration),
                    SuppressionRequest.reason(values.get("reason")),
                    values.getOrDefault("evidence", ""),
                    Optional.ofNullable(blankToNull(values.get("rule"))),
                    Optional.ofNullable(blankToNull(values.get("source"))).orElse("import"),
                    since(values.get("since"), now),
                    SuppressionRequest.until(values.get("until"), configuration, now),
                    new Suppression.Origin(
                            Optional.ofNullable(blankToNull(values.get("stream"))),
                            Optional.ofNullable(blankToNull(values.get("provider"))),
                            Optional.ofNullable(blankToNull(values.get("queueid")))));
            pending.add(entry);
            CanonicalForm.of(entry.address(), canonical)
                    .ifPresent(form -> pending.add(
                            entry.forAddress(form, "canonical form of " + entry.address() + ": " + entry.evidence())));
        } catch (IllegalArgumentException e) {
            reject(row, e.getMessage());
        }
        if (pending.size() >= configuration.getLimit()) {
            flush();
        }
    }

    private Instant since(String given, Instant now) {
        return given == null || given.isBlank()
                ? now
                : SuppressionRequest.until(given, configuration, now).orElse(now);
    }

    private void reject(int row, String why) {
        rejectedRows++;
        if (rejected.size() < MAX_REPORTED) {
            rejected.add("row " + row + ": " + why);
        }
    }

    private void flush() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        try {
            changed += (configuration.isDryRun() ? unknown() : suppressions.addAll(List.copyOf(pending)))
                    .toCompletableFuture()
                    .get();
            pending.clear();
            progress.accept(rows);
        } catch (ExecutionException e) {
            throw new IOException("Cannot add to the suppression list " + list, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while adding to the suppression list " + list, e);
        }
    }

    /** How many of the waiting entries the list does not have in their scope. */
    private CompletionStage<Integer> unknown() {
        CompletionStage<Integer> sum = CompletableFuture.completedFuture(0);
        Set<String> once = new HashSet<>();
        for (Suppression s : pending) {
            if (once.add(s.address().key() + " " + s.scope())) {
                sum = sum.thenCombine(
                        suppressions.check(list, s.address(), Set.of(s.scope()), s.since()),
                        (n, found) -> n + (found.isEmpty() ? 1 : 0));
            }
        }
        return sum;
    }

    private static String blankToNull(String s) {
        return s == null || s.isBlank() ? null : s;
    }
}
