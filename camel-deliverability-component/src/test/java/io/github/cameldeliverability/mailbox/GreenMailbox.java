package io.github.cameldeliverability.mailbox;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A mailbox on a mail server in this process, over IMAP and POP3. */
final class GreenMailbox implements AutoCloseable {

    static final String PASSWORD = "s3c+r%t&1";

    private final GreenMail server;
    private final GreenMailUser user;

    GreenMailbox() {
        server = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3)
        });
        server.start();
        user = server.setUser("bounces@shop.example", "bounces", PASSWORD);
    }

    int imapPort() {
        return server.getImap().getPort();
    }

    int pop3Port() {
        return server.getPop3().getPort();
    }

    void deliver(String subject) throws Exception {
        user.deliver(message(subject));
    }

    @SuppressWarnings("JavaUtilDate")
    void deliver(String folder, String subject) throws Exception {
        MailFolder f = folder(folder);
        f.appendMessage(message(subject), new jakarta.mail.Flags(), new java.util.Date());
    }

    static MimeMessage message(String subject) throws Exception {
        String mail =
                "From: ann@example.net\r\nTo: bounces@shop.example\r\nDelete: true\r\nCamelMailboxDisposal: ORDINARY\r\n"
                        + "Subject: " + subject + "\r\n\r\nText of " + subject + "\r\n";
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(mail.getBytes(StandardCharsets.US_ASCII)));
    }

    List<String> subjects(String folder) throws Exception {
        List<String> subjects = new ArrayList<>();
        for (StoredMessage m : messages(folder)) {
            subjects.add(m.getMimeMessage().getSubject());
        }
        return subjects;
    }

    List<StoredMessage> messages(String folder) throws FolderException {
        MailFolder f = server.getManagers().getImapHostManager().getFolder(user, folder);
        return f == null ? List.of() : f.getMessages();
    }

    MailFolder folder(String name) throws Exception {
        MailFolder f = server.getManagers().getImapHostManager().getFolder(user, name);
        return f != null ? f : server.getManagers().getImapHostManager().createMailbox(user, name);
    }

    @Override
    public void close() {
        server.stop();
    }
}
