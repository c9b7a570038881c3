package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An entry of a suppression list: an address that a scope must not be mailed, why, and who says so.
 *
 * @param list the list's name
 * @param scope {@link #GLOBAL}, {@code stream:NAME}, {@code list:NAME} or {@code tenant:NAME}
 * @param address as it was mailed or given; entries are found by {@link EmailAddress#key()}
 * @param kind why, in one word
 * @param reason the verdict's reason, where there was a verdict
 * @param evidence the reply or diagnostic, for people
 * @param ruleId the rule that judged it, where one did
 * @param source what made the entry: {@code session}, {@code dsn}, {@code complaint}, {@code api}, {@code import} ...
 * @param since when
 * @param until when it ends by itself; empty means never
 * @param origin the mail that led to it, where one did
 */
public record Suppression(
        String list,
        String scope,
        EmailAddress address,
        SuppressionKind kind,
        Optional<Reason> reason,
        String evidence,
        Optional<String> ruleId,
        String source,
        Instant since,
        Optional<Instant> until,
        Origin origin) {

    /** The scope that every stream obeys. */
    public static final String GLOBAL = "global";

    private static final Pattern SCOPE = Pattern.compile("global|(stream|list|tenant):\\S(.{0,198}\\S)?");

    /**
     * The mail that led to an entry: what an incident is found by.
     *
     * @param stream the stream that mailed the address
     * @param provider who refused or complained, as in a delivery event
     * @param queueId the message
     */
    public record Origin(Optional<String> stream, Optional<String> provider, Optional<String> queueId) {

        /** No mail led to it, or none is known. */
        public static final Origin NONE = new Origin(Optional.empty(), Optional.empty(), Optional.empty());

        public Origin {
            Objects.requireNonNull(stream, "stream");
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(queueId, "queueId");
        }
    }

    public Suppression {
        Objects.requireNonNull(list, "list");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(origin, "origin");
    }

    /** An entry that no mail led to. */
    public Suppression(
            String list,
            String scope,
            EmailAddress address,
            SuppressionKind kind,
            Optional<Reason> reason,
            String evidence,
            Optional<String> ruleId,
            String source,
            Instant since,
            Optional<Instant> until) {
        this(list, scope, address, kind, reason, evidence, ruleId, source, since, until, Origin.NONE);
    }

    public Suppression withOrigin(Origin other) {
        return new Suppression(list, scope, address, kind, reason, evidence, ruleId, source, since, until, other);
    }

    /** The same entry for another address, such as its canonical form; the evidence says why. */
    public Suppression forAddress(EmailAddress other, String why) {
        return new Suppression(list, scope, other, kind, reason, why, ruleId, source, since, until, origin);
    }

    /**
     * The scope, if it is one: {@code global}, {@code stream:NAME}, {@code list:NAME} or {@code tenant:NAME}.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    public static String checkScope(String scope) {
        if (!SCOPE.matcher(scope).matches()) {
            throw new IllegalArgumentException(
                    "No such scope: " + scope + ", want global, stream:NAME, list:NAME or tenant:NAME");
        }
        return scope;
    }

    /** The scope of one stream. */
    public static String streamScope(String stream) {
        return "stream:" + stream;
    }

    public boolean isActiveAt(Instant now) {
        return until.map(now::isBefore).orElse(true);
    }
}
