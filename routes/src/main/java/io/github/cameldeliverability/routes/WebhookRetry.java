package io.github.cameldeliverability.routes;

import io.github.cameldeliverability.suppression.SuppressionConstants;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Decides on a web hook that failed, inside a {@code doCatch}: a failure that may pass is thrown again, so that the change feed
 * stops and gives the change out later, at the time that the receiver asks for by Retry-After (RFC 9110 10.2.3); after a
 * refusal for good, or the last attempt, the exchange goes on to the next step, the dead letters.
 */
public class WebhookRetry implements Processor {

    /** RFC 9110 15.5.9 (408), RFC 8470 5.2 (425), RFC 6585 4 (429): refusals that time heals. */
    private static final Set<Integer> TRANSIENT_REFUSALS = Set.of(408, 425, 429);

    private final Clock clock;
    private int maxAttempts = 10;

    public WebhookRetry() {
        this(Clock.systemUTC());
    }

    public WebhookRetry(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Exception fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        int attempt = exchange.getMessage().getHeader(SuppressionConstants.ATTEMPT, 1, Integer.class);
        if (attempt >= maxAttempts || !mayPass(fault)) {
            return;
        }
        if (fault instanceof HttpOperationFailedException answer) {
            retryAfter(answer).ifPresent(d -> exchange.getMessage()
                    .setHeader(SuppressionConstants.RETRY_DELAY, Math.max(0, d.toMillis())));
        }
        throw fault;
    }

    private static boolean mayPass(Exception fault) {
        return !(fault instanceof HttpOperationFailedException answer)
                || answer.getStatusCode() >= 500
                || TRANSIENT_REFUSALS.contains(answer.getStatusCode());
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

    /** How often a web hook is tried at most. */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }
}
