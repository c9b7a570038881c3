package io.github.cameldeliverability.mail;

import java.util.Objects;

/**
 * What a reply or a bounce means. One verdict drives retry, shaping, suppression and the CRM.
 *
 * @param reason what happened
 * @param permanence whether trying again can help
 * @param fault whose fault it is
 * @param ruleId the rule that said so, {@code pack/rule}
 * @param evidence the text that the rule saw, cut to a length fit for records
 */
public record Verdict(Reason reason, Permanence permanence, Fault fault, String ruleId, String evidence) {

    /** The rule of a reply to the end of the content that never came. */
    public static final String UNCERTAIN = "delivery/uncertain";

    public Verdict {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(permanence, "permanence");
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(ruleId, "ruleId");
        Objects.requireNonNull(evidence, "evidence");
    }

    /** A verdict with the fault that its reason usually has. */
    public static Verdict of(Reason reason, Permanence permanence, String ruleId, String evidence) {
        return new Verdict(reason, permanence, reason.usualFault(), ruleId, evidence);
    }

    /** Whether the address or its domain is dead, so that it may be suppressed. */
    public boolean isHard() {
        return permanence == Permanence.PERMANENT && fault == Fault.RECIPIENT && reason.meansDeadAddress();
    }

    /**
     * Whether the server may have the message although nobody was told (RFC 1047): whoever sends it again risks a
     * duplicate.
     */
    public boolean isUncertain() {
        return ruleId.equals(UNCERTAIN);
    }

    public boolean isPermanent() {
        return permanence == Permanence.PERMANENT;
    }
}
