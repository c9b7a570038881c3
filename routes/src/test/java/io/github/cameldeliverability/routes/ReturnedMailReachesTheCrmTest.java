package io.github.cameldeliverability.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.SharedStores;
import io.github.cameldeliverability.token.HmacReturnTokens;
import jakarta.mail.Flags;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Mailbox to bounce to suppression list to CRM, with a real IMAP server and a real store. */
class ReturnedMailReachesTheCrmTest {

    private static final String PASSWORD = "p&s%w+rd#1 ?";

    @TempDir
    Path folder;

    private final GreenMail imap = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP));
    private final SQLiteDataSource crm = new SQLiteDataSource();
    private GreenMailUser mailbox;
    private int sent;
    private Store store;
    private CamelContext context;

    @BeforeEach
    void start() throws Exception {
        imap.start();
        mailbox = imap.setUser("bounces@shop.example", "bounces", PASSWORD);
        store = Stores.open(folder);
        crm.setUrl("jdbc:sqlite:" + folder.resolve("crm.db"));
        try (Connection c = crm.getConnection();
                Statement s = c.createStatement()) {
            s.execute("create table contacts (email text, email_status text, email_status_reason text,"
                    + " email_status_evidence text)");
            s.execute(
                    "insert into contacts values ('ann@example.net', 'ok', '', ''), ('bob@example.net', 'ok', '', ''),"
                            + " ('victim@example.net', 'ok', '', '')");
        }
        context = new DefaultCamelContext();
        context.getRegistry().bind("store", Store.class, store);
        context.getRegistry().bind("crm", DataSource.class, crm);
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        health.setEnabled(true);
        health.register(health.resolveById("consumers"));
        context.start();
        Templates.load(context, "bounce-mailbox");
        Templates.load(context, "crm-sql");
    }

    @AfterEach
    void stop() {
        context.stop();
        store.close();
        imap.stop();
    }

    @Test
    void provenReturnsAreAppliedForgedOnesQuarantinedOrdinaryMailLeftUnread() throws Exception {
        put(dsn(returnPath("ann@example.net"), "ann@example.net"));
        put(dsn("bounces@shop.example", "victim@example.net"));
        put(complaint(returnPath("bob@example.net")));
        put(vacation(returnPath("ann@example.net")));
        put(ordinary());
        mailboxRoute(Map.of());
        Templates.add(
                context,
                "deliverability-crm-sql",
                "crm",
                Map.of("store", "store", "consumer", "crm", "dataSource", "crm", "delay", "20"));

        await().untilAsserted(() -> {
            assertThat(status("ann@example.net")).isEqualTo("bounce userunknown");
            assertThat(status("bob@example.net")).isEqualTo("complaint feedback");
        });
        await().untilAsserted(() -> assertThat(subjects("INBOX")).isEmpty());
        assertThat(status("victim@example.net")).isEqualTo("ok ");
        assertThat(Stores.check(store, "victim@example.net")).isEmpty();
        assertThat(subjects("Handled"))
                .containsExactlyInAnyOrder("Undelivered ann@example.net", "complaint", "Out of office");
        assertThat(subjects("Quarantine")).containsExactly("Undelivered victim@example.net");
        assertThat(subjects("Ordinary")).containsExactly("My order");
        assertThat(messages("Ordinary").get(0).isSet(Flags.Flag.SEEN)).isFalse();
        Suppression bounce = Stores.check(store, "ann@example.net").orElseThrow();
        assertThat(bounce.kind()).isEqualTo(SuppressionKind.BOUNCE);
        assertThat(bounce.evidence()).contains("User unknown");
    }

    @Test
    void poisonMailDoesNotStopTheOthers() throws Exception {
        put("\0\0\0\0");
        put("Content-Type: multipart/report; boundary=\"\r\n\r\n--\r\n");
        put(
                "Delete: true\r\nMoveTo: Trash\r\nSubject: poison\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n");
        put(dsn(returnPath("ann@example.net"), "ann@example.net"));
        mailboxRoute(Map.of());
        await().untilAsserted(
                        () -> assertThat(Stores.check(store, "ann@example.net")).isPresent());
        await().untilAsserted(() -> assertThat(subjects("INBOX")).isEmpty());
        assertThat(subjects("Handled")).containsExactly("Undelivered ann@example.net");
        assertThat(messages("Ordinary").size()
                        + (exists("Quarantine") ? messages("Quarantine").size() : 0))
                .as("nothing is deleted, whatever a stranger's header fields say")
                .isEqualTo(3);
        assertThat(exists("Trash")).isFalse();
    }

    @Test
    void mailToAnUnsubscribeAddressOfOursIsAWishForItsStream() throws Exception {
        put(wish(returnPath("ann@example.net").replace("bounces+", "unsubscribe+"), "ann@example.net", "please"));
        put(wish("unsubscribe+1aaaaaaaaaaaaaaaa10bbbbbbbbbbbbbbbb@shop.example", "victim@example.net", "unsubscribe"));
        mailboxRoute(Map.of());
        await().untilAsserted(
                        () -> assertThat(Stores.check(store, "ann@example.net")).isPresent());
        await().untilAsserted(() -> assertThat(subjects("INBOX")).isEmpty());
        Suppression wish = Stores.check(store, "ann@example.net").orElseThrow();
        assertThat(wish.kind()).isEqualTo(SuppressionKind.UNSUBSCRIBE);
        assertThat(wish.scope()).isEqualTo("stream:marketing");
        assertThat(Stores.check(store, "victim@example.net")).isEmpty();
        assertThat(subjects("Handled")).containsExactly("please");
        assertThat(subjects("Quarantine")).containsExactly("unsubscribe");
    }

    @Test
    void aMailboxWithoutVerpMayBeBelieved() throws Exception {
        String file = folder.resolve("other.db").toString();
        put(dsn("bounces@shop.example", "ann@example.net"));
        mailboxRoute(Map.of("unauthenticated", "ACCEPT", "store", file));
        await().untilAsserted(() -> assertThat(subjects("Handled")).hasSize(1));
        Store other = SharedStores.of(context).acquire(file);
        assertThat(Stores.check(other, "ann@example.net")).isPresent();
        SharedStores.of(context).release(other);
    }

    @Test
    void aCronExpressionMaySayWhen() throws Exception {
        put(dsn(returnPath("ann@example.net"), "ann@example.net"));
        mailboxRoute(Map.of("scheduler", "quartz", "cron", "0/1 * * * * ?"));
        await().untilAsserted(
                        () -> assertThat(Stores.check(store, "ann@example.net")).isPresent());
    }

    @Test
    void aWrongPasswordMakesTheRouteUnready() throws Exception {
        mailboxRoute(Map.of("password", "wrong"));
        await().untilAsserted(() -> {
            List<HealthCheck.Result> down = HealthCheckHelper.invokeReadiness(context).stream()
                    .filter(r -> r.getState() == HealthCheck.State.DOWN)
                    .toList();
            assertThat(down).singleElement().satisfies(r -> {
                assertThat(r.getCheck().getId()).isEqualTo("consumer:mailbox");
                assertThat(r.getError().map(Throwable::toString).orElse("not tried yet"))
                        .contains("AuthenticationFailed", "check username and password");
            });
        });
    }

    private void mailboxRoute(Map<String, Object> more) {
        Map<String, Object> parameters = new HashMap<>(Map.of(
                "protocol", "imap",
                "host", "127.0.0.1",
                "port", Integer.toString(imap.getImap().getPort()),
                "username", "bounces",
                "password", PASSWORD,
                "store", "store",
                "delay", "50"));
        parameters.putAll(more);
        Templates.add(context, "deliverability-bounce-mailbox", "mailbox", parameters);
    }

    /** The return path that the mx endpoint would have used for a mail to the recipient. */
    private String returnPath(String recipient) {
        RecipientKey key = new RecipientKey("0123456789abcde" + sent++, 0);
        Stores.delivered(store, "marketing", key, recipient);
        byte[] secret = store.secret("return-tokens").toCompletableFuture().join();
        return new HmacReturnTokens(secret)
                .mint(ReversePath.parse("bounces@shop.example"), "marketing", key, EmailAddress.parse(recipient))
                .toString();
    }

    private void put(String mail) throws Exception {
        MimeMessage m = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(mail.replaceAll("\r?\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        mailbox.deliver(m);
    }

    private List<StoredMessage> messages(String name) throws FolderException {
        MailFolder f = imap.getManagers().getImapHostManager().getFolder(mailbox, name);
        return f == null ? List.of() : f.getMessages();
    }

    private boolean exists(String name) throws FolderException {
        return imap.getManagers().getImapHostManager().getFolder(mailbox, name) != null;
    }

    private List<String> subjects(String name) throws Exception {
        List<String> subjects = new ArrayList<>();
        for (StoredMessage m : messages(name)) {
            subjects.add(m.getMimeMessage().getSubject());
        }
        return subjects;
    }

    private String status(String email) throws SQLException {
        try (Connection c = crm.getConnection();
                var s = c.prepareStatement("select email_status, email_status_reason from contacts where email = ?")) {
            s.setString(1, email);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getString(1) + " " + r.getString(2);
            }
        }
    }

    private static String dsn(String to, String recipient) {
        return """
                From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
                To: %s
                Subject: Undelivered %s
                Date: Sun, 1 Mar 2026 12:00:00 +0000
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

                --b1
                Content-Type: text/plain

                Your message could not be delivered.

                --b1
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.net

                Final-Recipient: rfc822; %s
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table

                --b1
                Content-Type: text/rfc822-headers

                From: shop@shop.example
                To: %s
                Message-ID: <m1@shop.example>
                Subject: Spring sale

                --b1--
                """
                .formatted(to, recipient, recipient, recipient);
    }

    /** A feedback report whose recipient was taken out, as many providers do. */
    private static String complaint(String to) {
        return """
                From: fbl@provider.example
                To: %s
                Subject: complaint
                Date: Sun, 1 Mar 2026 12:00:00 +0000
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

                --b1
                Content-Type: text/plain

                This is an email abuse report.

                --b1
                Content-Type: message/feedback-report

                Feedback-Type: abuse
                User-Agent: Reporter/1.0
                Version: 1

                --b1
                Content-Type: text/rfc822-headers

                From: shop@shop.example
                Message-ID: <m1@shop.example>
                Subject: Spring sale

                --b1--
                """
                .formatted(to);
    }

    private static String vacation(String to) {
        return """
                From: ann@example.net
                To: %s
                Subject: Out of office
                Auto-Submitted: auto-replied
                Date: Sun, 1 Mar 2026 12:00:00 +0000

                I am away until Monday. My mailbox ann@example.net is not read.
                """
                .formatted(to);
    }

    private static String wish(String to, String from, String subject) {
        return """
                From: %s
                To: %s
                Subject: %s
                Date: Sun, 1 Mar 2026 12:00:00 +0000

                .
                """
                .formatted(from, to, subject);
    }

    private static String ordinary() {
        return """
                From: bob@example.net
                To: bounces@shop.example
                Subject: My order
                Date: Sun, 1 Mar 2026 12:00:00 +0000

                Where is it?
                """;
    }
}
