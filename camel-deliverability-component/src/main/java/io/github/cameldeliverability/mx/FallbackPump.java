package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.delivery.DeliveryListener;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.FallbackStep;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.spi.Fallbacks;
import io.github.cameldeliverability.mail.spi.Fallbacks.HandOver;
import io.github.cameldeliverability.mail.spi.Fallbacks.Waiting;
import io.github.cameldeliverability.mail.spi.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what failed for good in one stream to its fallback. The message is in the store before it is offered and leaves it
 * after it was taken, so that a crash in between repeats the offer under the same key. Thread-safe.
 */
final class FallbackPump {

    private static final Logger LOG = LoggerFactory.getLogger(FallbackPump.class);
    private static final long LOOK_MILLIS = 500;
    private static final long STORE_TIMEOUT_SECONDS = 30;
    private static final int AT_A_TIME = 4;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(5);
    /** camel-mail writes a body that is no object of jakarta.mail into a new message. */
    private static final Pattern MAIL_SCHEME = Pattern.compile("smtps?:");

    private static final int LONGEST_TEXT = 300;

    /** Tells the sender of a failure that stands, given the final outcome. */
    @FunctionalInterface
    interface SenderNotice {
        CompletionStage<Void> failed(HandOver handOver);
    }

    private final CamelContext context;
    private final String stream;
    private final Endpoint target;
    private final String targetName;
    private final Duration maxAge;
    private final Fallbacks fallbacks;
    private final Clock clock;
    private final SenderNotice notice;
    private final DeliveryListener listener;
    private final ProducerTemplate template;
    private final ScheduledExecutorService looks;
    private final ExecutorService threads;
    private final AutoCloseable news;

    /** What was taken, until the store says so, too: while we live nothing is offered again that was taken. */
    private final Map<RecipientKey, DeliveryEvent> taken = new ConcurrentHashMap<>();

    private volatile boolean open = true;
    private volatile Instant notBefore = Instant.MIN;
    private volatile Optional<String> fault = Optional.empty();

    /** @param maxAge how long after the failure a message is offered */
    FallbackPump(
            CamelContext context,
            Endpoint target,
            String stream,
            Duration maxAge,
            Store store,
            Clock clock,
            SenderNotice notice,
            DeliveryListener listener) {
        this.context = context;
        this.stream = stream;
        this.target = target;
        this.targetName = URISupport.sanitizeUri(target.getEndpointUri());
        this.maxAge = maxAge;
        this.fallbacks = store.fallbacks();
        this.clock = clock;
        this.notice = notice;
        this.listener = listener;
        template = context.createProducerTemplate();
        threads = Pools.fixed(context, this, "MxFallback[" + stream + "]", AT_A_TIME);
        looks = context.getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "MxFallbackTimer[" + stream + "]");
        news = store.events().onEvents(stream, this::wake);
        var unused = looks.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What of the stream waits for a fallback that does not take it, and why; no I/O. */
    Optional<String> trouble() {
        return fault;
    }

    /** Blocking: lets what is being handed over end, for a while, and begins nothing new. */
    void stop() {
        open = false;
        try {
            news.close();
        } catch (Exception e) {
            LOG.debug("stream={} closing the event listener failed", stream, e);
        }
        var executors = context.getExecutorServiceManager();
        executors.shutdownGraceful(looks);
        executors.shutdownGraceful(threads);
        template.stop();
    }

    private void wake() {
        try {
            looks.execute(this::look);
        } catch (RejectedExecutionException e) {
            LOG.debug("stream={} stopped while a message failed", stream);
        }
    }

    private void look() {
        try {
            boolean more = true;
            // Routes that are not there yet, or no longer, would look like a fallback that refuses.
            while (more && open && context.isStarted() && !clock.instant().isBefore(notBefore)) {
                List<HandOver> due = await(fallbacks.due(stream, clock.instant(), AT_A_TIME));
                List<Callable<Boolean>> offers = new ArrayList<>();
                due.forEach(h -> offers.add(() -> offer(h)));
                boolean all = true;
                for (Future<Boolean> f : threads.invokeAll(offers)) {
                    all &= f.get();
                }
                if (!due.isEmpty()) {
                    remember(all);
                }
                more = due.size() == AT_A_TIME;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | IOException | RuntimeException e) {
            notBefore = clock.instant().plus(STORE_PAUSE);
            if (open) {
                LOG.warn("event=fallback-trouble stream={} to={} reason=\"{}\"", stream, targetName, e.toString(), e);
                fault = Optional.of("what failed for good cannot be handed to " + targetName + ": " + e);
            }
        }
    }

    /** @param all whether all offers of the round were taken */
    private void remember(boolean all) throws IOException, InterruptedException {
        Waiting waiting = await(fallbacks.waiting(stream));
        if (waiting.count() == 0) {
            fault = Optional.empty();
        } else if (!all) {
            fault = Optional.of(waiting.count() + " messages of stream " + stream + " that failed wait for "
                    + targetName + ", which did not take them; the oldest failed at "
                    + waiting.oldest().orElse(clock.instant()));
        }
    }

    private boolean offer(HandOver handOver) throws IOException, InterruptedException {
        DeliveryEvent before = taken.get(handOver.key());
        if (before != null) {
            over(handOver, before);
            return true;
        }
        Instant began = clock.instant();
        Exchange exchange = target.createExchange();
        FallbackExchange.fill(
                exchange, handOver, MAIL_SCHEME.matcher(target.getEndpointUri()).lookingAt());
        template.send(target, exchange);
        Optional<Exception> failure = Optional.ofNullable(exchange.getException());
        if (failure.isEmpty() && exchange.isRollbackOnly()) {
            failure = Optional.of(new IllegalStateException("the route rolled it back"));
        }
        Instant now = clock.instant();
        if (failure.isEmpty()) {
            DeliveryEvent done = event(handOver, FallbackStep.DONE, Optional.empty(), Optional.empty(), began, now);
            taken.put(handOver.key(), done);
            over(handOver, done);
            return true;
        }
        if (!open) {
            // The routes are going down with us: this says nothing of the fallback.
            return false;
        }
        boolean loop = exchange.getException(FallbackLoopException.class) != null;
        Instant deadline = handOver.event().at().plus(maxAge);
        if (loop || !now.isBefore(deadline)) {
            // RFC 3463 3.5: x.4.6 routing loop detected, x.4.7 delivery time expired
            SmtpReply why = SmtpReply.synthetic(554, loop ? "5.4.6" : "5.4.7", text(failure.get()));
            await(notice.failed(handOver));
            over(handOver, event(handOver, FallbackStep.FAILED, Optional.of(why), Optional.empty(), began, now));
        } else {
            Instant next = now.plus(pause(handOver.attempts()));
            SmtpReply why = SmtpReply.synthetic(451, "4.3.0", text(failure.get()));
            DeliveryEvent event = event(
                    handOver,
                    FallbackStep.RETRYING,
                    Optional.of(why),
                    Optional.of(next.isBefore(deadline) ? next : deadline),
                    began,
                    now);
            await(fallbacks.postpone(handOver, event));
            said(event);
        }
        return false;
    }

    private void over(HandOver handOver, DeliveryEvent event) throws IOException, InterruptedException {
        await(fallbacks.over(handOver, event));
        taken.remove(handOver.key());
        said(event);
    }

    private static Duration pause(int before) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(before, 12));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private DeliveryEvent event(
            HandOver h,
            FallbackStep step,
            Optional<SmtpReply> reply,
            Optional<Instant> next,
            Instant began,
            Instant now) {
        return new DeliveryEvent(
                stream,
                h.key().queueId(),
                h.message().messageId(),
                h.event().recipient(),
                Outcome.FALLBACK,
                reply,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(targetName),
                h.attempts() + 1,
                now,
                next,
                began.isBefore(now) ? Duration.between(began, now) : Duration.ZERO,
                Optional.empty(),
                Optional.of(step));
    }

    private void said(DeliveryEvent e) {
        LOG.info(
                "event=fallback stream={} id={} domain={} fallback={} attempt={} to=\"{}\" reply=\"{}\"",
                stream,
                e.queueId(),
                e.recipient().domain(),
                e.fallback().map(FallbackStep::id).orElse(""),
                e.attempt(),
                targetName,
                e.reply().map(SmtpReply::format).orElse(""));
        try {
            listener.onEvent(e);
        } catch (RuntimeException fault) {
            LOG.error("the delivery listener failed; hand-overs go on", fault);
        }
    }

    private static String text(Throwable failure) {
        String text = URISupport.sanitizeUri(String.valueOf(failure)).replaceAll("\\p{Cntrl}+", " ");
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }

    private static <T> T await(CompletionStage<T> stage) throws IOException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the store did not answer within " + STORE_TIMEOUT_SECONDS + " s", e);
        }
    }
}
