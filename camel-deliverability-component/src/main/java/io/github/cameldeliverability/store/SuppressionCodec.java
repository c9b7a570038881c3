package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.Instant;

/** The record of a suppression and of a cause of one: all of it but the list, which is a column. */
final class SuppressionCodec {

    private static final int VERSION = 2;

    /** Without origin and without when it was last seen. */
    private static final int FIRST_VERSION = 1;

    private SuppressionCodec() {}

    /**
     * A cause of an entry.
     *
     * @param says the entry that it alone makes; its {@code since} is when the cause was first seen
     * @param last when it was last seen
     */
    record Cause(Suppression says, Instant last) {

        static Cause of(Suppression s) {
            return new Cause(s, s.since());
        }
    }

    static byte[] encode(Suppression s) {
        return encode(Cause.of(s));
    }

    static byte[] encode(Cause cause) {
        Suppression s = cause.says();
        return new RecordWriter(192)
                .octet(VERSION)
                .text(s.scope())
                .address(s.address())
                .text(s.kind().name())
                .optionalText(s.reason().map(Reason::name))
                .text(s.evidence())
                .optionalText(s.ruleId())
                .text(s.source())
                .instant(s.since())
                .optionalInstant(s.until())
                .optionalText(s.origin().stream())
                .optionalText(s.origin().provider())
                .optionalText(s.origin().queueId())
                .instant(cause.last())
                .toBytes();
    }

    static Suppression decode(String list, byte[] body) {
        return decodeCause(list, body).says();
    }

    /** No more than memory needs: there may be millions to read. */
    static SuppressionIndex.Item item(byte[] body) {
        RecordReader r = new RecordReader("suppression", body);
        r.version(body.length > 0 && body[0] == FIRST_VERSION ? FIRST_VERSION : VERSION);
        String scope = r.text();
        // The address: local part and domain.
        r.skipText();
        r.skipText();
        SuppressionKind kind;
        try {
            kind = SuppressionKind.valueOf(r.text());
        } catch (IllegalArgumentException e) {
            throw r.damaged(e.getMessage());
        }
        if (r.flag()) {
            r.skipText();
        }
        r.skipText();
        if (r.flag()) {
            r.skipText();
        }
        r.skipText();
        r.instant();
        return new SuppressionIndex.Item(scope, kind, r.optionalInstant().orElse(Instant.MAX));
    }

    static Cause decodeCause(String list, byte[] body) {
        RecordReader r = new RecordReader("suppression", body);
        boolean first = body.length > 0 && body[0] == FIRST_VERSION;
        r.version(first ? FIRST_VERSION : VERSION);
        try {
            Suppression s = new Suppression(
                    list,
                    r.text(),
                    r.address(),
                    SuppressionKind.valueOf(r.text()),
                    r.optionalText().map(Reason::valueOf),
                    r.text(),
                    r.optionalText(),
                    r.text(),
                    r.instant(),
                    r.optionalInstant());
            return first
                    ? Cause.of(s)
                    : new Cause(
                            s.withOrigin(new Suppression.Origin(r.optionalText(), r.optionalText(), r.optionalText())),
                            r.instant());
        } catch (IllegalArgumentException e) {
            throw r.damaged(e.getMessage());
        }
    }
}
