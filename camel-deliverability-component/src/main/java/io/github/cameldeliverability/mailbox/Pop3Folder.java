package io.github.cameldeliverability.mailbox;

import io.github.cameldeliverability.mail.spi.Handled;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.angus.mail.pop3.POP3Folder;
import org.eclipse.angus.mail.pop3.POP3Message;

/**
 * A POP3 maildrop (RFC 1939). There are no folders and no flags: what was dealt with is remembered by UIDL in the store, and
 * stays on the server unless it may be deleted.
 */
final class Pop3Folder implements MailFolder {

    /** A session locks the maildrop (RFC 1939 8), and deletes at its end only: so it is not kept for long. */
    private static final int MAILS_PER_SESSION = 1_000;

    /** How often mails that stay on the server are marked as still there, so that they are not forgotten. */
    private static final Duration RENEW = Duration.ofHours(24);

    private final MailServer server;
    private final MailboxConfiguration configuration;
    private final Handled handled;
    private final String scope;
    private final Clock clock;

    private volatile Store store;
    private volatile POP3Folder folder;
    private final List<String> waiting = new ArrayList<>();
    private final Map<String, POP3Message> byId = new HashMap<>();
    private int at;
    private int taken;
    private Instant renewed = Instant.EPOCH;

    /** @param scope under which UIDLs are remembered */
    Pop3Folder(MailServer server, Handled handled, String scope, Clock clock) {
        this.server = server;
        this.configuration = server.configuration();
        this.handled = handled;
        this.scope = scope;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "INBOX";
    }

    @Override
    public int look(Predicate<String> left) throws MessagingException, IOException {
        // The list of a maildrop is made when a session begins.
        disconnect();
        connect();
        Message[] all = folder.getMessages();
        FetchProfile uidl = new FetchProfile();
        uidl.add(UIDFolder.FetchProfileItem.UID);
        folder.fetch(all, uidl);
        byId.clear();
        Map<String, POP3Message> listed = new LinkedHashMap<>();
        for (Message m : all) {
            String id = folder.getUID(m);
            if (id == null) {
                throw new MessagingException("the server has no UIDL, by which mails are told apart: use IMAP");
            }
            listed.put(id, (POP3Message) m);
        }
        Map<String, String> known = FolderReader.await(handled.outcomes(scope, listed.keySet()));
        if (clock.instant().isAfter(renewed.plus(RENEW)) && !known.isEmpty()) {
            FolderReader.await(handled.record(scope, known));
            renewed = clock.instant();
        }
        waiting.clear();
        for (Map.Entry<String, POP3Message> e : listed.entrySet()) {
            if (!known.containsKey(e.getKey()) && !left.test(e.getKey())) {
                waiting.add(e.getKey());
                byId.put(e.getKey(), e.getValue());
            }
        }
        at = 0;
        taken = 0;
        return waiting.size();
    }

    @Override
    public List<RemoteMail> next(int limit) throws MessagingException, IOException {
        List<RemoteMail> mails = new ArrayList<>();
        if (folder == null || taken >= MAILS_PER_SESSION) {
            return mails;
        }
        long octets = 0;
        while (at < waiting.size() && mails.size() < limit && octets < configuration.getMaxSize()) {
            String id = waiting.get(at++);
            POP3Message m = byId.get(id);
            RemoteMail mail = read(id, m);
            octets += mail.content().length;
            mails.add(mail);
            // The library would keep its content.
            m.invalidate(true);
        }
        taken += mails.size();
        return mails;
    }

    private RemoteMail read(String id, POP3Message m) throws MessagingException, IOException {
        int size = m.getSize();
        if (size > configuration.getMaxSize()) {
            // RETR brings all of it into memory; TOP brings a beginning (RFC 1939 7). Lines have 1,000 octets at most.
            try (InputStream top = m.top(Math.max(1, configuration.getMaxSize() / 1000))) {
                byte[] start = top == null ? new byte[0] : top.readNBytes(configuration.getMaxSize());
                return new RemoteMail(id, start, size, true);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(1024, size));
        m.writeTo(out);
        return new RemoteMail(id, out.toByteArray(), size, false);
    }

    @Override
    public void settle(Map<Disposal, List<RemoteMail>> mails) throws MessagingException, IOException {
        Map<String, String> done = new HashMap<>();
        mails.forEach((d, list) -> list.forEach(m -> done.put(m.id(), d.name())));
        FolderReader.await(handled.record(scope, done));
        if (configuration.isDeleteHandled() && folder != null) {
            for (RemoteMail m : mails.getOrDefault(Disposal.HANDLED, List.of())) {
                Optional.ofNullable(byId.get(m.id())).ifPresent(Pop3Folder::delete);
            }
        }
    }

    private static void delete(POP3Message m) {
        try {
            m.setFlag(Flags.Flag.DELETED, true);
        } catch (MessagingException e) {
            // It stays on the server, and is remembered.
            MailboxFaults.ignored(e);
        }
    }

    @Override
    public void rest() {
        POP3Folder f = folder;
        try {
            if (f != null && f.isOpen()) {
                // RFC 1939 6: QUIT deletes what is marked.
                f.close(true);
            }
        } catch (MessagingException e) {
            MailboxFaults.ignored(e);
        }
        disconnect();
    }

    @Override
    public boolean tellsNews() {
        return false;
    }

    @Override
    public boolean hasNews() {
        return false;
    }

    @Override
    public void endWait() {
        // Nobody waits.
    }

    @Override
    public void awaitNews(Runnable early) {
        throw new UnsupportedOperationException("POP3 tells no news");
    }

    @Override
    public void disconnect() {
        Store s = store;
        folder = null;
        store = null;
        byId.clear();
        try {
            if (s != null) {
                s.close();
            }
        } catch (MessagingException e) {
            MailboxFaults.ignored(e);
        }
    }

    private void connect() throws MessagingException, IOException {
        store = server.connect();
        folder = (POP3Folder) store.getFolder("INBOX");
        folder.open(configuration.isDeleteHandled() ? Folder.READ_WRITE : Folder.READ_ONLY);
    }
}
