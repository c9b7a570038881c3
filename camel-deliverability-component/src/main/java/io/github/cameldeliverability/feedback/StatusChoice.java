package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EnhancedStatus;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Verdict;
import java.util.Optional;

/** Which status code a report amounts to: the one stated, the one in the diagnostic, or the one its reason calls for. */
final class StatusChoice {

    private StatusChoice() {}

    /** The first status code in a Status field, which often carries a comment, {@code 5.0.0 (permanent failure)}. */
    static Optional<EnhancedStatus> ofField(String value) {
        String s = value.strip();
        int end = 0;
        while (end < s.length() && (Character.isDigit(s.charAt(end)) || s.charAt(end) == '.')) {
            end++;
        }
        return EnhancedStatus.parse(s.substring(0, end));
    }

    /**
     * The remote server's code where it quotes one, since the Status field is the reporter's summary of it (Sendmail states
     * 4.4.7 for whatever made it wait); the field where the quoted code says nothing (x.0.0, x.5.0).
     */
    static Optional<EnhancedStatus> moreTelling(Optional<EnhancedStatus> stated, Optional<EnhancedStatus> inText) {
        if (stated.isEmpty() || inText.isEmpty()) {
            return stated.isPresent() ? stated : inText;
        }
        return isVague(inText.get()) && !isUndefined(stated.get()) ? stated : inText;
    }

    /** RFC 3463 3.6: X.5.0 says no more than that the protocol had to do with it. */
    private static boolean isVague(EnhancedStatus s) {
        return isUndefined(s) || (s.detail() == 0 && s.subject() == 5);
    }

    /** RFC 3463 3.1: X.0.0 is "other undefined status", the only code that carries no meaning. */
    private static boolean isUndefined(EnhancedStatus s) {
        return s.detail() == 0 && s.subject() == 0;
    }

    /** The usual status for a verdict where the report states none (RFC 3463 3). */
    static EnhancedStatus conventional(Verdict verdict, String action) {
        int statusClass = action.equals("delivered") || action.equals("relayed") || action.equals("expanded")
                ? 2
                : verdict.isPermanent() && !action.equals("delayed") ? 5 : 4;
        return EnhancedStatus.parse(statusClass + "." + subjectDetail(verdict.reason()))
                .orElseThrow();
    }

    private static String subjectDetail(Reason reason) {
        return switch (reason) {
            case USERUNKNOWN -> "1.1";
            case HOSTUNKNOWN -> "1.2";
            case HASMOVED -> "1.6";
            case REJECTED -> "1.8";
            case NOTACCEPT -> "1.10";
            case FILTERED, SUSPEND -> "2.1";
            case MAILBOXFULL -> "2.2";
            case EXCEEDLIMIT -> "2.3";
            case MAILERERROR -> "3.0";
            case SYSTEMFULL -> "3.1";
            case MESGTOOBIG -> "3.4";
            case SYSTEMERROR -> "3.5";
            case NETWORKERROR -> "4.1";
            case EXPIRED -> "4.7";
            case SYNTAXERROR -> "5.2";
            case TOOMANYCONN -> "5.3";
            case CONTENTERROR, NOTCOMPLIANTRFC -> "6.0";
            case FAILEDSTARTTLS -> "7.10";
            case REQUIREPTR -> "7.25";
            case AUTHFAILURE -> "7.26";
            case BADREPUTATION,
                    BLOCKED,
                    NORELAYING,
                    POLICYVIOLATION,
                    RATELIMITED,
                    GREYLISTED,
                    SECURITYERROR,
                    SPAMDETECTED,
                    VIRUSDETECTED,
                    SUPPRESSED -> "7.1";
            case DELIVERED, FEEDBACK, ONHOLD, UNDEFINED, VACATION -> "0.0";
        };
    }
}
