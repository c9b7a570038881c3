package io.github.cameldeliverability.dkim;

import java.util.Locale;

/**
 * What became of one signature (RFC 6376 6.1, in the words of RFC 8601 2.7.1).
 *
 * @param domain the {@code d=} tag in lower case, empty if it cannot be read
 * @param selector the {@code s=} tag, empty if it cannot be read
 * @param algorithm the {@code a=} tag, empty if it cannot be read
 * @param keyBits length of the key, 0 if none was found
 * @param testing the domain says that it is testing ({@code t=y}): take a failure as if there were no signature
 * @param wholeBody whether all of the body is signed; false if {@code l=} leaves a rest that anybody may have added
 * @param reason why not, in plain words; empty for a pass
 */
public record DkimResult(
        Result result,
        String domain,
        String selector,
        String algorithm,
        int keyBits,
        boolean testing,
        boolean wholeBody,
        String reason) {

    /** The results of RFC 8601 2.7.1; a message without signatures has no result at all. */
    public enum Result {
        PASS,
        /** Key and syntax are good, but body or header differ from what was signed, or the signature expired. */
        FAIL,
        /** The signature is beyond use: malformed, no key, a key for other purposes. */
        PERMERROR,
        /** The key could not be fetched now. */
        TEMPERROR,
        /** Not looked at: a version, algorithm or method that we do not know, or too many signatures. */
        NEUTRAL,
        /** Would verify, but with cryptography that is no longer accepted (RFC 8301). */
        POLICY;

        /** As in an Authentication-Results field. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
