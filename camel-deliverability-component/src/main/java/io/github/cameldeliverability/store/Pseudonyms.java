package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What stands for an address that was erased: {@code HASH@erased.invalid}, 128 bits of SipHash over the address's key with
 * a secret of the store. RFC 2606 2: nobody can own the domain. Thread-safe.
 */
final class Pseudonyms {

    static final String DOMAIN = "erased.invalid";

    /** The secret's name in the table of small settings. */
    static final String SECRET = "secret.suppression-pseudonyms";

    private final SipHash hash;

    Pseudonyms(byte[] secret) {
        hash = new SipHash(secret);
    }

    /** Reads the store's secret, or makes it. Outside of a transaction. */
    static Pseudonyms of(Connection connection, byte[] fresh) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM meta WHERE name = ?")) {
            select.setString(1, SECRET);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return new Pseudonyms(row.getBytes(1));
                }
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")) {
                insert.setString(1, SECRET);
                insert.setBytes(2, fresh);
                insert.executeUpdate();
            }
            // Another process may have been first.
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Pseudonyms(row.getBytes(1));
            }
        }
    }

    EmailAddress of(EmailAddress address) {
        return isPseudonym(address)
                ? address
                : new EmailAddress(
                        HexFormat.of().formatHex(hash.hash128(address.key().getBytes(StandardCharsets.UTF_8))), DOMAIN);
    }

    /** The keys under which entries of the address may be: its own and its pseudonym's. */
    List<String> keys(EmailAddress address) {
        return isPseudonym(address)
                ? List.of(address.key())
                : List.of(address.key(), of(address).key());
    }

    /** Whose pseudonym it is, if an entry of the list has the address: each is tried. */
    Optional<EmailAddress> addressOf(Connection connection, String list, EmailAddress pseudonym) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT body FROM suppression WHERE list = ?")) {
            select.setString(1, list);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    EmailAddress address =
                            SuppressionCodec.decode(list, row.getBytes(1)).address();
                    if (!isPseudonym(address) && of(address).equals(pseudonym)) {
                        return Optional.of(address);
                    }
                }
            }
        }
        return Optional.empty();
    }

    static boolean isPseudonym(String addressKey) {
        return addressKey.endsWith("@" + DOMAIN);
    }

    private static boolean isPseudonym(EmailAddress address) {
        return address.domain().equals(DOMAIN);
    }
}
