package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.feedback.ReadMail;
import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.EventLog.LoggedEvent;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import io.github.cameldeliverability.mail.spi.ReturnTokens.Token;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Ties a returned mail to a message of ours: by token, else by envelope id, else by Message-ID.
 *
 * <p>Only a token whose MAC proves for a recipient authenticates. Candidates are the recipient that the event log knows
 * for the token's message and the recipients that the mail names; the token's recipient wins over whom the mail names,
 * because the mail may have been forwarded. A mail that names others, and mentions the token's recipient nowhere, not even
 * in the header of the returned message, is a replay until somebody shows otherwise: it correlates, and proves nothing. A
 * token that proves for nobody is treated as if it were absent. Envelope id
 * and Message-ID are visible to everybody who saw the message: they correlate, and prove nothing.
 *
 * <p>Thread-safe. The returned stages fail only if the event log does.
 */
public final class Correlator {

    /** Header fields may name thousands of addresses; a real return has one or two with a token. */
    private static final int MAX_TOKENS = 8;

    private static final int MAX_ID = 200;

    private final ReturnTokens tokens;
    private final EventLog events;

    public Correlator(ReturnTokens tokens, EventLog events) {
        this.tokens = tokens;
        this.events = events;
    }

    /** Completes with the mail's feedback, its correlation stated and its recipients attributed. */
    public CompletionStage<Feedback> correlate(ReadMail mail) {
        LinkedHashSet<Token> found = new LinkedHashSet<>();
        for (EmailAddress address : mail.returnedTo()) {
            tokens.read(address).ifPresent(found::add);
            if (found.size() == MAX_TOKENS) {
                break;
            }
        }
        return byToken(mail, List.copyOf(found), 0)
                .thenCompose(proven -> proven.isPresent()
                        ? CompletableFuture.completedFuture(proven.get())
                        : byIds(mail).thenApply(mail.feedback()::withCorrelation));
    }

    private CompletionStage<Optional<Feedback>> byToken(ReadMail mail, List<Token> found, int index) {
        if (index == found.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Token token = found.get(index);
        return events.recipientOf(token.key()).thenCompose(known -> {
            Optional<EmailAddress> proven = candidates(known, mail).stream()
                    .filter(c -> tokens.proves(token, c))
                    .findFirst();
            if (proven.isEmpty()) {
                return byToken(mail, found, index + 1);
            }
            String queueId = token.key().queueId();
            return events.history(queueId).thenApply(history -> {
                Optional<String> stream =
                        history.stream().map(e -> e.event().stream()).findFirst();
                if (!TokenAttribution.mentions(mail, proven.get())) {
                    return Optional.of(mail.feedback()
                            .withCorrelation(new Correlation(
                                    Correlation.Method.TOKEN,
                                    false,
                                    stream,
                                    Optional.of(queueId),
                                    Optional.empty(),
                                    Optional.empty())));
                }
                return Optional.of(TokenAttribution.attribute(
                        mail.feedback(),
                        proven.get(),
                        new Correlation(
                                Correlation.Method.TOKEN,
                                true,
                                stream,
                                Optional.of(queueId),
                                proven,
                                providerOf(history, proven.get()))));
            });
        });
    }

    private static List<EmailAddress> candidates(Optional<EmailAddress> known, ReadMail mail) {
        List<EmailAddress> all = new ArrayList<>();
        known.ifPresent(all::add);
        for (RecipientFeedback r : mail.feedback().recipients()) {
            all.add(r.address());
            r.finalAddress().flatMap(TokenAttribution::address).ifPresent(all::add);
        }
        all.addAll(mail.originalRecipients());
        return all;
    }

    /** Whom this recipient's mail was handed to; the last event knows best. */
    private static Optional<String> providerOf(List<LoggedEvent> history, EmailAddress recipient) {
        return history.stream()
                .map(LoggedEvent::event)
                .filter(e -> e.recipient().key().equals(recipient.key()))
                .flatMap(e -> e.provider().stream())
                .reduce((earlier, later) -> later);
    }

    private CompletionStage<Correlation> byIds(ReadMail mail) {
        return byEnvelopeId(mail.envelopeId())
                .thenCompose(c -> c.method() != Correlation.Method.NONE
                        ? CompletableFuture.completedFuture(c)
                        : byMessageId(mail.feedback().originalMessageId()));
    }

    /** Our envelope ids are queue ids. */
    private CompletionStage<Correlation> byEnvelopeId(Optional<String> envelopeId) {
        return usable(envelopeId)
                .map(id -> byQueueId(id, Correlation.Method.ENVID))
                .orElseGet(() -> CompletableFuture.completedFuture(Correlation.NONE));
    }

    private CompletionStage<Correlation> byMessageId(Optional<String> messageId) {
        return usable(messageId)
                .map(id -> events.queueIdOf(id)
                        .thenCompose(queueId -> queueId.isPresent()
                                ? byQueueId(queueId.get(), Correlation.Method.MESSAGE_ID)
                                : CompletableFuture.completedFuture(Correlation.NONE)))
                .orElseGet(() -> CompletableFuture.completedFuture(Correlation.NONE));
    }

    private CompletionStage<Correlation> byQueueId(String queueId, Correlation.Method method) {
        return events.history(queueId).thenApply(history -> history.stream()
                .map(LoggedEvent::event)
                .findFirst()
                .map(e -> unproven(method, e))
                .orElse(Correlation.NONE));
    }

    private static Optional<String> usable(Optional<String> id) {
        return id.map(String::strip).filter(i -> !i.isEmpty() && i.length() <= MAX_ID);
    }

    private static Correlation unproven(Correlation.Method method, DeliveryEvent event) {
        return new Correlation(
                method, false, Optional.of(event.stream()), Optional.of(event.queueId()), Optional.empty());
    }
}
