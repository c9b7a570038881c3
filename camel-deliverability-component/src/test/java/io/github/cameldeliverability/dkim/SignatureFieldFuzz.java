package io.github.cameldeliverability.dkim;

import java.nio.charset.StandardCharsets;

/** Fuzz target: the value of a DKIM-Signature field (RFC 6376 3.2, 3.5), and the same text as a key record (3.6.1). */
public final class SignatureFieldFuzz {

    private SignatureFieldFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        try {
            SignatureField f = SignatureField.of(TagList.parse(text));
            if (f.signedFields().stream().noneMatch(n -> n.equalsIgnoreCase("from"))) {
                throw new AssertionError("a signature that does not cover From was let through");
            }
        } catch (DkimSyntaxException | SignatureField.UnknownMethodException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a refusal without words", e);
            }
        }
        try {
            DkimKeyRecord.parse(text);
        } catch (DkimSyntaxException | DkimKeyException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a refusal without words", e);
            }
        }
    }
}
