package io.github.cameldeliverability.routes;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * When a web hook that failed is tried again: as a predicate, whether (network faults and answers that may pass, up to a
 * number of attempts); as a processor, when, if the receiver says so by Retry-After (RFC 9110 10.2.3).
 */
public class WebhookRetry implements Predicate, Processor {

    /** RFC 9110 15.5.9 (408), RFC 8470 5.2 (425), RFC 6585 4 (429): refusals that time heals. */
    private static final Set<Integer> TRANSIENT_REFUSALS = Set.of(408, 425, 429);

    private final Clock clock;
    private int maxAttempts = 10;
    private long maxDelay = Duration.ofHours(1).toMillis();

    public WebhookRetry() {
        this(Clock.systemUTC());
    }

    public WebhookRetry(Clock clock) {
        this.clock = clock;
    }

    @Override
    public boolean matches(Exchange exchange) {
        int attempts = 1 + exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class);
        return attempts < maxAttempts
                && refusal(exchange)
                        .map(HttpOperationFailedException::getStatusCode)
                        .map(status -> status >= 500 || TRANSIENT_REFUSALS.contains(status))
                        .orElse(true);
    }

    @Override
    public void process(Exchange exchange) {
        // Else the wish of an earlier answer would count for this one.
        exchange.getMessage().removeHeader(Exchange.REDELIVERY_DELAY);
        refusal(exchange)
                .flatMap(this::retryAfter)
                .map(d -> Math.max(0, Math.min(d.toMillis(), maxDelay)))
                .ifPresent(d -> exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, d));
    }

    private static Optional<HttpOperationFailedException> refusal(Exchange exchange) {
        Exception fault = exchange.getException() != null
                ? exchange.getException()
                : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        return fault instanceof HttpOperationFailedException h ? Optional.of(h) : Optional.empty();
    }

    private Optional<Duration> retryAfter(HttpOperationFailedException answer) {
        Map<String, String> headers = answer.getResponseHeaders();
        if (headers == null) {
            return Optional.empty();
        }
        return headers.entrySet().stream()
                .filter(h -> h.getKey().equalsIgnoreCase("Retry-After"))
                .findFirst()
                .flatMap(h -> delay(h.getValue().strip()));
    }

    private Optional<Duration> delay(String value) {
        try {
            if (value.chars().allMatch(Character::isDigit)) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            ZonedDateTime at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(clock.instant(), at.toInstant()));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            // Not understood is the same as not given.
            return Optional.empty();
        }
    }

    public int getMaxAttempts() {
        return maxAttempts;
    }

    /** How often a web hook is tried at most. */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public long getMaxDelay() {
        return maxDelay;
    }

    /** The longest wait in milliseconds that Retry-After may ask for. */
    public void setMaxDelay(long maxDelay) {
        this.maxDelay = maxDelay;
    }
}
