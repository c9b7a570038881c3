package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.DsnRequest.Notify;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.RecipientResult;
import io.github.cameldeliverability.mail.spi.SmtpSession.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one transaction will say to a server that has certain extensions, and whom it need not even ask. Pure.
 *
 * @param mail the MAIL command
 * @param rcpts the recipients to ask
 * @param refused by index in the transaction: results that are certain before anything is sent, null for the others
 */
record TransactionPlan(String mail, List<Rcpt> rcpts, List<Optional<RecipientResult>> refused) {

    /** One RCPT command and the recipient's place in the transaction. */
    record Rcpt(int index, String command) {}

    /** RFC 3461 4.4 and 4.2 */
    private static final int MAX_ENVID = 100;

    private static final int MAX_ORCPT = 500;

    /**
     * @param verifiedTls whether the session is encrypted with a checked certificate
     * @param refuse8Bit whether 8-bit content needs 8BITMIME
     */
    static TransactionPlan of(Transaction tx, Extensions server, boolean verifiedTls, boolean refuse8Bit) {
        Optional<RecipientResult> all = refusalOfAll(tx, server, verifiedTls, refuse8Bit);
        List<Rcpt> rcpts = new ArrayList<>();
        List<Optional<RecipientResult>> refused = new ArrayList<>();
        Set<String> domains = new HashSet<>();
        long rcptMax = server.maxRecipients().orElse(Long.MAX_VALUE);
        long domainMax = server.limit("RCPTDOMAINMAX").orElse(Long.MAX_VALUE);
        boolean utf8 = tx.utf8Header() || needsUtf8(tx);
        for (int i = 0; i < tx.recipients().size(); i++) {
            Recipient recipient = tx.recipients().get(i);
            String domain = recipient.address().asciiDomain();
            Optional<RecipientResult> no = all;
            if (no.isEmpty() && isUtf8(recipient.address()) && !server.has(Extensions.SMTPUTF8)) {
                no = Optional.of(refuse(
                        SmtpPhase.RCPT, 553, "5.6.7", "the address needs SMTPUTF8, which the server does not offer"));
            }
            // RFC 9422 3.2, 3.3: what is over the limit is not asked for now and stays for the next transaction.
            boolean newDomain = !domains.contains(domain);
            if (no.isEmpty() && (rcpts.size() >= rcptMax || (newDomain && domains.size() >= domainMax))) {
                no = Optional.of(refuse(
                        SmtpPhase.RCPT, 452, "4.5.3", "over the server's limit of recipients for one transaction"));
            }
            if (no.isEmpty()) {
                domains.add(domain);
                rcpts.add(new Rcpt(i, rcpt(recipient, server)));
            }
            refused.add(no);
        }
        return new TransactionPlan(mail(tx, server, utf8), rcpts, refused);
    }

    private static Optional<RecipientResult> refusalOfAll(
            Transaction tx, Extensions server, boolean verifiedTls, boolean refuse8Bit) {
        int bare = DotStuffing.bareLineEnd(tx.content());
        if (bare >= 0) {
            return Optional.of(refuse(
                    SmtpPhase.DATA, 554, "5.6.0", "the content has a CR or LF that is no line end at octet " + bare));
        }
        if (tx.requireTls() && !verifiedTls) {
            // RFC 8689 4.2.1: only over TLS whose certificate was checked.
            return Optional.of(refuse(
                    SmtpPhase.MAIL, 454, "4.7.4", "REQUIRETLS was asked for and the session has no verified TLS"));
        }
        if (tx.requireTls() && !server.has(Extensions.REQUIRETLS)) {
            return Optional.of(
                    refuse(SmtpPhase.MAIL, 550, "5.7.30", "REQUIRETLS was asked for and the server does not offer it"));
        }
        // RFC 1870 4: a message over the declared limit need not be tried.
        long max = server.maxSize().orElse(Long.MAX_VALUE);
        if (tx.content().length > max) {
            return Optional.of(refuse(
                    SmtpPhase.MAIL,
                    552,
                    "5.3.4",
                    "message of " + tx.content().length + " octets is over the server's limit of " + max));
        }
        boolean senderUtf8 = tx.from().address().map(TransactionPlan::isUtf8).orElse(false);
        if ((tx.utf8Header() || senderUtf8) && !server.has(Extensions.SMTPUTF8)) {
            // RFC 6531 3.5: without the extension such a message is not to be transmitted.
            return Optional.of(refuse(
                    SmtpPhase.MAIL, 553, "5.6.7", "the message needs SMTPUTF8, which the server does not offer"));
        }
        if (tx.eightBit() && refuse8Bit && !server.has(Extensions.EIGHTBITMIME)) {
            return Optional.of(refuse(
                    SmtpPhase.MAIL, 554, "5.6.3", "the content is 8-bit and the server does not offer 8BITMIME"));
        }
        return Optional.empty();
    }

    private static RecipientResult refuse(SmtpPhase phase, int code, String enhanced, String text) {
        return new RecipientResult(Kind.REFUSED, phase, SmtpReply.synthetic(code, enhanced, "not sent: " + text));
    }

    private static String mail(Transaction tx, Extensions server, boolean utf8) {
        StringBuilder b = new StringBuilder("MAIL FROM:<");
        tx.from().address().ifPresent(a -> b.append(path(a)));
        b.append('>');
        if (server.has(Extensions.SIZE)) {
            b.append(" SIZE=").append(tx.content().length); // RFC 1870 3
        }
        boolean smtpUtf8 = utf8 && server.has(Extensions.SMTPUTF8);
        // RFC 6531 3.6: a message with SMTPUTF8 may be 8-bit anywhere, and such servers offer 8BITMIME.
        if ((tx.eightBit() || (smtpUtf8 && tx.utf8Header())) && server.has(Extensions.EIGHTBITMIME)) {
            b.append(" BODY=8BITMIME"); // RFC 6152 2
        }
        if (smtpUtf8) {
            b.append(" SMTPUTF8"); // RFC 6531 3.4
        }
        if (server.has(Extensions.DSN)) {
            boolean asked = tx.recipients().stream()
                    .anyMatch(r -> !r.dsn().conditions().isEmpty()
                            && !r.dsn().conditions().contains(Notify.NEVER));
            if (asked || tx.envelopeId().isPresent()) {
                // RFC 3461 4.3: the headers are enough to know a message by, and no content travels twice.
                b.append(" RET=HDRS");
            }
            tx.envelopeId()
                    .map(Xtext::encode)
                    .filter(id -> !id.isEmpty() && id.length() <= MAX_ENVID)
                    .ifPresent(id -> b.append(" ENVID=").append(id));
        }
        if (tx.requireTls()) {
            b.append(" REQUIRETLS"); // RFC 8689 2
        }
        return b.toString();
    }

    private static String rcpt(Recipient recipient, Extensions server) {
        StringBuilder b =
                new StringBuilder("RCPT TO:<").append(path(recipient.address())).append('>');
        DsnRequest dsn = recipient.dsn();
        if (server.has(Extensions.DSN)) {
            if (!dsn.conditions().isEmpty()) {
                List<String> words = new TreeSet<>(dsn.conditions())
                        .stream().map(Notify::name).toList();
                b.append(" NOTIFY=").append(String.join(",", words)); // RFC 3461 4.1
            }
            dsn.originalRecipient()
                    .map(o -> orcpt(o, server.has(Extensions.SMTPUTF8)))
                    .filter(o -> o.length() <= MAX_ORCPT)
                    .ifPresent(o -> b.append(" ORCPT=").append(o)); // RFC 3461 4.2
        }
        return b.toString();
    }

    private static String orcpt(String original, boolean smtpUtf8) {
        int semicolon = original.indexOf(';');
        String type = semicolon < 0 ? "rfc822" : original.substring(0, semicolon);
        String address = original.substring(semicolon + 1);
        if (smtpUtf8 && !isAscii(address)) {
            return "utf-8;" + Xtext.encodeUtf8Address(address); // RFC 6533 3
        }
        return Xtext.encode(type) + ";" + Xtext.encode(address);
    }

    /** A local part that is ASCII goes with the domain in A-labels, which every server understands. */
    private static String path(EmailAddress address) {
        return address.needsSmtpUtf8() ? address.toString() : address.localPart() + "@" + address.asciiDomain();
    }

    private static boolean needsUtf8(Transaction tx) {
        return tx.from().address().map(TransactionPlan::isUtf8).orElse(false)
                || tx.recipients().stream().anyMatch(r -> isUtf8(r.address()));
    }

    private static boolean isUtf8(EmailAddress address) {
        return !isAscii(path(address));
    }

    private static boolean isAscii(String s) {
        return s.chars().allMatch(c -> c < 128);
    }
}
