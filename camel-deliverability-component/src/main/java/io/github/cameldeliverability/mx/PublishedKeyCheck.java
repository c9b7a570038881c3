package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.dkim.DkimKeyPair;
import io.github.cameldeliverability.dns.DnsLookup;
import io.github.cameldeliverability.dns.DnsLookup.Answer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a DKIM key with what its domain publishes, before the first signature. A signature by another key than the
 * published one fails at every receiver and harms the domain's reputation, so that is refused. A record that is missing or
 * cannot be looked up is only warned of: it may be on its way, and mail without a valid signature is still mail.
 */
final class PublishedKeyCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeyCheck.class);
    private static final long PATIENCE_SECONDS = 5;

    private final DnsLookup dns;

    PublishedKeyCheck(DnsLookup dns) {
        this.dns = dns;
    }

    /**
     * Blocking, for a few seconds at most.
     *
     * @throws IllegalArgumentException saying how the published record differs from the key
     */
    void check(String domain, String selector, DkimKeyPair key) {
        // RFC 6376 3.6.2.1: where the key of a signature is published.
        String name = selector + "._domainkey." + domain;
        try {
            Answer<String> answer = dns.txt(name).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer instanceof Answer.Found<String> found) {
                Optional<String> mismatch = key.mismatch(found.records());
                if (mismatch.isPresent()) {
                    throw new IllegalArgumentException("the private key does not match the DNS record " + name + ": "
                            + mismatch.get() + ". Publish \"" + key.record() + "\" there, or name the right key");
                }
            } else if (answer instanceof Answer.TemporaryFailure<String> failure) {
                LOG.warn("dkim name={} event=unchecked reason=\"{}\"", name, failure.detail());
            } else {
                LOG.warn(
                        "dkim name={} event=not-published: receivers take the signatures as invalid until there is a TXT"
                                + " record \"{}\"",
                        name,
                        key.record());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("dkim name={} event=unchecked reason=\"{}\"", name, e.toString());
        }
    }
}
