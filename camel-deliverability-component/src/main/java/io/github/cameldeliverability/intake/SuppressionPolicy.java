package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.Correlation;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.RecipientFeedback;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What feedback and delivery events do to a suppression list. Pure: it decides and changes nothing.
 *
 * <ul>
 *   <li>A bounce suppresses where its verdict {@link Verdict#isHard()}: the address or its domain is dead, and it is the
 *       recipient's fault. A refusal of our IP address, our content or our domain suppresses nobody, whatever its code. A
 *       dead address is dead for every stream: scope {@code global}.
 *   <li>A bounce that is the recipient's fault without a dead address, such as a full mailbox, counts; see {@link
 *       SoftBounceRule}.
 *   <li>A complaint or an unsubscription suppresses in the scope of the stream, so that a marketing complaint does not
 *       block a password reset; without a known stream in the scope {@code global}, because the wish was stated.
 *   <li>Automatic replies, delivery notices and ordinary mail suppress nobody.
 *   <li>What no token of ours proves is withheld, unless the policy accepts it; an unsubscription without proof is never
 *       accepted.
 * </ul>
 *
 * @param list the list that entries go to
 * @param unauthenticated what to do with bounces and complaints that no token proves
 * @param optOutScope where complaints and unsubscriptions count
 * @param fallbackStream the stream of feedback that was not tied to a message of ours
 */
public record SuppressionPolicy(
        String list, Unauthenticated unauthenticated, OptOutScope optOutScope, Optional<String> fallbackStream) {

    /** What to do with feedback that may be forged. */
    public enum Unauthenticated {
        /** Withhold, and report so that a route can set the mail aside. */
        QUARANTINE,
        /** Withhold and count. */
        COUNT,
        /** Believe it: for mail that was sent without VERP. */
        ACCEPT
    }

    public enum OptOutScope {
        STREAM,
        GLOBAL
    }

    /** RFC 3464 2.3.3: the actions that do not tell of a final failure. */
    private static final Set<String> NO_FAILURE = Set.of("delayed", "delivered", "relayed", "expanded");

    /**
     * RFC 5965 7.3 and RFC 6591 3.1: reports in which no person called our mail spam. not-spam says the contrary, virus and
     * auth-failure are made by machines.
     */
    private static final Set<String> NO_COMPLAINT = Set.of("not-spam", "virus", "auth-failure", "dmarc");

    private static final int MAX_EVIDENCE = 1000;

    /** The source of what soft bounces make. */
    static final String SOFT = "soft";

    public SuppressionPolicy {
        Objects.requireNonNull(list, "list");
        Objects.requireNonNull(unauthenticated, "unauthenticated");
        Objects.requireNonNull(optOutScope, "optOutScope");
        Objects.requireNonNull(fallbackStream, "fallbackStream");
    }

    /** The careful policy: what is not proven is quarantined, opt-outs count for their stream. */
    public static SuppressionPolicy of(String list) {
        return new SuppressionPolicy(list, Unauthenticated.QUARANTINE, OptOutScope.STREAM, Optional.empty());
    }

    /** One decision for each recipient that the feedback speaks of. */
    public List<Decision> decide(Feedback feedback, Instant now) {
        List<Decision> decisions = new ArrayList<>();
        for (RecipientFeedback r : feedback.recipients()) {
            decisions.add(
                    switch (feedback.kind()) {
                        case BOUNCE -> bounce(feedback, r, now);
                        case COMPLAINT -> complaint(feedback, r, now);
                        case UNSUBSCRIBE -> unsubscribe(feedback, r, now);
                        case AUTO_REPLY -> Decision.none(r.address(), "an automatic reply is not a bounce");
                        case DELIVERY_NOTICE -> Decision.none(r.address(), "a notice of success or delay, no failure");
                        case NONE -> Decision.none(r.address(), "ordinary mail");
                    });
        }
        return decisions;
    }

    /** The final fate of a mail is our own observation: it needs no proof. A deferral is not final. */
    public Decision decide(DeliveryEvent event, Instant now) {
        if (event.outcome() == Outcome.DELIVERED) {
            return new Decision(
                    event.recipient(),
                    Decision.Effect.DELIVERED,
                    Optional.empty(),
                    "delivered: soft bounces are forgotten");
        }
        boolean failed = event.outcome() == Outcome.BOUNCED || event.outcome() == Outcome.EXPIRED;
        if (!failed || event.verdict().isEmpty()) {
            return Decision.none(event.recipient(), "outcome " + event.outcome().id() + " is no reason");
        }
        Verdict verdict = event.verdict().get();
        boolean hard = verdict.isHard() && event.outcome() == Outcome.BOUNCED;
        if (!hard && !isSoft(verdict)) {
            return notHard(event.recipient(), verdict);
        }
        Suppression entry = entry(
                event.recipient(),
                Suppression.GLOBAL,
                bounceKind(verdict),
                Optional.of(verdict),
                event.reply().map(SmtpReply::format).orElse(verdict.evidence()),
                hard ? "session" : SOFT,
                new Suppression.Origin(Optional.of(event.stream()), event.provider(), Optional.of(event.queueId())),
                now);
        return hard ? suppress(entry) : soft(entry);
    }

    private Decision bounce(Feedback feedback, RecipientFeedback r, Instant now) {
        if (!saysFailed(r)) {
            return Decision.none(r.address(), "action " + r.action() + " tells of no failure");
        }
        boolean hard = r.verdict().isHard();
        if (!hard && !isSoft(r.verdict())) {
            return notHard(r.address(), r.verdict());
        }
        return withheld(feedback, r).orElseGet(() -> {
            Suppression entry = entry(
                    r.address(),
                    Suppression.GLOBAL,
                    bounceKind(r.verdict()),
                    Optional.of(r.verdict()),
                    r.status().map(s -> s + " ").orElse("") + r.diagnostic(),
                    hard ? "dsn" : SOFT,
                    origin(feedback.correlation()),
                    now);
            return hard ? suppress(entry) : soft(entry);
        });
    }

    private Decision complaint(Feedback feedback, RecipientFeedback r, Instant now) {
        String type = r.feedbackType().orElse("abuse").toLowerCase(Locale.ROOT);
        if (NO_COMPLAINT.contains(type)) {
            return Decision.none(r.address(), "a report of type " + type + " is no complaint");
        }
        SuppressionKind kind = type.startsWith("opt-out") ? SuppressionKind.UNSUBSCRIBE : SuppressionKind.COMPLAINT;
        return withheld(feedback, r)
                .orElseGet(() -> suppress(entry(
                        r.address(),
                        optOutScope(feedback.correlation()),
                        kind,
                        Optional.of(r.verdict()),
                        "feedback report of type " + type + reporter(feedback),
                        "complaint",
                        origin(feedback.correlation()),
                        now)));
    }

    private Decision unsubscribe(Feedback feedback, RecipientFeedback r, Instant now) {
        if (!isProven(feedback, r)) {
            Decision.Effect effect =
                    unauthenticated == Unauthenticated.COUNT ? Decision.Effect.COUNT : Decision.Effect.QUARANTINE;
            return new Decision(
                    r.address(), effect, Optional.empty(), "no token of ours proves that the recipient asks");
        }
        return suppress(entry(
                r.address(),
                optOutScope(feedback.correlation()),
                SuppressionKind.UNSUBSCRIBE,
                Optional.empty(),
                (feedback.correlation().method() == Correlation.Method.SIGNATURE
                                ? "unsubscribed" + reporter(feedback)
                                : "unsubscribed by mail")
                        + feedback.subject().map(s -> ": " + s).orElse(""),
                "unsubscribe",
                origin(feedback.correlation()),
                now));
    }

    private Optional<Decision> withheld(Feedback feedback, RecipientFeedback r) {
        if (isProven(feedback, r) || unauthenticated == Unauthenticated.ACCEPT) {
            return Optional.empty();
        }
        Decision.Effect effect =
                unauthenticated == Unauthenticated.COUNT ? Decision.Effect.COUNT : Decision.Effect.QUARANTINE;
        String matched =
                switch (feedback.correlation().method()) {
                    case TOKEN -> "the token speaks for another recipient";
                    case ENVID -> "matched by envelope id, which proves nothing";
                    case MESSAGE_ID -> "matched by Message-ID, which proves nothing";
                    case SIGNATURE -> "the sending service speaks of another recipient";
                    case NONE -> "nothing ties the mail to a message of ours";
                };
        return Optional.of(new Decision(r.address(), effect, Optional.empty(), matched));
    }

    private static boolean isProven(Feedback feedback, RecipientFeedback r) {
        Correlation c = feedback.correlation();
        return c.authenticated()
                && c.recipient().filter(a -> a.key().equals(r.address().key())).isPresent();
    }

    static boolean saysFailed(RecipientFeedback r) {
        return !NO_FAILURE.contains(r.action().toLowerCase(Locale.ROOT));
    }

    private String optOutScope(Correlation correlation) {
        return optOutScope == OptOutScope.GLOBAL
                ? Suppression.GLOBAL
                : correlation.stream()
                        .or(() -> fallbackStream)
                        .map(Suppression::streamScope)
                        .orElse(Suppression.GLOBAL);
    }

    /** RFC 7505: a domain with a null MX takes no mail: the address cannot be right. */
    private static SuppressionKind bounceKind(Verdict verdict) {
        return verdict.reason() == Reason.NOTACCEPT ? SuppressionKind.INVALID : SuppressionKind.BOUNCE;
    }

    private static Decision notHard(EmailAddress address, Verdict v) {
        return Decision.none(
                address,
                "not hard: reason " + v.reason().id() + ", "
                        + v.permanence().name().toLowerCase(Locale.ROOT) + ", fault "
                        + v.fault().id() + " (" + v.ruleId() + ")");
    }

    private static String reporter(Feedback feedback) {
        return feedback.reportingMta().map(m -> " from " + m).orElse("");
    }

    private Suppression entry(
            EmailAddress address,
            String scope,
            SuppressionKind kind,
            Optional<Verdict> verdict,
            String evidence,
            String source,
            Suppression.Origin origin,
            Instant now) {
        String cut = evidence.length() > MAX_EVIDENCE ? evidence.substring(0, MAX_EVIDENCE) : evidence;
        return new Suppression(
                list,
                scope,
                address,
                kind,
                verdict.map(Verdict::reason),
                cut.strip(),
                verdict.map(Verdict::ruleId),
                source,
                now,
                Optional.empty(),
                origin);
    }

    private static Suppression.Origin origin(Correlation c) {
        return new Suppression.Origin(c.stream(), c.provider(), c.queueId());
    }

    /** The mailbox is there and its owner's to mend: full, suspended. */
    private static boolean isSoft(Verdict v) {
        return v.fault() == Fault.RECIPIENT && v.reason() != Reason.VACATION && v.reason() != Reason.SUPPRESSED;
    }

    private static Decision suppress(Suppression entry) {
        return new Decision(entry.address(), Decision.Effect.SUPPRESS, Optional.of(entry), why(entry));
    }

    private static Decision soft(Suppression entry) {
        return new Decision(
                entry.address(), Decision.Effect.SOFT, Optional.empty(), "soft " + why(entry), Optional.of(entry));
    }

    private static String why(Suppression entry) {
        return entry.kind().id()
                + entry.reason()
                        .map(r -> " " + r.id() + " (" + entry.ruleId().orElse("") + ")")
                        .orElse("");
    }
}
