package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.EmailAddress;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A message before it is written: what a route knows of it. Immutable; made with {@link #builder()}.
 *
 * @param from authors, at least one
 * @param to primary recipients as shown
 * @param cc as shown
 * @param bcc recipients whom nobody sees; they get the mail and no field
 * @param replyTo where answers go
 * @param subject empty means no such field
 * @param fields further header fields in order
 * @param text the plain text
 * @param html the HTML; with {@code text} it becomes multipart/alternative
 * @param body a body that is neither, the only one then
 * @param attachments in order
 * @param inlines parts that the HTML shows by {@code cid:}
 * @param messageId with angle brackets; empty lets the composer make one
 * @param date empty means now
 */
public record Draft(
        List<Mailbox> from,
        List<Mailbox> to,
        List<Mailbox> cc,
        List<Mailbox> bcc,
        List<Mailbox> replyTo,
        Optional<String> subject,
        List<Field> fields,
        Optional<String> text,
        Optional<String> html,
        Optional<Part> body,
        List<Part> attachments,
        List<Part> inlines,
        Optional<String> messageId,
        Optional<Instant> date) {

    public Draft {
        from = List.copyOf(from);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        replyTo = List.copyOf(replyTo);
        fields = List.copyOf(fields);
        attachments = List.copyOf(attachments);
        inlines = List.copyOf(inlines);
        if (body.isPresent() && (text.isPresent() || html.isPresent())) {
            throw new IllegalArgumentException("a draft has text and HTML, or another body, not both");
        }
    }

    /** A header field that the draft has no name for. */
    public record Field(String name, String value) {
        public Field {
            HeaderText.check(name, value);
        }
    }

    /** Opens the content of a part; is called once, by {@link MessageComposer#compose}. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /**
     * A part that is not the text.
     *
     * @param name the file name; empty for none
     * @param contentType with parameters if any, {@code application/pdf}
     * @param content its octets
     * @param contentId without angle brackets; what {@code cid:} names
     */
    public record Part(Optional<String> name, String contentType, Source content, Optional<String> contentId) {
        public Part {
            name.ifPresent(n -> HeaderText.check("Content-Disposition", n));
            HeaderText.check("Content-Type", contentType);
            contentId.ifPresent(c -> HeaderText.check("Content-ID", c));
            Objects.requireNonNull(content, "content");
        }

        public Part(String name, String contentType, Source content) {
            this(Optional.of(name), contentType, content, Optional.empty());
        }
    }

    /** Everybody who shall get it: to, cc and bcc, without duplicates. */
    public List<EmailAddress> recipients() {
        List<Mailbox> all = new ArrayList<>(to);
        all.addAll(cc);
        all.addAll(bcc);
        return AddressList.addresses(all);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects a draft. Not thread-safe. */
    public static final class Builder {
        private List<Mailbox> from = List.of();
        private List<Mailbox> to = List.of();
        private List<Mailbox> cc = List.of();
        private List<Mailbox> bcc = List.of();
        private List<Mailbox> replyTo = List.of();
        private Optional<String> subject = Optional.empty();
        private final List<Field> fields = new ArrayList<>();
        private Optional<String> text = Optional.empty();
        private Optional<String> html = Optional.empty();
        private Optional<Part> body = Optional.empty();
        private final List<Part> attachments = new ArrayList<>();
        private final List<Part> inlines = new ArrayList<>();
        private Optional<String> messageId = Optional.empty();
        private Optional<Instant> date = Optional.empty();

        private Builder() {}

        public Builder from(List<Mailbox> mailboxes) {
            from = mailboxes;
            return this;
        }

        /** As the field would say it, {@code Shop <shop@example.com>}. */
        public Builder from(String list) {
            return from(AddressList.parse("From", list));
        }

        public Builder to(List<Mailbox> mailboxes) {
            to = mailboxes;
            return this;
        }

        public Builder to(String list) {
            return to(AddressList.parse("To", list));
        }

        public Builder cc(List<Mailbox> mailboxes) {
            cc = mailboxes;
            return this;
        }

        public Builder cc(String list) {
            return cc(AddressList.parse("Cc", list));
        }

        public Builder bcc(List<Mailbox> mailboxes) {
            bcc = mailboxes;
            return this;
        }

        public Builder bcc(String list) {
            return bcc(AddressList.parse("Bcc", list));
        }

        public Builder replyTo(List<Mailbox> mailboxes) {
            replyTo = mailboxes;
            return this;
        }

        public Builder replyTo(String list) {
            return replyTo(AddressList.parse("Reply-To", list));
        }

        public Builder subject(String value) {
            HeaderText.check("Subject", value);
            subject = Optional.of(value);
            return this;
        }

        public Builder field(String name, String value) {
            fields.add(new Field(name, value));
            return this;
        }

        public Builder text(String value) {
            text = Optional.of(value);
            return this;
        }

        public Builder html(String value) {
            html = Optional.of(value);
            return this;
        }

        /** A body of another type, for example a PDF alone. */
        public Builder body(Part part) {
            body = Optional.of(part);
            return this;
        }

        public Builder attach(Part part) {
            attachments.add(part);
            return this;
        }

        /** @param part must have a content id */
        public Builder inline(Part part) {
            if (part.contentId().isEmpty()) {
                throw new IllegalArgumentException("an inline part needs a Content-ID that the HTML can name");
            }
            inlines.add(part);
            return this;
        }

        /** @param id with angle brackets */
        public Builder messageId(String id) {
            HeaderText.check("Message-ID", id);
            messageId = Optional.of(id);
            return this;
        }

        public Builder date(Instant instant) {
            date = Optional.of(instant);
            return this;
        }

        public Draft build() {
            return new Draft(
                    from,
                    to,
                    cc,
                    bcc,
                    replyTo,
                    subject,
                    fields,
                    text,
                    html,
                    body,
                    attachments,
                    inlines,
                    messageId,
                    date);
        }
    }
}
