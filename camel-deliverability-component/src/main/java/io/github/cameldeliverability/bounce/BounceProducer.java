package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.compose.MailBytes;
import io.github.cameldeliverability.feedback.ReadMail;
import io.github.cameldeliverability.feedback.report.MailReportReader;
import io.github.cameldeliverability.intake.Correlator;
import io.github.cameldeliverability.mail.ComplaintReport;
import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.MailReport;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Verdict;
import io.github.cameldeliverability.suppression.OperationProducer;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The way of one returned mail: its bytes, what they say, whose message they answer, and a {@link Feedback} as the body.
 *
 * <p>A header of the exchange that has the name of a header field of the mail is removed, for it came from a stranger.
 */
class BounceProducer extends OperationProducer {

    private final BounceEndpoint endpoint;
    private final MailReportReader reportReader = new MailReportReader();
    private final Clock clock = Clock.systemUTC();

    BounceProducer(BounceEndpoint endpoint) {
        super(endpoint, "bounce-" + endpoint.getRuleset());
        this.endpoint = endpoint;
    }

    @Override
    protected boolean operate(Exchange exchange, AsyncCallback callback) throws Exception {
        Object body = exchange.getMessage().getBody();
        Optional<SmtpReply> reply = reply(body);
        if (reply.isPresent()) {
            answer(exchange, reply.get());
            callback.done(true);
            return true;
        }
        return mail(exchange, callback);
    }

    private boolean mail(Exchange exchange, AsyncCallback callback) throws UnreadableMailException {
        MailBytes raw = read(exchange);
        ReadMail returned = understand(exchange, raw);
        List<MailReport> found = reports(raw, returned.feedback().kind());
        removeFieldsOf(raw.content(), exchange.getMessage());
        Optional<Correlator> correlator = endpoint.correlator();
        CompletionStage<Feedback> correlated = correlator.isPresent()
                ? correlator.get().correlate(returned)
                : CompletableFuture.completedFuture(returned.feedback());
        return finish(correlated, exchange, callback, feedback -> {
            describe(
                    exchange.getMessage(),
                    feedback,
                    feedback.recipients().stream().findFirst().map(RecipientFeedback::verdict));
            if (raw.truncated()) {
                exchange.getMessage().setHeader(BounceConstants.TRUNCATED, true);
            }
            describe(exchange.getMessage(), found);
        });
    }

    /** Reports are ordinary mail to the reader of bounces, or complaints if they are of machines. */
    private List<MailReport> reports(MailBytes raw, FeedbackKind kind) {
        return kind == FeedbackKind.NONE || kind == FeedbackKind.COMPLAINT
                ? reportReader.read(raw.content()).reports()
                : List.of();
    }

    private void describe(Message m, List<MailReport> found) {
        if (found.isEmpty()) {
            return;
        }
        m.setHeader(BounceConstants.REPORT, found.get(0).kind());
        boolean complaint = found.stream().anyMatch(ComplaintReport.class::isInstance);
        if (endpoint.getConfiguration().isReports() && !complaint) {
            m.setBody(found);
        }
    }

    private MailBytes read(Exchange exchange) throws UnreadableMailException {
        Object body = exchange.getMessage().getBody();
        String type = body == null ? "nothing" : body.getClass().getName();
        try {
            Optional<MailBytes> raw =
                    MailSource.read(exchange, endpoint.getConfiguration().getMaxSize());
            if (raw.isPresent() && raw.get().content().length > 0) {
                return raw.get();
            }
        } catch (IOException | RuntimeException e) {
            throw new UnreadableMailException("Cannot read a mail from " + type, exchange, e);
        }
        throw new UnreadableMailException(
                "The body holds no mail (want bytes, text, a stream, a file, a jakarta.mail message or an SMTP reply): "
                        + type,
                exchange,
                null);
    }

    /** One mail that the reader trips over must not stop a mailbox. */
    private ReadMail understand(Exchange exchange, MailBytes raw) throws UnreadableMailException {
        try {
            return endpoint.reader().readMail(raw.content());
        } catch (RuntimeException e) {
            throw new UnreadableMailException("Cannot understand the mail", exchange, e);
        }
    }

    private static void removeFieldsOf(byte[] mail, Message m) {
        Set<String> fields = MailSource.fieldNames(mail);
        for (String header : List.copyOf(m.getHeaders().keySet())) {
            if (fields.contains(header.toLowerCase(Locale.ROOT))) {
                m.removeHeader(header);
            }
        }
    }

    private static Optional<SmtpReply> reply(Object body) {
        if (body instanceof SmtpReply r) {
            return Optional.of(r);
        }
        return body instanceof CharSequence text ? SmtpReplyText.parse(text.toString()) : Optional.empty();
    }

    private void answer(Exchange exchange, SmtpReply reply) {
        Message m = exchange.getMessage();
        Verdict verdict = endpoint.verdicts()
                .judge(new ReplyEvidence(
                        Optional.of(reply.code()), reply.enhanced(), Optional.empty(), Optional.empty(), reply.text()));
        boolean failed = !reply.isPositive() && verdict.permanence() == Permanence.PERMANENT;
        String action = reply.isPositive() ? "delivered" : failed ? "failed" : "delayed";
        Object recipient = m.getHeader(BounceConstants.RECIPIENT);
        List<RecipientFeedback> recipients = recipient == null
                ? List.of()
                : List.of(new RecipientFeedback(
                        EmailAddress.parse(recipient.toString()),
                        Optional.empty(),
                        action,
                        reply.enhanced(),
                        reply.format(),
                        Optional.empty(),
                        verdict));
        Feedback feedback = new Feedback(
                failed ? FeedbackKind.BOUNCE : FeedbackKind.DELIVERY_NOTICE,
                recipients,
                Correlation.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                clock.instant(),
                "smtp-reply");
        describe(m, feedback, Optional.of(verdict));
    }

    private static void describe(Message m, Feedback feedback, Optional<Verdict> verdict) {
        m.removeHeaders("CamelBounce*");
        Correlation c = feedback.correlation();
        m.setHeader(BounceConstants.KIND, feedback.kind().id());
        m.setHeader(
                BounceConstants.HARD,
                verdict.filter(Verdict::isHard).isPresent()
                        || feedback.recipients().stream()
                                .anyMatch(r -> r.verdict().isHard()));
        m.setHeader(BounceConstants.AUTHENTICATED, c.authenticated());
        m.setHeader(
                BounceConstants.CORRELATION,
                c.method().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        c.stream().ifPresent(s -> m.setHeader(BounceConstants.STREAM, s));
        c.queueId().ifPresent(q -> m.setHeader(BounceConstants.QUEUE_ID, q));
        feedback.originalMessageId().ifPresent(id -> m.setHeader(BounceConstants.MESSAGE_ID, id));
        verdict.ifPresent(v -> {
            m.setHeader(BounceConstants.REASON, v.reason().id());
            m.setHeader(BounceConstants.RULE_ID, v.ruleId());
        });
        List<String> all = new ArrayList<>();
        feedback.recipients().forEach(r -> all.add(r.address().toString()));
        m.setHeader(BounceConstants.RECIPIENTS, all);
        feedback.recipients().stream().findFirst().ifPresent(r -> {
            m.setHeader(BounceConstants.RECIPIENT, r.address().toString());
            m.setHeader(BounceConstants.DIAGNOSTIC, r.diagnostic());
            r.status().ifPresent(s -> m.setHeader(BounceConstants.STATUS, s.toString()));
        });
        m.setBody(feedback);
    }
}
