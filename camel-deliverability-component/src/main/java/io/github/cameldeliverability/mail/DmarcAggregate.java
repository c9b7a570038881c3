package io.github.cameldeliverability.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A DMARC aggregate report (RFC 7489 appendix C, RFC 9990 appendix A): what one receiver saw of a domain's mail in a span
 * of time. Texts are as stated, without outer blanks; what is not stated is the empty text. Immutable.
 *
 * @param orgName who reports
 * @param email whom to ask
 * @param extraContact further contact information
 * @param reportId unique together with {@code orgName}
 * @param begin of the time reported on
 * @param end of the time reported on
 * @param errors what went wrong at the reporter
 * @param generator the reporter's program (RFC 9990)
 * @param policy the record that the reporter found
 * @param rows in the order of the report
 * @param complete false where the file is damaged or larger than the reader's limits, and rows may be missing
 */
public record DmarcAggregate(
        String orgName,
        String email,
        String extraContact,
        String reportId,
        Optional<Instant> begin,
        Optional<Instant> end,
        List<String> errors,
        String generator,
        Policy policy,
        List<Row> rows,
        boolean complete)
        implements MailReport {

    public DmarcAggregate {
        Objects.requireNonNull(policy, "policy");
        errors = List.copyOf(errors);
        rows = List.copyOf(rows);
    }

    /**
     * The published policy as the reporter found it.
     *
     * @param domain where the record was found
     * @param p policy of the domain: none, quarantine, reject
     * @param sp policy of its subdomains
     * @param np policy of subdomains that do not exist (RFC 9990)
     * @param adkim alignment mode of DKIM, r or s
     * @param aspf alignment mode of SPF, r or s
     * @param pct percentage (RFC 7489 only)
     * @param testing y or n (RFC 9990)
     * @param fo failure reporting options
     * @param discovery how the record was found, psl or treewalk (RFC 9990)
     */
    public record Policy(
            String domain,
            String p,
            String sp,
            String np,
            String adkim,
            String aspf,
            String pct,
            String testing,
            String fo,
            String discovery) {}

    /**
     * Messages of one source that fared alike.
     *
     * @param sourceIp who sent them
     * @param count how many, 0 where not stated
     * @param disposition what was done: none, pass (RFC 9990), quarantine, reject
     * @param dkim whether DKIM passed <em>and</em> was aligned: pass or fail
     * @param spf whether SPF passed <em>and</em> was aligned: pass or fail
     * @param overrides why the disposition is not what the policy asks for
     * @param headerFrom domain of the From field
     * @param envelopeFrom domain of the reverse-path
     * @param envelopeTo domain of the recipients
     * @param signatures results of DKIM itself, without alignment
     * @param spfResults results of SPF itself, without alignment
     */
    public record Row(
            String sourceIp,
            long count,
            String disposition,
            String dkim,
            String spf,
            List<PolicyOverride> overrides,
            String headerFrom,
            String envelopeFrom,
            String envelopeTo,
            List<Signature> signatures,
            List<SpfResult> spfResults) {

        public Row {
            overrides = List.copyOf(overrides);
            signatures = List.copyOf(signatures);
            spfResults = List.copyOf(spfResults);
        }

        /** Whether the messages passed DMARC: an aligned pass of either (RFC 7489 3.1). */
        public boolean aligned() {
            return dkimAligned() || spfAligned();
        }

        public boolean dkimAligned() {
            return dkim.equalsIgnoreCase("pass");
        }

        public boolean spfAligned() {
            return spf.equalsIgnoreCase("pass");
        }
    }

    /** Why a receiver did not do what the policy asks for, such as {@code mailing_list}. */
    public record PolicyOverride(String type, String comment) {}

    /** The result of one DKIM signature. */
    public record Signature(String domain, String selector, String result, String humanResult) {}

    /** The result of SPF; {@code scope} is mfrom or helo. */
    public record SpfResult(String domain, String scope, String result, String humanResult) {}

    /**
     * Messages counted.
     *
     * @param messages all
     * @param aligned that passed DMARC
     * @param dkimAligned with an aligned pass of DKIM
     * @param spfAligned with an aligned pass of SPF
     * @param quarantined put aside
     * @param rejected refused
     */
    public record Totals(
            long messages, long aligned, long dkimAligned, long spfAligned, long quarantined, long rejected) {

        public static final Totals ZERO = new Totals(0, 0, 0, 0, 0, 0);

        /** That passed DMARC neither by DKIM nor by SPF. */
        public long failed() {
            return messages - aligned;
        }

        Totals plus(Row row) {
            long n = row.count();
            return new Totals(
                    sum(messages, n),
                    sum(aligned, row.aligned() ? n : 0),
                    sum(dkimAligned, row.dkimAligned() ? n : 0),
                    sum(spfAligned, row.spfAligned() ? n : 0),
                    sum(quarantined, row.disposition().equalsIgnoreCase("quarantine") ? n : 0),
                    sum(rejected, row.disposition().equalsIgnoreCase("reject") ? n : 0));
        }

        /** Counts come from strangers: the sum stays at the largest number rather than becoming negative. */
        private static long sum(long a, long b) {
            return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
        }
    }

    /** What one source sent. */
    public record Source(String sourceIp, Totals totals) {}

    @Override
    public String kind() {
        return "dmarc-aggregate";
    }

    @Override
    public Optional<String> reporter() {
        return orgName.isEmpty() ? Optional.empty() : Optional.of(orgName);
    }

    @Override
    public Optional<String> domain() {
        return policy.domain().isEmpty() ? Optional.empty() : Optional.of(policy.domain());
    }

    /** All messages of the report. */
    public Totals totals() {
        Totals t = Totals.ZERO;
        for (Row r : rows) {
            t = t.plus(r);
        }
        return t;
    }

    /** Totals of each source, the one with the most messages first. */
    public List<Source> sources() {
        Map<String, Totals> bySource = new LinkedHashMap<>();
        for (Row r : rows) {
            bySource.merge(r.sourceIp(), Totals.ZERO.plus(r), (known, one) -> known.plus(r));
        }
        List<Source> sources = new ArrayList<>();
        bySource.forEach((ip, totals) -> sources.add(new Source(ip, totals)));
        sources.sort(
                Comparator.comparingLong((Source s) -> s.totals().messages()).reversed());
        return List.copyOf(sources);
    }
}
