package io.github.cameldeliverability.cli.replay;

import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.verdict.ReplyText;
import io.github.cameldeliverability.verdict.UnknownReplies;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Groups recorded replies that no rule knew then, and none knows now, by their shape. Not thread-safe. */
public final class UnknownReport {

    private final VerdictEngine verdicts;
    private final Map<String, Row> rows = new HashMap<>();
    private long replies;
    private long unknown;

    /**
     * Replies of one shape.
     *
     * @param shape code, enhanced code and text with placeholders
     * @param sample the first of them, as it was received: it may hold an address
     * @param providers how often each said it
     */
    public record Row(String shape, String sample, Map<String, Long> providers) {

        public long count() {
            return providers.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** @param verdicts knows the rules of now */
    public UnknownReport(VerdictEngine verdicts) {
        this.verdicts = verdicts;
    }

    public void add(RecordedEvent event) {
        if (!event.isAttempt() || event.outcome().equals("delivered")) {
            return;
        }
        replies++;
        if (!event.reason().map(Reason.UNDEFINED.id()::equals).orElse(true)) {
            return;
        }
        String reply = event.reply().orElseThrow();
        ReplyEvidence read = ReplyText.parse(reply);
        ReplyEvidence evidence =
                new ReplyEvidence(read.code(), read.enhanced(), event.phase(), event.provider(), read.text());
        if (verdicts.judge(evidence).reason() == Reason.UNDEFINED) {
            unknown++;
            rows.computeIfAbsent(UnknownReplies.shape(evidence), s -> new Row(s, reply, new TreeMap<>()))
                    .providers()
                    .merge(event.provider().orElseThrow(), 1L, Long::sum);
        }
    }

    /** The shapes, most frequent first. */
    public List<Row> rows() {
        return rows.values().stream()
                .sorted(Comparator.comparingLong(Row::count).reversed().thenComparing(Row::shape))
                .toList();
    }

    /** How many refusals and deferrals there were. */
    public long replies() {
        return replies;
    }

    /** How many of them no rule knows. */
    public long unknown() {
        return unknown;
    }
}
