/**
 * DKIM (RFC 6376, RFC 8301, RFC 8463): signs our mail, verifies mail of others, keeps keys and their DNS records.
 *
 * <p>Start with {@link io.github.cameldeliverability.dkim.DkimSigner} and {@link
 * io.github.cameldeliverability.dkim.DkimVerifier}; keys are {@link io.github.cameldeliverability.dkim.DkimKeyPair} (ours)
 * and {@link io.github.cameldeliverability.dkim.DkimKeyRecord} (what a domain publishes). Canonicalisation is one enum,
 * {@link io.github.cameldeliverability.dkim.Canonicalization}.
 *
 * <p>Must not be here: DNS (the verifier is given a {@link io.github.cameldeliverability.dkim.KeyLookup}), changes to a
 * message beyond the one field, DMARC.
 */
package io.github.cameldeliverability.dkim;
