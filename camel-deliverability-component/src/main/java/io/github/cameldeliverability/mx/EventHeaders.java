package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Verdict;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Says in headers what a delivery event says. */
final class EventHeaders {

    private EventHeaders() {}

    static void set(Message message, DeliveryEvent e) {
        message.setHeader(MxConstants.STREAM, e.stream());
        message.setHeader(MxConstants.QUEUE_ID, e.queueId());
        message.setHeader(MxConstants.MESSAGE_ID, e.messageId());
        message.setHeader(MxConstants.RECIPIENT, e.recipient().toString());
        message.setHeader(MxConstants.OUTCOME, e.outcome().id());
        message.setHeader(MxConstants.ATTEMPT, e.attempt());
        e.verdict().ifPresent(v -> {
            message.setHeader(MxConstants.REASON, v.reason().id());
            message.setHeader(MxConstants.FAULT, v.fault().id());
            message.setHeader(MxConstants.RULE, v.ruleId());
        });
        message.setHeader(MxConstants.HARD, e.verdict().map(Verdict::isHard).orElse(false));
        e.reply().ifPresent(r -> {
            message.setHeader(MxConstants.REPLY, r.format());
            message.setHeader(MxConstants.REPLY_CODE, r.code());
            r.enhanced().ifPresent(s -> message.setHeader(MxConstants.STATUS, s.toString()));
        });
        e.provider().ifPresent(p -> message.setHeader(MxConstants.PROVIDER, p));
        e.host().ifPresent(h -> message.setHeader(MxConstants.HOST, h));
        e.nextAttempt().ifPresent(n -> message.setHeader(MxConstants.NEXT_ATTEMPT, n));
        e.fallback().ifPresent(f -> message.setHeader(MxConstants.FALLBACK, f.id()));
        message.setHeader(Exchange.MESSAGE_TIMESTAMP, e.at().toEpochMilli());
    }
}
