/**
 * DNS lookups over dnsjava: the mail hosts of a domain (RFC 5321 5.1, RFC 7505), and plain lookups for everything else that
 * needs the DNS.
 *
 * <p>Start with {@link io.github.cameldeliverability.dns.DnsMxResolver}; it asks a {@link
 * io.github.cameldeliverability.dns.DnsLookup}, which is a {@link io.github.cameldeliverability.dns.DnsClient}: several
 * servers, retries, a cache by TTL, one query in flight for equal questions. Nothing blocks; answers come on the executor
 * that was given.
 *
 * <p>Must not be here: decisions about mail beyond the order of hosts; dnsjava types in public signatures.
 */
package io.github.cameldeliverability.dns;
