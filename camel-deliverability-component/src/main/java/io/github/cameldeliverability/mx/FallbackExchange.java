package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.compose.EnvelopedMessage;
import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.FallbackHops;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.WireMessage;
import io.github.cameldeliverability.mail.spi.Fallbacks.HandOver;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes the exchange that a fallback gets: the message as the route gave it to the stream, and why it failed. */
final class FallbackExchange {

    private FallbackExchange() {}

    /** @param toJakartaMail whether the endpoint is one that takes whole messages as objects of jakarta.mail only */
    static void fill(Exchange exchange, HandOver handOver, boolean toJakartaMail) {
        SpooledMessage m = handOver.message();
        Message message = exchange.getMessage();
        EventHeaders.set(message, handOver.event());
        message.removeHeader(MxConstants.FALLBACK);
        // The next one signs with keys of its own.
        byte[] content =
                WireMessage.of(m.content()).withoutLeading("DKIM-Signature").content();
        message.setBody(
                toJakartaMail
                        ? EnvelopedMessage.of(
                                content, m.sender(), handOver.event().recipient())
                        : content);
        message.setHeader(Exchange.CONTENT_TYPE, "message/rfc822");
        message.setHeader(MxConstants.MESSAGE_FORMAT, MessageFormat.RFC5322);
        message.setHeader(
                MxConstants.ENVELOPE_FROM,
                m.sender().isNull() ? "<>" : m.sender().toString());
        message.setHeader(MxConstants.ENVELOPE_TO, handOver.event().recipient().toString());
        message.setHeader(MxConstants.IDEMPOTENCY_KEY, key(handOver));
        message.setHeader(
                MxConstants.FALLBACK_FROM,
                FallbackHops.of(m.tags()).with(m.stream()).toString());
        m.envelopeId()
                .filter(id -> !id.equals(m.queueId()))
                .ifPresent(id -> message.setHeader(MxConstants.ENVELOPE_ID, id));
        if (m.requireTls()) {
            message.setHeader(MxConstants.REQUIRE_TLS, true);
        }
        List<String> tags = m.tags().stream()
                .filter(t -> !t.startsWith(FallbackHops.TAG))
                .sorted()
                .toList();
        if (!tags.isEmpty()) {
            message.setHeader(MxConstants.TAGS, tags);
        }
        String asked = m.recipients().get(handOver.key().ordinal()).dsn().conditions().stream()
                .map(DsnRequest.Notify::name)
                .sorted()
                .collect(Collectors.joining(","));
        if (!asked.isEmpty()) {
            message.setHeader(MxConstants.DSN_NOTIFY, asked);
        }
    }

    /** The same for every hand-over of this recipient's message. */
    static String key(HandOver handOver) {
        return "fallback/" + handOver.key().queueId() + "/" + handOver.key().ordinal();
    }
}
