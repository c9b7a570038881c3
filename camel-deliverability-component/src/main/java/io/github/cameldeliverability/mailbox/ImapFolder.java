package io.github.cameldeliverability.mailbox;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.protocol.BASE64MailboxEncoder;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.RFC822SIZE;
import org.eclipse.angus.mail.imap.protocol.UID;
import org.eclipse.angus.mail.imap.protocol.UIDSet;

/**
 * An IMAP folder (RFC 3501, RFC 9051).
 *
 * <p>The library logs in and waits (IDLE); the rest are commands with UIDs, so that a folder of any size costs no object a
 * mail, and mails come as the bytes that the server has.
 */
final class ImapFolder implements MailFolder {

    /** What one FETCH may bring in all, unless a single mail is larger. */
    private static final long FETCH_OCTETS = 8L << 20;

    /** After so many removals the folder is opened anew, since the library keeps a number for each. */
    private static final int REOPEN_AFTER = 10_000;

    private static final String KEYWORD = "Deliverability";

    private final MailServer server;
    private final MailboxConfiguration configuration;
    private final String name;

    private volatile Store store;
    private volatile IMAPFolder folder;
    private volatile Runnable onNews = () -> {};
    private boolean idle;
    private boolean move;
    private boolean uidPlus;
    private boolean newsUnread;
    private int removed;
    private long[] waiting = {};
    private int at;

    ImapFolder(MailServer server, String name) {
        this.server = server;
        this.configuration = server.configuration();
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int look(Predicate<String> left) throws MessagingException, IOException {
        if (removed > REOPEN_AFTER) {
            disconnect();
        }
        connect();
        Argument query = new Argument().writeAtom("UNDELETED");
        if (configuration.getAfterHandling() == AfterHandling.FLAG) {
            for (Disposal d : Disposal.values()) {
                query.writeAtom("UNKEYWORD").writeAtom(keyword(d));
            }
        }
        // RFC 3501 6.4.8: the numbers of a UID SEARCH are UIDs: 100,000 of them are less than a megabyte.
        Response[] answer = command("UID SEARCH", query);
        long[] found = numbers(answer);
        // Mail that came while the server searched may be told already (RFC 3501 7), and would not be told again. A
        // server
        // that tells of mail each time and never finds it is believed once.
        boolean told = Arrays.stream(answer).anyMatch(r -> r instanceof IMAPResponse i && i.keyEquals("EXISTS"));
        newsUnread = told && !(newsUnread && found.length == 0);
        waiting = Arrays.stream(found)
                .filter(uid -> !left.test(Long.toString(uid)))
                .sorted()
                .toArray();
        at = 0;
        return waiting.length;
    }

    @Override
    public List<RemoteMail> next(int limit) throws MessagingException, IOException {
        connect();
        int end = Math.min(waiting.length, at + limit);
        long[] uids = Arrays.copyOfRange(waiting, at, end);
        List<RemoteMail> mails = new ArrayList<>();
        Map<Long, Long> sizes = sizes(uids);
        List<Long> portion = new ArrayList<>();
        long octets = 0;
        for (Map.Entry<Long, Long> e : sizes.entrySet()) {
            long size = Math.min(e.getValue(), configuration.getMaxSize());
            if (!portion.isEmpty() && octets + size > FETCH_OCTETS) {
                // The rest is left for the next call: what is held in memory stays bounded.
                end = at + indexOf(uids, e.getKey());
                break;
            }
            portion.add(e.getKey());
            octets += size;
        }
        if (!portion.isEmpty()) {
            fetch(portion, sizes, mails);
        }
        at = end;
        return mails.isEmpty() && at < waiting.length ? next(limit) : mails;
    }

    private static int indexOf(long[] uids, long uid) {
        return Arrays.binarySearch(uids, uid);
    }

    /** UIDs that are gone meanwhile are absent. */
    private Map<Long, Long> sizes(long[] uids) throws MessagingException {
        Map<Long, Long> sizes = new LinkedHashMap<>();
        if (uids.length == 0) {
            return sizes;
        }
        for (Response r : command("UID FETCH", set(uids).writeAtom("(UID RFC822.SIZE)"))) {
            if (r instanceof FetchResponse f) {
                UID uid = f.getItem(UID.class);
                RFC822SIZE size = f.getItem(RFC822SIZE.class);
                if (uid != null && size != null) {
                    sizes.put(uid.uid, size.size);
                }
            }
        }
        Map<Long, Long> sorted = new LinkedHashMap<>();
        sizes.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return sorted;
    }

    private void fetch(List<Long> uids, Map<Long, Long> sizes, List<RemoteMail> into) throws MessagingException {
        // PEEK: fetching does not mark as read (RFC 3501 6.4.5).
        String items = "(UID BODY.PEEK[]<0." + configuration.getMaxSize() + ">)";
        long[] all = uids.stream().mapToLong(Long::longValue).toArray();
        for (Response r : command("UID FETCH", set(all).writeAtom(items))) {
            if (r instanceof FetchResponse f) {
                UID uid = f.getItem(UID.class);
                BODY body = f.getItem(BODY.class);
                if (uid != null && body != null && sizes.containsKey(uid.uid)) {
                    byte[] content = body.getByteArray() == null
                            ? new byte[0]
                            : body.getByteArrayInputStream().readAllBytes();
                    long size = sizes.get(uid.uid);
                    into.add(new RemoteMail(Long.toString(uid.uid), content, size, size > configuration.getMaxSize()));
                }
            }
        }
    }

    @Override
    public void settle(Map<Disposal, List<RemoteMail>> mails) throws MessagingException, IOException {
        connect();
        for (Map.Entry<Disposal, List<RemoteMail>> e : mails.entrySet()) {
            if (e.getValue().isEmpty()) {
                continue;
            }
            long[] uids = e.getValue().stream()
                    .mapToLong(m -> Long.parseLong(m.id()))
                    .sorted()
                    .toArray();
            boolean flag = configuration.getAfterHandling() == AfterHandling.FLAG;
            String flags = (e.getKey() == Disposal.HANDLED ? "\\Seen " : "") + (flag ? keyword(e.getKey()) : "");
            if (!flags.isBlank()) {
                command("UID STORE", set(uids).writeAtom("+FLAGS.SILENT").writeAtom("(" + flags.strip() + ")"));
            }
            if (!flag) {
                moveTo(configuration.folderOf(e.getKey()), uids);
            }
        }
    }

    private void moveTo(String target, long[] uids) throws MessagingException {
        removed += uids.length;
        if (move) {
            // RFC 6851 3: one command, so that a crash leaves no second copy.
            command("UID MOVE", set(uids).writeString(BASE64MailboxEncoder.encode(target)));
            return;
        }
        command("UID COPY", set(uids).writeString(BASE64MailboxEncoder.encode(target)));
        command("UID STORE", set(uids).writeAtom("+FLAGS.SILENT").writeAtom("(\\Deleted)"));
        if (uidPlus) {
            // RFC 4315 2.1: others' deleted mails are left alone. A server without it keeps ours, flagged, until
            // somebody
            // expunges.
            command("UID EXPUNGE", set(uids));
        }
    }

    @Override
    public void rest() {
        // The connection stays: it waits for news.
    }

    @Override
    public boolean tellsNews() {
        return configuration.isIdle() && idle && !newsUnread;
    }

    @Override
    public boolean hasNews() {
        return newsUnread;
    }

    @Override
    public void endWait() throws MessagingException {
        IMAPFolder f = folder;
        if (f != null && f.isOpen()) {
            f.doCommand(protocol -> {
                protocol.noop();
                return null;
            });
        }
    }

    @Override
    public void awaitNews(Runnable early) throws MessagingException {
        IMAPFolder f = folder;
        onNews = early;
        if (f != null) {
            f.idle(true);
        }
    }

    @Override
    public void disconnect() {
        IMAPFolder f = folder;
        Store s = store;
        folder = null;
        store = null;
        removed = 0;
        try {
            if (f != null && f.isOpen()) {
                // No LOGOUT: a dead connection would be waited for.
                f.forceClose();
            }
        } catch (MessagingException | IllegalStateException e) {
            MailboxFaults.ignored(e);
        }
        try {
            if (s != null) {
                s.close();
            }
        } catch (MessagingException e) {
            MailboxFaults.ignored(e);
        }
    }

    private void connect() throws MessagingException, IOException {
        IMAPFolder f = folder;
        if (f != null && f.isOpen()) {
            return;
        }
        disconnect();
        IMAPStore s = (IMAPStore) server.connect();
        store = s;
        try {
            idle = s.hasCapability("IDLE");
            move = s.hasCapability("MOVE");
            uidPlus = s.hasCapability("UIDPLUS");
            if (configuration.getAfterHandling() == AfterHandling.MOVE) {
                // Before the folder is opened, which then takes over the connection: one is enough.
                for (Disposal d : Disposal.values()) {
                    make(s, configuration.folderOf(d));
                }
            }
            IMAPFolder opened = (IMAPFolder) s.getFolder(name);
            opened.open(Folder.READ_WRITE);
            // Some servers tell what is new before they confirm that they will: then the library does not end its wait.
            opened.addMessageCountListener(new MessageCountAdapter() {
                @Override
                public void messagesAdded(MessageCountEvent e) {
                    onNews.run();
                }
            });
            folder = opened;
            if (configuration.getAfterHandling() == AfterHandling.FLAG
                    && !opened.getPermanentFlags().contains(Flags.Flag.USER)) {
                // RFC 3501 7.1: no \* among the permanent flags.
                throw new MessagingException("the server keeps no keywords in " + name + ": use afterHandling=MOVE");
            }
        } catch (FolderNotFoundException e) {
            disconnect();
            throw new MessagingException("there is no folder " + name + " (option folder)", e);
        } catch (MessagingException e) {
            disconnect();
            throw e;
        }
    }

    private static void make(Store s, String target) throws MessagingException {
        Folder f = s.getFolder(target);
        if (f.exists() || f.create(Folder.HOLDS_MESSAGES)) {
            return;
        }
        Folder[] own = s.getPersonalNamespaces();
        String prefix = own.length == 0 ? "" : own[0].getFullName();
        throw new MessagingException("the server does not make the folder " + target
                + (prefix.isEmpty() ? "" : "; its folders begin with " + prefix + own[0].getSeparator()));
    }

    private static String keyword(Disposal d) {
        return KEYWORD + d.name().charAt(0) + d.name().substring(1).toLowerCase(java.util.Locale.ROOT);
    }

    private static Argument set(long[] uids) {
        return new Argument().writeAtom(UIDSet.toString(UIDSet.createUIDSets(uids)));
    }

    private Response[] command(String command, Argument arguments) throws MessagingException {
        IMAPFolder f = folder;
        if (f == null) {
            throw new MessagingException("the connection was closed");
        }
        return (Response[]) f.doCommand(protocol -> {
            Response[] responses = protocol.command(command, arguments);
            // The folder must learn of mails that came or went meanwhile.
            protocol.notifyResponseHandlers(responses);
            protocol.handleResult(responses[responses.length - 1]);
            return responses;
        });
    }

    private static long[] numbers(Response[] responses) {
        long[] numbers = new long[0];
        for (Response r : responses) {
            if (r instanceof IMAPResponse i && i.keyEquals("SEARCH")) {
                long[] some = new long[1024];
                int n = 0;
                for (long next = i.readLong(); next != -1; next = i.readLong()) {
                    if (n == some.length) {
                        some = Arrays.copyOf(some, n * 2);
                    }
                    some[n++] = next;
                }
                long[] joined = Arrays.copyOf(numbers, numbers.length + n);
                System.arraycopy(some, 0, joined, numbers.length, n);
                numbers = joined;
            }
        }
        return numbers;
    }
}
