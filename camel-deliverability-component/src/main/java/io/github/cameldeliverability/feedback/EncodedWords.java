package io.github.cameldeliverability.feedback;

import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;

/** Decodes the encoded words of a header value (RFC 2047); what cannot be decoded stays as it is. */
final class EncodedWords {

    private EncodedWords() {}

    static String decode(String value) {
        if (!value.contains("=?")) {
            return value;
        }
        try {
            return DecoderUtil.decodeEncodedWords(value, DecodeMonitor.SILENT);
        } catch (RuntimeException e) {
            // An unknown charset or a broken word: the raw text still serves.
            return value;
        }
    }
}
