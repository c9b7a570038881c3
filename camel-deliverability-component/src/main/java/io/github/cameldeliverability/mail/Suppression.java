package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry of a suppression list: an address that a scope must not be mailed, why, and who says so.
 *
 * @param list the list's name
 * @param scope {@link #GLOBAL} or {@code stream:NAME}
 * @param address as it was mailed or given; entries are found by {@link EmailAddress#key()}
 * @param kind why, in one word
 * @param reason the verdict's reason, where there was a verdict
 * @param evidence the reply or diagnostic, for people
 * @param ruleId the rule that judged it, where one did
 * @param source what made the entry: {@code session}, {@code dsn}, {@code complaint}, {@code api}, {@code import} ...
 * @param since when
 * @param until when it ends by itself; empty means never
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
        Optional<Instant> until) {

    /** The scope that every stream obeys. */
    public static final String GLOBAL = "global";

    public Suppression {
        Objects.requireNonNull(list, "list");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(since, "since");
    }

    /** The scope of one stream. */
    public static String streamScope(String stream) {
        return "stream:" + stream;
    }

    public boolean isActiveAt(Instant now) {
        return until.map(now::isBefore).orElse(true);
    }
}
