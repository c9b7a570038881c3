package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;

/** The record of a suppression: all of it but the list, which is a column. */
final class SuppressionCodec {

    private static final int VERSION = 1;

    private SuppressionCodec() {}

    static byte[] encode(Suppression s) {
        return new RecordWriter(160)
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
                .toBytes();
    }

    static Suppression decode(String list, byte[] body) {
        RecordReader r = new RecordReader("suppression", body);
        r.version(VERSION);
        try {
            return new Suppression(
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
        } catch (IllegalArgumentException e) {
            throw r.damaged(e.getMessage());
        }
    }
}
