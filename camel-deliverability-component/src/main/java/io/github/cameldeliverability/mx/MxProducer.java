package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.spi.Mailer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultAsyncProducer;

/** Hands exchanges to the stream's mailer. Builds on the caller's thread, goes on on the component's reply threads. */
public class MxProducer extends DefaultAsyncProducer {

    private final MxEndpoint endpoint;
    private volatile Mailer mailer;
    private volatile MailBuilder builder;
    private volatile HealthCheck healthCheck;

    public MxProducer(MxEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        MxConfiguration stream = endpoint.getComponent().streams().open(endpoint);
        mailer = endpoint.getComponent().streams().mailer();
        MxConfiguration options = endpoint.getConfiguration().copy();
        // The stream's return path counts, whichever endpoint stated it.
        options.setReturnPath(stream.getReturnPath());
        builder = new MailBuilder(
                endpoint.getStream(),
                options,
                endpoint.headerFilter(),
                endpoint.getComponent().stamp());
        addHealthCheck();
    }

    @Override
    protected void doStop() throws Exception {
        removeHealthCheck();
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (!isRunAllowed()) {
            exchange.setException(new RejectedExecutionException("The mx producer is stopped: " + endpoint));
            callback.done(true);
            return true;
        }
        try {
            if (endpoint.getConfiguration().getDeliveryMode() == DeliveryMode.DIRECT) {
                direct(exchange, callback);
            } else {
                queue(exchange, callback);
            }
            return false;
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    private void queue(Exchange exchange, AsyncCallback callback) throws Exception {
        OutgoingMail mail = builder.build(exchange, Optional.empty());
        finish(mailer.submit(mail.submission()), exchange, callback, queueId -> {
            Message message = exchange.getMessage();
            MailBuilder.removeUsedHeaders(message);
            message.setHeader(MxConstants.QUEUE_ID, queueId);
            message.setHeader(MxConstants.MESSAGE_ID, mail.messageId());
        });
    }

    private void direct(Exchange exchange, AsyncCallback callback) throws Exception {
        Optional<DirectProgress> earlier = DirectProgress.of(exchange, endpoint.getEndpointUri());
        OutgoingMail mail = builder.build(exchange, earlier.map(DirectProgress::messageId));
        DirectProgress progress = earlier.filter(p -> isRedelivery(exchange) && p.isFor(mail.recipients()))
                .orElseGet(() ->
                        new DirectProgress(endpoint.getEndpointUri(), mail.recipients(), mail.messageId(), Map.of()));
        Submission submission = only(mail.submission(), progress.remaining());
        finish(
                mailer.deliverNow(submission),
                exchange,
                callback,
                report -> report(exchange, progress.with(report), report));
    }

    private static boolean isRedelivery(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.REDELIVERED, false, Boolean.class);
    }

    private static Submission only(Submission s, List<EmailAddress> recipients) {
        Envelope e = s.envelope();
        return new Submission(
                s.stream(),
                new Envelope(e.from(), recipients, e.envelopeId(), e.requireTls(), e.notifyOn()),
                s.content(),
                s.sendAt(),
                s.tags(),
                s.idempotencyKey());
    }

    private void report(Exchange exchange, DirectProgress progress, DeliveryReport last) {
        DeliveryReport whole = progress.report(last.queueId());
        Message message = exchange.getMessage();
        if (whole.anyDeferred()) {
            progress.keep(exchange);
            DeliveryDeferredException deferred = new DeliveryDeferredException(whole);
            message.setHeader(MxConstants.ENVELOPE_TO, MailBuilder.joined(deferred.getRemaining()));
            exchange.setException(deferred);
            return;
        }
        DirectProgress.clear(exchange);
        MailBuilder.removeUsedHeaders(message);
        message.setHeader(MxConstants.QUEUE_ID, whole.queueId());
        message.setHeader(MxConstants.MESSAGE_ID, whole.messageId());
        message.setBody(whole);
        if (endpoint.getConfiguration().isFailOnBounce() && DirectProgress.anyFailed(whole)) {
            exchange.setException(new DeliveryBouncedException(whole));
        }
    }

    /** Goes on with the exchange on a thread of ours: the stage completes on a thread of the store or the network. */
    private <T> void finish(CompletionStage<T> stage, Exchange exchange, AsyncCallback callback, Consumer<T> success) {
        BiConsumer<T, Throwable> done = (value, fault) -> {
            try {
                if (fault != null) {
                    exchange.setException(cause(fault));
                } else {
                    success.accept(value);
                }
            } catch (RuntimeException e) {
                exchange.setException(e);
            }
            callback.done(false);
        };
        ReplyThreads threads = endpoint.getComponent().replyThreads();
        boolean nested = threads.isReplyThread();
        stage.whenComplete((value, fault) -> {
            Runnable task = () -> done.accept(value, fault);
            if (nested) {
                threads.executeNested(task);
            } else {
                threads.execute(task);
            }
        });
    }

    private static Throwable cause(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }

    private void addHealthCheck() {
        WritableHealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (checks != null && endpoint.getComponent().isHealthCheckProducerEnabled()) {
            String id = "producer:mx-" + endpoint.getStream();
            MxStreams streams = endpoint.getComponent().streams();
            healthCheck = MxHealthCheck.of(
                    id, endpoint.getStream(), streams::unhealthyReason, () -> streams.trouble(endpoint.getStream()));
            checks.addHealthCheck(healthCheck);
        }
    }

    private void removeHealthCheck() {
        HealthCheck check = healthCheck;
        healthCheck = null;
        WritableHealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (checks != null && check != null) {
            checks.removeHealthCheck(check);
        }
    }
}
