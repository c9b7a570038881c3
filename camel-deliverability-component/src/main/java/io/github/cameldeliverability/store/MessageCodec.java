package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SpooledMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The header record of a message: all of it but queue id, stream and content. It holds every recipient, so that a
 * settled one keeps its place in the list until the message is done.
 */
final class MessageCodec {

    private static final int VERSION = 1;
    private static final int EIGHT_BIT = 1;
    private static final int UTF8_HEADER = 2;
    private static final int REQUIRE_TLS = 4;
    private static final int HAS_SENDER = 8;

    // How a recipient's reverse-path is written; without VERP all are the same.
    private static final int NULL_PATH = 0;
    private static final int OWN_PATH = 1;
    private static final int SAME_PATH = 2;

    private static final DsnRequest.Notify[] NOTIFY = DsnRequest.Notify.values();

    private MessageCodec() {}

    static byte[] encode(SpooledMessage m) {
        RecordWriter w = new RecordWriter(160 + 96 * m.recipients().size()).octet(VERSION);
        w.octet((m.eightBit() ? EIGHT_BIT : 0)
                | (m.utf8Header() ? UTF8_HEADER : 0)
                | (m.requireTls() ? REQUIRE_TLS : 0)
                | (m.sender().isNull() ? 0 : HAS_SENDER));
        w.text(m.messageId()).optionalText(m.envelopeId());
        w.instant(m.acceptedAt()).instant(m.expiresAt()).instant(m.dueAt());
        w.number(m.tags().size());
        m.tags().forEach(w::text);
        w.number(m.recipients().size());
        ReversePath last = ReversePath.NULL;
        for (Recipient r : m.recipients()) {
            w.address(r.address());
            path(w, r.reversePath(), last);
            last = r.reversePath();
            w.octet(notifyBits(r.dsn()));
            w.optionalText(r.dsn().originalRecipient());
        }
        m.sender().address().ifPresent(w::address);
        return w.toBytes();
    }

    static SpooledMessage decode(String queueId, String stream, byte[] header, byte[] content) {
        RecordReader r = new RecordReader("message", header);
        r.version(VERSION);
        int flags = r.octet();
        String messageId = r.text();
        Optional<String> envelopeId = r.optionalText();
        var acceptedAt = r.instant();
        var expiresAt = r.instant();
        var dueAt = r.instant();
        int tagCount = r.size();
        Set<String> tags = new HashSet<>();
        for (int i = 0; i < tagCount; i++) {
            tags.add(r.text());
        }
        int count = r.size();
        List<Recipient> recipients = new ArrayList<>(count);
        ReversePath last = ReversePath.NULL;
        for (int i = 0; i < count; i++) {
            EmailAddress address = r.address();
            last = path(r, last);
            recipients.add(new Recipient(address, last, dsn(r)));
        }
        ReversePath sender = (flags & HAS_SENDER) != 0 ? ReversePath.of(r.address()) : ReversePath.NULL;
        return new SpooledMessage(
                queueId,
                stream,
                messageId,
                content,
                (flags & EIGHT_BIT) != 0,
                (flags & UTF8_HEADER) != 0,
                envelopeId,
                (flags & REQUIRE_TLS) != 0,
                acceptedAt,
                expiresAt,
                dueAt,
                tags,
                recipients,
                sender);
    }

    private static void path(RecordWriter w, ReversePath path, ReversePath last) {
        if (path.isNull()) {
            w.octet(NULL_PATH);
        } else if (path.equals(last)) {
            w.octet(SAME_PATH);
        } else {
            w.octet(OWN_PATH).address(path.address().orElseThrow());
        }
    }

    private static ReversePath path(RecordReader r, ReversePath last) {
        return switch (r.octet()) {
            case NULL_PATH -> ReversePath.NULL;
            case OWN_PATH -> ReversePath.of(r.address());
            case SAME_PATH -> last;
            default -> throw r.damaged("unknown form of a reverse-path");
        };
    }

    private static int notifyBits(DsnRequest dsn) {
        int bits = 0;
        for (DsnRequest.Notify n : dsn.conditions()) {
            bits |= bit(n);
        }
        return bits;
    }

    private static int bit(DsnRequest.Notify condition) {
        return switch (condition) {
            case NEVER -> 1;
            case SUCCESS -> 2;
            case FAILURE -> 4;
            case DELAY -> 8;
        };
    }

    private static DsnRequest dsn(RecordReader r) {
        int bits = r.octet();
        Optional<String> originalRecipient = r.optionalText();
        if (bits == 0 && originalRecipient.isEmpty()) {
            return DsnRequest.NONE;
        }
        Set<DsnRequest.Notify> conditions = EnumSet.noneOf(DsnRequest.Notify.class);
        Arrays.stream(NOTIFY).filter(n -> (bits & bit(n)) != 0).forEach(conditions::add);
        try {
            return new DsnRequest(conditions, originalRecipient);
        } catch (IllegalArgumentException e) {
            throw r.damaged(e.getMessage());
        }
    }
}
