package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import java.util.ArrayList;
import java.util.List;

/** The record of an effect. */
final class EffectCodec {

    private static final int VERSION = 1;

    private EffectCodec() {}

    static byte[] encode(Effect e) {
        RecordWriter w = new RecordWriter(256)
                .octet(VERSION)
                .text(e.id())
                .text(e.kind().name())
                .optionalText(e.key().stream())
                .optionalText(e.key().source())
                .optionalText(e.key().provider())
                .optionalText(e.key().dkimDomain())
                .optionalText(e.key().tag())
                .text(Double.toString(e.amount()))
                .text(e.rule())
                .text(e.why())
                .number(e.evidence().size());
        e.evidence().forEach(w::text);
        return w.instant(e.since())
                .optionalInstant(e.until())
                .text(e.phase().name())
                .number(e.step())
                .number(e.failures())
                .instant(e.changedAt())
                .number(e.orders())
                .toBytes();
    }

    static Effect decode(byte[] body) {
        RecordReader r = new RecordReader("effect", body);
        r.version(VERSION);
        try {
            return new Effect(
                    r.text(),
                    EffectKind.valueOf(r.text()),
                    new EffectKey(
                            r.optionalText(), r.optionalText(), r.optionalText(), r.optionalText(), r.optionalText()),
                    Double.parseDouble(r.text()),
                    r.text(),
                    r.text(),
                    evidence(r),
                    r.instant(),
                    r.optionalInstant(),
                    Effect.Phase.valueOf(r.text()),
                    r.smallNumber(),
                    r.smallNumber(),
                    r.instant(),
                    r.smallNumber());
        } catch (IllegalArgumentException e) {
            throw r.damaged(e.getMessage());
        }
    }

    private static List<String> evidence(RecordReader r) {
        int count = r.size();
        List<String> replies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replies.add(r.text());
        }
        return replies;
    }
}
