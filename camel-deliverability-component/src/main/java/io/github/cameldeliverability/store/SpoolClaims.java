package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.Spool.Claim;
import io.github.cameldeliverability.mail.spi.Spool.ClaimRequest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds free rows that are due, without walking over the rows of domains that cannot be served.
 *
 * <p>First a look at the rows that have been due longest, which is all there is to it on an ordinary day. If that look
 * met mostly excluded or already filled domains, the domains are visited one by one (an index jump each, however many
 * rows they have), going on where the last visit of the stream ended, so that every domain gets its turn.
 *
 * <p>Used by the writing thread only.
 */
final class SpoolClaims {

    /** How far the first look goes before jumping from domain to domain is cheaper. */
    private static final int MAX_LOOK = 2_000;

    private static final String FREE = "FROM recipient WHERE holder = 0 AND stream_id = ?";

    /** The domains of a stream after a given one that have a row due, by jumps in the index. */
    private static final String DUE_DOMAINS = "WITH RECURSIVE visit (domain) AS ("
            + "SELECT min(domain) " + FREE + " AND domain > ?"
            + " UNION ALL "
            + "SELECT (SELECT min(r.domain) FROM recipient r WHERE r.holder = 0 AND r.stream_id = ?"
            + " AND r.domain > visit.domain) FROM visit WHERE visit.domain IS NOT NULL)"
            + " SELECT domain FROM visit WHERE domain IS NOT NULL AND EXISTS (SELECT 1 FROM recipient r"
            + " WHERE r.holder = 0 AND r.stream_id = ? AND r.domain = visit.domain AND r.due <= ?)";

    private record Candidate(long messageId, int ordinal, String domain, long due) {}

    private final long node;
    private final Map<String, String> lastVisited = new HashMap<>();

    SpoolClaims(long node) {
        this.node = node;
    }

    /** A domain as rows hold it: lower case, A-labels. */
    static String stored(String domain) {
        return new EmailAddress("postmaster", domain).asciiDomain();
    }

    List<Claim> claim(Tx tx, ClaimRequest request) throws SQLException {
        if (request.limit() <= 0 || request.perDomain() <= 0) {
            return List.of();
        }
        int stream = tx.streamId(request.stream());
        Search search = new Search(tx, stream, request);
        if (!search.lookByAge()) {
            String start = lastVisited.getOrDefault(request.stream(), "");
            search.visitDomains(start, null);
            if (!search.isFull() && !start.isEmpty()) {
                search.visitDomains("", start);
            }
            if (search.lastDomain != null) {
                lastVisited.put(request.stream(), search.lastDomain);
            }
        }
        return hold(tx, stream, search.found);
    }

    private List<Claim> hold(Tx tx, int stream, List<Candidate> candidates) throws SQLException {
        PreparedStatement update = tx.sql("UPDATE recipient SET holder = ? WHERE message_id = ? AND ordinal = ?"
                + " AND holder = 0 RETURNING attempts");
        PreparedStatement select = tx.sql("SELECT queue_id, expires_at FROM message WHERE id = ?");
        List<Claim> claims = new ArrayList<>(candidates.size());
        for (Candidate c : candidates) {
            update.setLong(1, node);
            update.setLong(2, c.messageId());
            update.setInt(3, c.ordinal());
            int attempts;
            try (ResultSet row = update.executeQuery()) {
                if (!row.next()) {
                    continue;
                }
                attempts = row.getInt(1);
            }
            tx.effects().tally(stream).held++;
            select.setLong(1, c.messageId());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("recipient " + c.ordinal() + " of message " + c.messageId()
                            + " has no message: the database is damaged");
                }
                claims.add(new Claim(
                        new RecipientKey(row.getString(1), c.ordinal()),
                        c.domain(),
                        attempts,
                        Millis.toInstant(c.due()),
                        Millis.toInstant(row.getLong(2))));
            }
        }
        return claims;
    }

    /** One claim on its way. */
    private static final class Search {

        private final Tx tx;
        private final int stream;
        private final long now;
        private final int limit;
        private final int perDomain;
        private final Set<String> except = new HashSet<>();
        private final Map<String, Integer> taken = new HashMap<>();
        final List<Candidate> found = new ArrayList<>();
        String lastDomain;

        Search(Tx tx, int stream, ClaimRequest request) {
            this.tx = tx;
            this.stream = stream;
            now = Millis.of(request.now());
            limit = request.limit();
            perDomain = request.perDomain();
            for (String domain : request.exceptDomains()) {
                except.add(stored(domain));
            }
        }

        boolean isFull() {
            return found.size() >= limit;
        }

        /** Whether the claim is complete: it is full, or every due row was seen. */
        boolean lookByAge() throws SQLException {
            int look = Math.min(MAX_LOOK, Math.max(limit * 4, 200));
            PreparedStatement select =
                    tx.sql("SELECT message_id, ordinal, domain, due " + FREE + " AND due <= ? ORDER BY due LIMIT ?");
            select.setInt(1, stream);
            select.setLong(2, now);
            select.setInt(3, look);
            int seen = 0;
            try (ResultSet row = select.executeQuery()) {
                while (!isFull() && row.next()) {
                    seen++;
                    take(new Candidate(row.getLong(1), row.getInt(2), row.getString(3), row.getLong(4)));
                }
            }
            return isFull() || seen < look;
        }

        private void take(Candidate c) {
            int have = taken.getOrDefault(c.domain(), 0);
            if (have < perDomain && !except.contains(c.domain())) {
                taken.put(c.domain(), have + 1);
                found.add(c);
            }
        }

        /** @param last where to stop, inclusive; null for the end */
        void visitDomains(String after, String last) throws SQLException {
            PreparedStatement domains = tx.sql(DUE_DOMAINS);
            domains.setInt(1, stream);
            domains.setString(2, after);
            domains.setInt(3, stream);
            domains.setInt(4, stream);
            domains.setLong(5, now);
            try (ResultSet row = domains.executeQuery()) {
                while (!isFull() && row.next()) {
                    String domain = row.getString(1);
                    if (last != null && domain.compareTo(last) > 0) {
                        return;
                    }
                    lastDomain = domain;
                    if (!except.contains(domain)) {
                        visit(domain);
                    }
                }
            }
        }

        private void visit(String domain) throws SQLException {
            // What the first look took of this domain are its oldest rows: they come first here, too.
            int skip = taken.getOrDefault(domain, 0);
            if (skip >= perDomain) {
                return;
            }
            PreparedStatement select = tx.sql(
                    "SELECT message_id, ordinal, due " + FREE + " AND domain = ? AND due <= ? ORDER BY due LIMIT ?");
            select.setInt(1, stream);
            select.setString(2, domain);
            select.setLong(3, now);
            select.setInt(4, perDomain);
            Set<Candidate> already = skip == 0 ? Set.of() : new HashSet<>(found);
            try (ResultSet row = select.executeQuery()) {
                while (!isFull() && row.next()) {
                    Candidate c = new Candidate(row.getLong(1), row.getInt(2), domain, row.getLong(3));
                    if (!already.contains(c)) {
                        take(c);
                    }
                }
            }
        }
    }
}
