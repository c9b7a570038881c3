package io.github.cameldeliverability.compose;

import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.ParameterList;
import jakarta.mail.internet.ParseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a {@link Draft} as RFC 5322 and MIME octets: lines end in CRLF and hold at most 998 octets, ASCII throughout
 * unless an address with a non-ASCII local part or an attached 8-bit message forbids it. Thread-safe.
 */
public final class MessageComposer {

    /** Fields that the composer writes itself, or that must not leave (RFC 5322 3.6.3 Bcc, RFC 5321 4.4 Return-Path). */
    private static final Set<String> OWN_FIELDS = Set.of(
            "from",
            "to",
            "cc",
            "bcc",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-disposition",
            "content-id",
            "return-path",
            "resent-bcc");

    private final MessageStamp stamp;

    public MessageComposer(MessageStamp stamp) {
        this.stamp = stamp;
    }

    /**
     * @throws IllegalArgumentException naming the header that is missing or bad
     * @throws IOException if a part's content cannot be read
     */
    public byte[] compose(Draft draft) throws IOException {
        if (draft.from().isEmpty()) {
            // RFC 5322 3.6.2: the originator fields must be there.
            throw new IllegalArgumentException("Header From is missing: a message needs an author");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        StringBuilder head = new StringBuilder();
        head.append(
                HeaderText.unstructured("Date", MessageStamp.date(draft.date().orElseGet(stamp::now))));
        head.append(HeaderText.mailboxes("From", draft.from()));
        if (draft.from().size() > 1
                && draft.fields().stream().noneMatch(f -> f.name().equalsIgnoreCase("Sender"))) {
            // RFC 5322 3.6.2: several authors need one Sender.
            head.append(HeaderText.mailboxes("Sender", draft.from().subList(0, 1)));
        }
        appendMailboxes(head, "Reply-To", draft.replyTo());
        appendMailboxes(head, "To", draft.to());
        appendMailboxes(head, "Cc", draft.cc());
        if (draft.to().isEmpty() && draft.cc().isEmpty()) {
            // Some receivers dislike a message without any destination field; an empty group says that it is meant.
            head.append("To: undisclosed-recipients:;\r\n");
        }
        draft.subject().ifPresent(s -> head.append(HeaderText.unstructured("Subject", s)));
        String id = draft.messageId()
                .orElseGet(() -> stamp.messageId(draft.from().get(0).address().asciiDomain()));
        head.append(HeaderText.unstructured("Message-ID", id));
        for (Draft.Field f : draft.fields()) {
            if (!OWN_FIELDS.contains(f.name().toLowerCase(Locale.ROOT))) {
                head.append(HeaderText.unstructured(f.name(), f.value()));
            }
        }
        head.append("MIME-Version: 1.0\r\n");
        // RFC 6532 3: the header section is UTF-8 where it is not ASCII.
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        root(draft).writeTo(out);
        return out.toByteArray();
    }

    private static void appendMailboxes(StringBuilder head, String name, List<Mailbox> mailboxes) {
        if (!mailboxes.isEmpty()) {
            head.append(HeaderText.mailboxes(name, mailboxes));
        }
    }

    /** mixed( alternative( text, related( html, inline parts ) ), attachments ), leaving out what holds one part only. */
    private Entity root(Draft draft) throws IOException {
        List<Entity> alternatives = new ArrayList<>();
        if (draft.text().isPresent()) {
            alternatives.add(text("plain", draft.text().get()));
        }
        List<Entity> related = new ArrayList<>();
        if (draft.html().isPresent()) {
            related.add(text("html", draft.html().get()));
        }
        List<Entity> mixed = new ArrayList<>();
        List<Entity> lateInlines = new ArrayList<>();
        for (Draft.Part p : draft.inlines()) {
            // RFC 2387: only what an HTML part refers to is related to it.
            (draft.html().isPresent() ? related : lateInlines).add(part(p, "inline"));
        }
        if (!related.isEmpty()) {
            alternatives.add(container("related", related));
        }
        if (!alternatives.isEmpty()) {
            mixed.add(container("alternative", alternatives));
        } else if (draft.body().isPresent()) {
            mixed.add(part(draft.body().get(), draft.body().get().name().isPresent() ? "attachment" : "inline"));
        } else {
            mixed.add(text("plain", ""));
        }
        mixed.addAll(lateInlines);
        for (Draft.Part p : draft.attachments()) {
            mixed.add(part(p, "attachment"));
        }
        return container("mixed", mixed);
    }

    private Entity container(String subtype, List<Entity> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        // "=_" cannot stand in quoted-printable nor in base64 (RFC 2045 6.7), the random word not in anything else.
        String boundary = "=_" + stamp.word(15);
        String head = HeaderText.withParameters(
                "Content-Type", "multipart/" + subtype, List.<String[]>of(new String[] {"boundary", boundary}));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Entity e : parts) {
            ascii(body, "--" + boundary + "\r\n");
            e.writeTo(body);
            ascii(body, "\r\n");
        }
        ascii(body, "--" + boundary + "--\r\n");
        boolean eightBit = parts.stream().anyMatch(Entity::eightBit);
        // RFC 2045 6.4: a container says 8bit if a part of it is.
        return new Entity(head + (eightBit ? "Content-Transfer-Encoding: 8bit\r\n" : ""), body.toByteArray(), eightBit);
    }

    private static Entity text(String subtype, String value) {
        byte[] octets = LineEnds.toCrlf(value).getBytes(StandardCharsets.UTF_8);
        boolean ascii = value.chars().allMatch(c -> c < 128);
        TransferEncoding encoding = TransferEncoding.forText(octets);
        String head = "Content-Type: text/" + subtype + "; charset=" + (ascii ? "us-ascii" : "utf-8") + "\r\n"
                + "Content-Transfer-Encoding: " + encoding.token + "\r\n";
        return new Entity(head, encoding.encode(octets), false);
    }

    private static Entity part(Draft.Part p, String disposition) throws IOException {
        byte[] octets;
        try (InputStream in = p.content().open()) {
            octets = in.readAllBytes();
        }
        ContentType type = contentType(p.contentType());
        TransferEncoding encoding = TransferEncoding.BASE64;
        // RFC 2046 5.1 and 5.2.1: composite types take no base64; what fits no line goes as plain octets.
        if (type.getPrimaryType().equalsIgnoreCase("message")
                || type.getPrimaryType().equalsIgnoreCase("multipart")) {
            byte[] lines = LineEnds.toCrlf(octets);
            if (TransferEncoding.fitsLines(lines, true)) {
                octets = lines;
                encoding = TransferEncoding.fitsLines(lines, false)
                        ? TransferEncoding.SEVEN_BIT
                        : TransferEncoding.EIGHT_BIT;
            } else {
                type = contentType("application/octet-stream");
            }
        }
        StringBuilder head = new StringBuilder();
        List<String[]> parameters = parameters(type);
        p.name().ifPresent(n -> parameters.add(new String[] {"name", n}));
        head.append(HeaderText.withParameters(
                "Content-Type",
                (type.getPrimaryType() + "/" + type.getSubType()).toLowerCase(Locale.ROOT),
                parameters));
        head.append("Content-Transfer-Encoding: ").append(encoding.token).append("\r\n");
        List<String[]> fileName = p.name()
                .map(n -> List.<String[]>of(new String[] {"filename", n}))
                .orElse(List.of());
        head.append(HeaderText.withParameters("Content-Disposition", disposition, fileName));
        p.contentId().ifPresent(c -> head.append(HeaderText.unstructured("Content-ID", angle(c))));
        return new Entity(head.toString(), encoding.encode(octets), encoding == TransferEncoding.EIGHT_BIT);
    }

    private static String angle(String id) {
        return id.startsWith("<") ? id : "<" + id + ">";
    }

    private static List<String[]> parameters(ContentType type) {
        List<String[]> list = new ArrayList<>();
        ParameterList given = Optional.ofNullable(type.getParameterList()).orElseGet(ParameterList::new);
        for (String name : Collections.list(given.getNames())) {
            // The part's own name says it; a second one would contradict.
            if (!name.equalsIgnoreCase("name")) {
                list.add(new String[] {name, given.get(name)});
            }
        }
        return list;
    }

    /** @throws IllegalArgumentException if this is no content type of RFC 2045 5.1 */
    static ContentType contentType(String text) {
        try {
            return new ContentType(text);
        } catch (ParseException e) {
            throw new IllegalArgumentException(
                    "Header Content-Type cannot be read, want type/subtype: " + HeaderText.printable(text), e);
        }
    }

    private static void ascii(ByteArrayOutputStream out, String s) {
        out.writeBytes(s.getBytes(StandardCharsets.US_ASCII));
    }

    /** A MIME entity: its fields with their CRLFs, and its encoded body. */
    private record Entity(String head, byte[] body, boolean eightBit) {
        void writeTo(ByteArrayOutputStream out) {
            ascii(out, head);
            ascii(out, "\r\n");
            out.writeBytes(body);
        }
    }
}
