package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.mail.Suppression;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.util.json.JsonObject;

/** Entries as rows of RFC 4180, in the columns of {@link #COLUMNS}. */
final class SuppressionCsv {

    static final List<String> COLUMNS = List.of(
            "address",
            "scope",
            "kind",
            "reason",
            "evidence",
            "rule",
            "source",
            "since",
            "until",
            "stream",
            "provider",
            "queueId");

    private static final int MAX_ROW = 64 * 1024;

    private SuppressionCsv() {}

    static String header() {
        return String.join(",", COLUMNS) + "\r\n";
    }

    static String row(Suppression s) {
        JsonObject values = SuppressionJson.of(s);
        List<String> cells = new ArrayList<>();
        for (String column : COLUMNS) {
            cells.add(quote(values.getStringOrDefault(column, "")));
        }
        return String.join(",", cells) + "\r\n";
    }

    private static String quote(String cell) {
        // RFC 4180 2.6 and 2.7
        return cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? '"' + cell.replace("\"", "\"\"") + '"'
                : cell;
    }

    /**
     * Reads one row.
     *
     * @return empty at the end of the text
     * @throws IOException if the row is larger than a row of ours can be, as after a quote that is never closed
     */
    static Optional<List<String>> read(Reader in) throws IOException {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        int length = 0;
        int c = in.read();
        if (c < 0) {
            return Optional.empty();
        }
        for (; c >= 0; c = in.read()) {
            if (++length > MAX_ROW) {
                throw new IOException("CSV row of more than " + MAX_ROW + " characters: is a quote not closed?");
            }
            if (c == '"') {
                // A doubled quote inside quotes is one quote; elsewhere quotes open and close.
                if (quoted) {
                    in.mark(1);
                    if (in.read() == '"') {
                        cell.append('"');
                    } else {
                        in.reset();
                        quoted = false;
                    }
                } else {
                    quoted = true;
                }
            } else if (quoted) {
                cell.append((char) c);
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                break;
            } else if (c != '\r') {
                cell.append((char) c);
            }
        }
        cells.add(cell.toString());
        return Optional.of(cells);
    }
}
