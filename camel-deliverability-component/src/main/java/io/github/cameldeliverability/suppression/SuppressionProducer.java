package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.intake.Applied;
import io.github.cameldeliverability.intake.Decision;
import io.github.cameldeliverability.intake.ReputationReports;
import io.github.cameldeliverability.intake.SuppressionIntake;
import io.github.cameldeliverability.intake.SuppressionPolicy;
import io.github.cameldeliverability.mail.CanonicalForm;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.DeliveryReport;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import io.github.cameldeliverability.token.LinkToken;
import io.github.cameldeliverability.token.LinkTokens;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations on a suppression list. */
class SuppressionProducer extends OperationProducer {

    private static final Logger LOG = LoggerFactory.getLogger(SuppressionProducer.class);

    private static final long PROGRESS_ROWS = 100_000;

    private final SuppressionEndpoint endpoint;
    private final Clock clock = Clock.systemUTC();

    SuppressionProducer(SuppressionEndpoint endpoint) {
        super(endpoint, "suppression-" + endpoint.getList());
        this.endpoint = endpoint;
    }

    @Override
    protected boolean operate(Exchange exchange, AsyncCallback callback) throws Exception {
        return switch (operation(exchange)) {
            case CHECK -> check(exchange, callback);
            case ADD -> add(exchange, callback);
            case APPLY -> apply(exchange, callback);
            case REMOVE -> remove(exchange, callback);
            case LIST -> list(exchange, callback);
            case IMPORT -> importRows(exchange, callback);
            case EXPORT -> export(exchange, callback);
            case UNDO -> undo(exchange, callback);
            case ERASE -> erase(exchange, callback);
            case INSPECT -> read(exchange, callback, LinkToken.Purpose.UNSUBSCRIBE);
            case CONFIRM -> read(exchange, callback, LinkToken.Purpose.CONFIRM);
            case UNSUBSCRIBE ->
                describe(
                        endpoint.links()
                                .unsubscribe(
                                        suppressions(),
                                        token(exchange),
                                        exchange.getMessage().getHeader(SuppressionConstants.EVIDENCE, String.class),
                                        clock.instant()),
                        exchange,
                        callback);
            case INVITE -> invite(exchange, callback);
        };
    }

    private SuppressionOperation operation(Exchange exchange) {
        Object chosen = exchange.getMessage().removeHeader(SuppressionConstants.OPERATION);
        if (chosen == null) {
            return endpoint.getConfiguration().getOperation();
        }
        if (chosen instanceof SuppressionOperation o) {
            return o;
        }
        for (SuppressionOperation o : SuppressionOperation.values()) {
            if (o.name().equalsIgnoreCase(chosen.toString().strip())) {
                return o;
            }
        }
        throw new IllegalArgumentException("Unknown operation in header " + SuppressionConstants.OPERATION + ": "
                + chosen + ", want one of " + Arrays.toString(SuppressionOperation.values()));
    }

    private boolean check(Exchange exchange, AsyncCallback callback) {
        EmailAddress address = SuppressionRequest.address(exchange.getMessage());
        String stream = Optional.ofNullable(exchange.getMessage().getHeader(SuppressionConstants.STREAM, String.class))
                .orElse(endpoint.getConfiguration().getStream());
        Set<String> scopes = new LinkedHashSet<>();
        scopes.add(Suppression.GLOBAL);
        if (stream != null && !stream.isBlank()) {
            scopes.add(Suppression.streamScope(stream));
        }
        SuppressionConfiguration c = endpoint.getConfiguration();
        scopes.addAll(SuppressionOptions.scopes(c.getScopes()));
        return finish(
                suppressions()
                        .check(
                                endpoint.getList(),
                                address,
                                scopes,
                                SuppressionOptions.checks(c.getExempt(), c.getCanonical()),
                                clock.instant()),
                exchange,
                callback,
                found -> {
                    Message m = exchange.getMessage();
                    SuppressionHeaders.clear(m);
                    m.setHeader(SuppressionConstants.SUPPRESSED, found.isPresent());
                    found.ifPresent(entry -> {
                        m.setHeader(SuppressionConstants.ENTRY, entry);
                        SuppressionHeaders.describe(m, entry);
                    });
                });
    }

    private boolean add(Exchange exchange, AsyncCallback callback) {
        List<Suppression> entries = SuppressionRequest.entries(
                exchange.getMessage(), endpoint.getList(), endpoint.getConfiguration(), clock.instant());
        Set<CanonicalForm> forms =
                SuppressionOptions.canonical(endpoint.getConfiguration().getCanonical());
        for (Suppression s : List.copyOf(entries)) {
            CanonicalForm.of(s.address(), forms)
                    .ifPresent(form ->
                            entries.add(s.forAddress(form, "canonical form of " + s.address() + ": " + s.evidence())));
        }
        CompletionStage<Integer> changed = entries.size() == 1
                ? suppressions().add(entries.get(0)).thenApply(c -> c ? 1 : 0)
                : suppressions().addAll(entries);
        return finish(
                changed, exchange, callback, n -> exchange.getMessage().setHeader(SuppressionConstants.CHANGED, n));
    }

    private boolean apply(Exchange exchange, AsyncCallback callback) {
        SuppressionConfiguration c = endpoint.getConfiguration();
        SuppressionIntake intake = new SuppressionIntake(
                new SuppressionPolicy(
                        endpoint.getList(),
                        c.getUnauthenticated(),
                        c.getOptOutScope(),
                        Optional.ofNullable(c.getStream())),
                suppressions(),
                clock,
                endpoint.softBounceRule(),
                SuppressionOptions.canonical(c.getCanonical()));
        Object body = exchange.getMessage().getBody();
        ReputationReports reports = new ReputationReports(
                endpoint.store().events(), endpoint.store().effects(), clock);
        CompletionStage<Applied> told = applyOne(intake, body)
                .thenCompose(applied -> tell(reports, body, applied).thenApply(n -> applied));
        return finish(told, exchange, callback, applied -> {
            Message m = exchange.getMessage();
            m.setHeader(SuppressionConstants.APPLIED, applied);
            m.setHeader(SuppressionConstants.CHANGED, applied.changed().size());
            m.setHeader(SuppressionConstants.QUARANTINED, applied.count(Decision.Effect.QUARANTINE));
        });
    }

    /** What came back also counts for the stream's reputation. */
    private static CompletionStage<Integer> tell(ReputationReports reports, Object body, Applied applied) {
        if (body instanceof Feedback f) {
            return reports.tell(f, applied);
        }
        CompletionStage<Integer> all = CompletableFuture.completedFuture(0);
        if (body instanceof Iterable<?> several) {
            for (Object one : several) {
                all = all.thenCombine(tell(reports, one, applied), Integer::sum);
            }
        }
        return all;
    }

    private static CompletionStage<Applied> applyOne(SuppressionIntake intake, Object body) {
        if (body instanceof Feedback f) {
            return intake.apply(f);
        }
        if (body instanceof DeliveryEvent e) {
            return intake.apply(e);
        }
        if (body instanceof DeliveryReport r) {
            return intake.apply(r.recipients());
        }
        if (body instanceof Iterable<?> several) {
            CompletionStage<Applied> all = CompletableFuture.completedFuture(new Applied(List.of()));
            for (Object one : several) {
                all = all.thenCombine(applyOne(intake, one), (a, b) -> {
                    List<Applied.Item> items = new ArrayList<>(a.items());
                    items.addAll(b.items());
                    return new Applied(items);
                });
            }
            return all;
        }
        throw new IllegalArgumentException(
                "APPLY takes a Feedback (what bounce: gives), a DeliveryEvent or a DeliveryReport"
                        + " (what mx: gives), not "
                        + (body == null ? "an empty body" : body.getClass().getName()));
    }

    private boolean remove(Exchange exchange, AsyncCallback callback) {
        EmailAddress address = SuppressionRequest.address(exchange.getMessage());
        Optional<String> scope = Optional.ofNullable(
                        exchange.getMessage().getHeader(SuppressionConstants.SCOPE, String.class))
                .or(() -> Optional.ofNullable(endpoint.getConfiguration().getScope()));
        return finish(
                suppressions().remove(endpoint.getList(), address, scope, clock.instant()),
                exchange,
                callback,
                removed -> exchange.getMessage().setHeader(SuppressionConstants.CHANGED, removed.size()));
    }

    private boolean list(Exchange exchange, AsyncCallback callback) {
        String after = Optional.ofNullable(exchange.getMessage().getHeader(SuppressionConstants.AFTER, String.class))
                .orElse("");
        return finish(
                suppressions()
                        .list(
                                endpoint.getList(),
                                after,
                                endpoint.getConfiguration().getLimit()),
                exchange,
                callback,
                read -> {
                    List<Suppression> page = SuppressionPage.wholeAddresses(
                            read, endpoint.getConfiguration().getLimit());
                    Message m = exchange.getMessage();
                    m.setBody(page);
                    if (page.isEmpty()) {
                        m.removeHeader(SuppressionConstants.AFTER);
                    } else {
                        m.setHeader(
                                SuppressionConstants.AFTER,
                                page.get(page.size() - 1).address().key());
                    }
                });
    }

    /** The rows are read on a worker, since both the stream and the commits are waited for. */
    private boolean importRows(Exchange exchange, AsyncCallback callback) throws InvalidPayloadException {
        InputStream rows = exchange.getMessage().getMandatoryBody(InputStream.class);
        SuppressionImport reader = new SuppressionImport(
                endpoint.getList(), endpoint.getConfiguration(), suppressions(), clock, this::importProgress);
        onWorker(() -> {
            try {
                SuppressionImport.Result result = reader.read(rows);
                exchange.getMessage().setHeader(SuppressionConstants.CHANGED, result.changed());
                exchange.getMessage().setHeader(SuppressionConstants.ROWS, result.rows());
                exchange.getMessage().setHeader(SuppressionConstants.REJECTED, result.rejected());
            } catch (Exception e) {
                exchange.setException(e);
            }
            callback.done(false);
        });
        return false;
    }

    private boolean export(Exchange exchange, AsyncCallback callback) {
        SuppressionConfiguration c = endpoint.getConfiguration();
        exchange.getMessage()
                .setBody(new SuppressionExport(
                        suppressions(), endpoint.getList(), c.getFormat(), c.getLimit(), c.isHashed()));
        exchange.getMessage()
                .setHeader(
                        Exchange.CONTENT_TYPE,
                        c.getFormat() == SuppressionFormat.CSV ? "text/csv" : "application/x-ndjson");
        callback.done(true);
        return true;
    }

    private boolean undo(Exchange exchange, AsyncCallback callback) {
        Message m = exchange.getMessage();
        SuppressionConfiguration c = endpoint.getConfiguration();
        Boolean apply = m.getHeader(SuppressionConstants.APPLY, Boolean.class);
        SuppressionUndo undo = new SuppressionUndo(
                suppressions(),
                SuppressionRequest.incident(m, endpoint.getList(), c),
                apply == null ? c.isApply() : apply,
                clock.instant(),
                seen -> LOG.debug("event=undo list={} seen={}", endpoint.getList(), seen));
        return finish(undo.run(), exchange, callback, result -> {
            m.removeHeader(SuppressionConstants.APPLY);
            m.setHeader(SuppressionConstants.CHANGED, (int) result.restored());
            m.setHeader(SuppressionConstants.KEPT, result.kept());
            m.setBody(result);
        });
    }

    private boolean erase(Exchange exchange, AsyncCallback callback) {
        EmailAddress address = SuppressionRequest.address(exchange.getMessage());
        return finish(
                suppressions().erase(endpoint.getList(), address, clock.instant()), exchange, callback, erased -> {
                    // The route's log must not keep what the list has just forgotten.
                    exchange.getMessage().removeHeader(SuppressionConstants.ADDRESS);
                    exchange.getMessage().setHeader(SuppressionConstants.CHANGED, erased);
                });
    }

    private static String token(Exchange exchange) {
        Message m = exchange.getMessage();
        String token = m.getHeader(SuppressionConstants.TOKEN, String.class);
        return token != null ? token : m.getBody(String.class);
    }

    private boolean read(Exchange exchange, AsyncCallback callback, LinkToken.Purpose purpose) {
        return describe(endpoint.links().read(token(exchange), purpose, clock.instant()), exchange, callback);
    }

    private boolean describe(CompletionStage<LinkTokens.Reading> reading, Exchange exchange, AsyncCallback callback) {
        return finish(reading, exchange, callback, r -> SuppressionLinks.describe(exchange.getMessage(), r));
    }

    private boolean invite(Exchange exchange, AsyncCallback callback) {
        Message m = exchange.getMessage();
        SuppressionConfiguration c = endpoint.getConfiguration();
        return finish(
                endpoint.links()
                        .invite(
                                SuppressionRequest.address(m),
                                SuppressionRequest.scope(m.getHeader(SuppressionConstants.SCOPE, String.class), c),
                                Duration.ofMillis(c.getTokenValidity()),
                                clock.instant()),
                exchange,
                callback,
                token -> m.setHeader(SuppressionConstants.TOKEN, token));
    }

    private void importProgress(long rows) {
        // Told after each portion of at most limit rows: said once for each hundred thousand.
        if (rows % PROGRESS_ROWS < endpoint.getConfiguration().getLimit()) {
            LOG.info("event=import list={} rows={}", endpoint.getList(), rows);
        }
    }

    private SuppressionList suppressions() {
        return endpoint.store().suppressions();
    }
}
