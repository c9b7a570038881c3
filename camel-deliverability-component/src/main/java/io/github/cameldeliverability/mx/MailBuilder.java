package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.compose.AddressList;
import io.github.cameldeliverability.compose.DataHandlers;
import io.github.cameldeliverability.compose.Draft;
import io.github.cameldeliverability.compose.Mailbox;
import io.github.cameldeliverability.compose.MessageComposer;
import io.github.cameldeliverability.compose.MessageStamp;
import io.github.cameldeliverability.compose.ReadyMessage;
import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.FallbackHops;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.Submission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.DefaultAttachmentMessage;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.MessageHelper;

/** Makes a submission of an exchange, after the habits of camel-mail. Thread-safe. */
final class MailBuilder {

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);
    /** Fields that the draft has names for, and those that a strange route may not set. */
    private static final Set<String> TAKEN =
            Set.of("from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id");

    private final String stream;
    private final MxConfiguration options;
    private final Optional<ReversePath> returnPath;
    private final HeaderFilterStrategy filter;
    private final MessageStamp stamp;
    private final MessageComposer composer;

    MailBuilder(String stream, MxConfiguration options, HeaderFilterStrategy filter, MessageStamp stamp) {
        this.stream = stream;
        this.options = options;
        this.filter = filter;
        this.stamp = stamp;
        this.composer = new MessageComposer(stamp);
        this.returnPath = Optional.ofNullable(options.getReturnPath()).map(ReversePath::parse);
    }

    /**
     * @param messageId what an earlier attempt for this exchange was called
     * @throws IllegalArgumentException naming the header and what is wrong with it
     * @throws IOException if the body or an attachment cannot be read
     */
    OutgoingMail build(Exchange exchange, Optional<String> messageId) throws IOException {
        Message message = exchange.getMessage();
        try {
            return isReady(message) ? ready(message, messageId) : composed(exchange, message, messageId);
        } finally {
            // Whoever comes next in the route, or a redelivery, reads the body from its start.
            MessageHelper.resetStreamCache(message);
        }
    }

    private boolean isReady(Message message) {
        MessageFormat format =
                message.getHeader(MxConstants.MESSAGE_FORMAT, options.getMessageFormat(), MessageFormat.class);
        return switch (format) {
            case RFC5322 -> true;
            case BODY -> false;
            case AUTO ->
                ReadyMessage.isMessageObject(message.getBody())
                        || contentType(message).toLowerCase(Locale.ROOT).startsWith("message/rfc822");
        };
    }

    private OutgoingMail ready(Message message, Optional<String> messageId) throws IOException {
        Object body = message.getBody();
        if (body == null) {
            throw new IllegalArgumentException("The body is empty; messageFormat=RFC5322 wants a whole message in it");
        }
        byte[] octets = ReadyMessage.isMessageObject(body) ? ReadyMessage.octets(body) : octets(message);
        ReadyMessage ready = ReadyMessage.of(octets, messageId, stamp);
        List<EmailAddress> to = envelopeTo(message)
                .or(() -> nonEmpty(ready.recipients()))
                .or(() -> nonEmpty(AddressList.addresses(option("to", options.getTo()))))
                .orElseThrow(() -> noRecipient("the fields To, Cc and Bcc of the message"));
        return mail(message, ready.from(), to, ready.content(), ready.messageId());
    }

    private OutgoingMail composed(Exchange exchange, Message message, Optional<String> messageId) throws IOException {
        List<Mailbox> from = headerMailboxes(message, "From").orElseGet(() -> option("from", options.getFrom()));
        if (from.isEmpty()) {
            throw new IllegalArgumentException("Header From is missing: set it, or the option from of the endpoint");
        }
        Draft.Builder draft = Draft.builder().from(from);
        Optional<List<Mailbox>> to = headerMailboxes(message, "To");
        Optional<List<Mailbox>> cc = headerMailboxes(message, "Cc");
        Optional<List<Mailbox>> bcc = headerMailboxes(message, "Bcc");
        // As camel-mail does: the option is for messages that name nobody themselves.
        boolean named = to.isPresent() || cc.isPresent() || bcc.isPresent();
        draft.to(named ? to.orElse(List.of()) : option("to", options.getTo()));
        draft.cc(cc.orElse(List.of())).bcc(bcc.orElse(List.of()));
        headerMailboxes(message, "Reply-To").ifPresent(draft::replyTo);
        header(message, "Subject")
                .or(() -> Optional.ofNullable(options.getSubject()))
                .ifPresent(draft::subject);
        String id = header(message, "Message-ID")
                .or(() -> messageId)
                .orElseGet(() -> stamp.messageId(from.get(0).address().asciiDomain()));
        draft.messageId(id);
        fields(exchange, message, draft);
        body(message, draft);
        attachments(message, draft);
        Draft built = draft.build();
        List<EmailAddress> recipients = envelopeTo(message)
                .or(() -> nonEmpty(built.recipients()))
                .orElseThrow(() -> noRecipient("the headers To, Cc and Bcc"));
        return mail(message, from.get(0).address(), recipients, composer.compose(built), id);
    }

    private OutgoingMail mail(
            Message message, EmailAddress author, List<EmailAddress> to, byte[] content, String messageId) {
        ReversePath from = header(message, MxConstants.ENVELOPE_FROM)
                .map(MailBuilder::envelopeFrom)
                .or(() -> returnPath)
                .orElseGet(() -> ReversePath.of(author));
        Optional<String> envelopeId = header(message, MxConstants.ENVELOPE_ID);
        boolean requireTls = message.getHeader(MxConstants.REQUIRE_TLS, false, Boolean.class);
        Optional<Instant> sendAt =
                Optional.ofNullable(message.getHeader(MxConstants.SEND_AT)).map(MailBuilder::instant);
        Set<String> tags = new LinkedHashSet<>();
        texts(message.getHeader(MxConstants.TAGS)).forEach(t -> {
            for (String tag : t.split(",")) {
                if (!tag.isBlank()) {
                    tags.add(tag.strip());
                }
            }
        });
        tags.addAll(hops(message).tags());
        Envelope envelope = new Envelope(from, to, envelopeId, requireTls, notifications(message));
        Optional<String> key = header(message, MxConstants.IDEMPOTENCY_KEY);
        return new OutgoingMail(new Submission(stream, envelope, content, sendAt, tags, key), messageId);
    }

    /** @throws FallbackLoopException if the message fell back from this stream before */
    private FallbackHops hops(Message message) {
        FallbackHops hops =
                FallbackHops.parse(header(message, MxConstants.FALLBACK_FROM).orElse(""));
        if (hops.contains(stream)) {
            throw new FallbackLoopException("The message fell back from the stream " + stream
                    + " before (header " + MxConstants.FALLBACK_FROM + ": " + hops
                    + ") and does not go round in a circle; change the option fallback of one of these streams");
        }
        return hops;
    }

    private static Set<DsnRequest.Notify> notifications(Message message) {
        Set<DsnRequest.Notify> asked = EnumSet.noneOf(DsnRequest.Notify.class);
        String text = header(message, MxConstants.DSN_NOTIFY).orElse("");
        try {
            for (String word : text.split(",")) {
                if (!word.isBlank()) {
                    asked.add(DsnRequest.Notify.valueOf(word.strip().toUpperCase(Locale.ROOT)));
                }
            }
            return new DsnRequest(asked, Optional.empty()).conditions();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Header " + MxConstants.DSN_NOTIFY + " wants NEVER, or some of SUCCESS, FAILURE and DELAY: " + text,
                    e);
        }
    }

    private static ReversePath envelopeFrom(String value) {
        try {
            return ReversePath.parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Header " + MxConstants.ENVELOPE_FROM + ": " + e.getMessage(), e);
        }
    }

    private static Instant instant(Object value) {
        if (value instanceof Instant i) {
            return i;
        }
        if (value instanceof Number n) {
            return Instant.ofEpochMilli(n.longValue());
        }
        try {
            return Instant.parse(value.toString());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "Header " + MxConstants.SEND_AT + " is no moment (want 2030-01-31T08:00:00Z or milliseconds): "
                            + value,
                    e);
        }
    }

    private static IllegalArgumentException noRecipient(String where) {
        return new IllegalArgumentException("No recipient: " + where + " name nobody; set one of them, the header "
                + MxConstants.ENVELOPE_TO + ", or the option to of the endpoint");
    }

    private static Optional<List<EmailAddress>> envelopeTo(Message message) {
        return headerMailboxes(message, MxConstants.ENVELOPE_TO).map(AddressList::addresses);
    }

    private static List<Mailbox> option(String name, String value) {
        return value == null ? List.of() : AddressList.parse(name, value);
    }

    private static Optional<List<EmailAddress>> nonEmpty(List<EmailAddress> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }

    private static Optional<String> header(Message message, String name) {
        return texts(message.getHeader(name)).reduce((a, b) -> a + ", " + b);
    }

    private static Optional<List<Mailbox>> headerMailboxes(Message message, String name) {
        return header(message, name).map(text -> AddressList.parse(name, text)).filter(l -> !l.isEmpty());
    }

    private static Stream<String> texts(Object value) {
        if (value == null) {
            return Stream.empty();
        }
        if (value instanceof Collection<?> many) {
            return many.stream().filter(Objects::nonNull).map(Object::toString);
        }
        if (value instanceof Object[] many) {
            return Stream.of(many).filter(Objects::nonNull).map(Object::toString);
        }
        return Stream.of(value.toString());
    }

    private void fields(Exchange exchange, Message message, Draft.Builder draft) {
        for (Map.Entry<String, Object> e : message.getHeaders().entrySet()) {
            if (!TAKEN.contains(e.getKey().toLowerCase(Locale.ROOT))
                    && !filter.applyFilterToCamelHeaders(e.getKey(), e.getValue(), exchange)) {
                texts(e.getValue()).forEach(v -> draft.field(e.getKey(), v));
            }
        }
    }

    private static String contentType(Message message) {
        String type = message.getHeader("contentType", String.class);
        return Objects.requireNonNullElse(
                type != null ? type : message.getHeader(Exchange.CONTENT_TYPE, String.class), "");
    }

    private static void body(Message message, Draft.Builder draft) throws IOException {
        String type = contentType(message);
        String lower = type.toLowerCase(Locale.ROOT);
        String alternative = header(message, MxConstants.ALTERNATIVE_BODY)
                .or(() -> header(message, "CamelMailAlternativeBody"))
                .orElse(null);
        if (lower.startsWith("multipart/")) {
            throw new IllegalArgumentException(
                    "Header Content-Type is " + type + ": a multipart body is a whole message;"
                            + " use messageFormat=RFC5322, or text with attachments");
        }
        if (lower.startsWith("text/html")) {
            draft.html(text(message, type));
            if (alternative != null) {
                draft.text(alternative);
            }
        } else if (lower.isBlank() || lower.startsWith("text/plain")) {
            draft.text(text(message, type));
        } else {
            byte[] octets = octets(message);
            draft.body(
                    new Draft.Part(Optional.empty(), type, () -> new ByteArrayInputStream(octets), Optional.empty()));
        }
    }

    /** Octets without a stated charset are UTF-8, whatever the platform thinks. */
    private static String text(Message message, String contentType) throws IOException {
        Object body = message.getBody();
        if (body == null) {
            return "";
        }
        if (body instanceof byte[] || body instanceof InputStream || body instanceof WrappedFile) {
            return new String(octets(message), charset(contentType));
        }
        String text = message.getBody(String.class);
        if (text == null) {
            throw new IllegalArgumentException(
                    "The body of type " + body.getClass().getName()
                            + " cannot become text; convert it to String, byte[] or InputStream first");
        }
        return text;
    }

    private static byte[] octets(Message message) throws IOException {
        Object body = message.getBody();
        if (body == null) {
            return new byte[0];
        }
        if (body instanceof String s) {
            return s.getBytes(StandardCharsets.UTF_8);
        }
        if (body instanceof byte[] b) {
            // A copy: the route may go on to change its array while the message is still to be sent.
            return b.clone();
        }
        try (InputStream in = message.getBody(InputStream.class)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "The body of type " + body.getClass().getName()
                                + " cannot be read; convert it to String, byte[] or InputStream first");
            }
            return in.readAllBytes();
        }
    }

    private static Charset charset(String contentType) {
        Matcher m = CHARSET.matcher(contentType);
        if (!m.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(m.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new IllegalArgumentException("Header Content-Type names an unknown charset: " + m.group(1), e);
        }
    }

    private static void attachments(Message message, Draft.Builder draft) {
        DefaultAttachmentMessage holder = new DefaultAttachmentMessage(message);
        if (!holder.hasAttachments()) {
            return;
        }
        for (Map.Entry<String, Attachment> e : holder.getAttachmentObjects().entrySet()) {
            Attachment a = e.getValue();
            Object data = a.getDataHandler();
            Draft.Source source = DataHandlers.source(data);
            // camel-mail's way to say that the HTML shows it: a name that begins with cid:.
            boolean cid = e.getKey().toLowerCase(Locale.ROOT).startsWith("cid:");
            Optional<String> id =
                    cid ? Optional.of(e.getKey().substring(4)) : Optional.ofNullable(a.getHeader("Content-ID"));
            String name = cid ? e.getKey().substring(4) : e.getKey();
            Draft.Part part = new Draft.Part(
                    Optional.of(name), DataHandlers.contentType(data), source, id.map(MailBuilder::bare));
            if (id.isPresent()) {
                draft.inline(part);
            } else {
                draft.attach(part);
            }
        }
    }

    private static String bare(String contentId) {
        return contentId.startsWith("<") && contentId.endsWith(">")
                ? contentId.substring(1, contentId.length() - 1)
                : contentId;
    }

    /** One-shot headers go once they are used, so that the next endpoint of the route does not obey them too. */
    static void removeUsedHeaders(Message message) {
        for (String name : List.of(
                MxConstants.ENVELOPE_FROM,
                MxConstants.ENVELOPE_TO,
                MxConstants.ENVELOPE_ID,
                MxConstants.DSN_NOTIFY,
                MxConstants.IDEMPOTENCY_KEY,
                MxConstants.SEND_AT)) {
            message.removeHeader(name);
        }
    }

    static String joined(List<EmailAddress> addresses) {
        return addresses.stream().map(EmailAddress::toString).collect(Collectors.joining(", "));
    }
}
