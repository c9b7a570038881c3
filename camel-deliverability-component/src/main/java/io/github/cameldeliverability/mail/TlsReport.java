package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An SMTP TLS report (RFC 8460 4): how a sender's connections to hosts of ours fared. Texts are as stated; what is not
 * stated is the empty text. Immutable.
 *
 * @param orgName who reports
 * @param contact whom to ask
 * @param reportId of the report
 * @param begin of the time reported on
 * @param end of the time reported on
 * @param policies one entry for each policy applied
 */
public record TlsReport(
        String orgName,
        String contact,
        String reportId,
        Optional<Instant> begin,
        Optional<Instant> end,
        List<PolicyResult> policies)
        implements MailReport {

    public TlsReport {
        policies = List.copyOf(policies);
    }

    /**
     * What came of one policy.
     *
     * @param type tlsa, sts or no-policy-found
     * @param policy its lines or records
     * @param domain that the policy is for
     * @param mxHosts the MX patterns of the policy
     * @param successful sessions
     * @param failed sessions
     * @param failures details of failed sessions
     */
    public record PolicyResult(
            String type,
            List<String> policy,
            String domain,
            List<String> mxHosts,
            long successful,
            long failed,
            List<Failure> failures) {

        public PolicyResult {
            policy = List.copyOf(policy);
            mxHosts = List.copyOf(mxHosts);
            failures = List.copyOf(failures);
        }
    }

    /**
     * Sessions that failed alike.
     *
     * @param resultType such as {@code certificate-expired} (RFC 8460 4.3)
     * @param sendingIp of the reporter
     * @param receivingHost the MX host
     * @param receivingHelo what that host called itself
     * @param receivingIp of the MX host
     * @param sessions how many
     * @param information where to read more
     * @param reasonCode in the reporter's own terms
     */
    public record Failure(
            String resultType,
            String sendingIp,
            String receivingHost,
            String receivingHelo,
            String receivingIp,
            long sessions,
            String information,
            String reasonCode) {}

    @Override
    public String kind() {
        return "tls-rpt";
    }

    @Override
    public Optional<String> reporter() {
        return orgName.isEmpty() ? Optional.empty() : Optional.of(orgName);
    }

    @Override
    public Optional<String> domain() {
        return policies.stream()
                .map(PolicyResult::domain)
                .filter(d -> !d.isEmpty())
                .findFirst();
    }

    /** Sessions that were made as the policies ask for. */
    public long successful() {
        return sum(policies.stream().mapToLong(PolicyResult::successful).toArray());
    }

    /** Sessions that failed. */
    public long failed() {
        return sum(policies.stream().mapToLong(PolicyResult::failed).toArray());
    }

    private static long sum(long[] counts) {
        long total = 0;
        for (long n : counts) {
            total = total > Long.MAX_VALUE - n ? Long.MAX_VALUE : total + n;
        }
        return total;
    }
}
