package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.store.SuppressionCodec.Cause;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The addresses of a part of a list that an incident may have touched, found without holding up the writer.
 *
 * @param keys of the addresses
 * @param seen how many entries were looked at
 * @param next where to go on
 */
record UndoCandidates(List<String> keys, int seen, Optional<String> next) {

    static UndoCandidates read(Connection connection, SuppressionIncident incident, String afterKey, int limit)
            throws SQLException {
        String list = incident.list();
        TreeSet<String> keys = new TreeSet<>();
        int seen = 0;
        String last = null;
        boolean more = false;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT address_key, body FROM suppression WHERE list = ? AND address_key > ? ORDER BY address_key")) {
            select.setString(1, list);
            select.setString(2, afterKey);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String key = row.getString(1);
                    // All scopes of an address belong to one part.
                    if (seen >= limit && !key.equals(last)) {
                        more = true;
                        break;
                    }
                    last = key;
                    seen++;
                    collect(keys, incident, key, row.getBytes(2));
                }
            }
        }
        if (last != null) {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT address_key, body FROM suppression_cause"
                            + " WHERE list = ? AND address_key > ? AND address_key <= ?")) {
                select.setString(1, list);
                select.setString(2, afterKey);
                select.setString(3, last);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        collect(keys, incident, row.getString(1), row.getBytes(2));
                    }
                }
            }
        }
        return new UndoCandidates(List.copyOf(keys), seen, more ? Optional.of(last) : Optional.empty());
    }

    private static void collect(TreeSet<String> keys, SuppressionIncident incident, String key, byte[] body) {
        Cause cause = SuppressionCodec.decodeCause(incident.list(), body);
        if (incident.covers(cause.says(), cause.last())) {
            keys.add(key);
        }
    }
}
