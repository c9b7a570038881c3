package io.github.cameldeliverability.verdict;

import static io.github.cameldeliverability.verdict.Replies.judge;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Permanence;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The errors that would cost a good address: a refusal that is not about the address is never hard. */
class OnlyADeadAddressIsHardTest {

    /** What a server may say that has nothing to do with the address. */
    private static final List<String> OTHER_CAUSES = List.of(
            "your IP is listed at zen.spamhaus.org",
            "Client host [192.0.2.1] blocked using bl.example.net",
            "sender address rejected",
            "message looks like spam",
            "SPF check failed",
            "rejected by the DMARC policy of the domain",
            "mailbox is full",
            "message too large",
            "rate limit exceeded",
            "greylisted, try again later",
            "your server has a poor reputation",
            "reverse DNS lookup failed",
            "denied by policy",
            "relaying denied",
            "virus found");

    @TestFactory
    List<DynamicTest> aCodeOfADeadAddressDoesNotOverrideTheWords() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String cause : OTHER_CAUSES) {
            for (String head :
                    List.of("550 5.1.1 ", "550 5.1.2 ", "550 5.1.10 ", "556 ", "550 5.1.1 <jane@example.org> ")) {
                String reply = head + cause;
                tests.add(DynamicTest.dynamicTest(
                        reply, () -> assertThat(judge(reply).isHard()).isFalse()));
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> wordsOfADeadAddressBesideAnotherCauseAreNotEnough() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String cause : OTHER_CAUSES) {
            for (String words : List.of("User unknown", "No such user", "mailbox not found", "invalid recipient")) {
                String reply = "550 " + words + ": " + cause;
                tests.add(DynamicTest.dynamicTest(
                        reply, () -> assertThat(judge(reply).isHard()).isFalse()));
            }
        }
        return tests;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "550 5.7.1 Delivery not authorized, message refused",
                "550 5.7.1 mx.example.org",
                "550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized to send to recipient",
                "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
                "550 5.7.134 RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required",
                "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
                "550 5.1.0 <a@example.org>: Sender address rejected: User unknown in local recipient table",
                "550-Verification failed for <a@example.org> 550-No such user 550 Sender verify failed",
                "553 5.1.8 Domain of sender address a@example.org does not exist",
                "550 5.1.7 No such domain example.org",
                "554 5.7.1 <jane@example.org>: Recipient address rejected: Access denied",
                "550 5.2.1 <jane@example.org>... User unknown",
                "450 4.1.1 <jane@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
                "421 4.4.2 User unknown",
                "550 5.0.0 something that nobody has said before",
                "521 5.3.2 mx.example.org does not accept mail"
            })
    void isNotHard(String reply) {
        assertThat(judge(reply).isHard()).as(judge(reply).toString()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "550 5.1.1 User unknown",
                "550 5.1.1 <spam-hunter@example.org>... User unknown",
                "550 5.1.1 <sender@policy.example.org>: Recipient address rejected: User unknown in relay recipient table",
                "550 5.4.1 Recipient address rejected: Access denied. [mx.example.org 2026-01-01T00:00:00.000Z 01]",
                "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
                "554 delivery error: dd This user doesn't have a example.com account (jane@example.com) [0]",
                "550 5.7.1 No such user!",
                "550 5.1.2 <jane@example.invalid>... Host unknown (Name server: mx: host not found)",
                "556 5.1.10 Recipient domain has null MX",
                "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1"
                        + " double-checking the address 550 5.1.1 https://support.example.com/mail/?p=NoSuchUser",
                "X-Postfix; host mx.example.org[192.0.2.1] said: 550 5.1.1 <jane@example.org>: User unknown (in reply"
                        + " to RCPT TO command)",
                "550 Пользователь не найден",
                "550 Empfänger unbekannt",
                "550 用户不存在"
            })
    void isHard(String reply) {
        assertThat(judge(reply).isHard()).as(judge(reply).toString()).isTrue();
    }

    @Test
    void blockListTextBeatsTheCodeOfAnUnknownUser() {
        Verdict verdict = judge("550 5.1.1 Client host [192.0.2.1] blocked using zen.spamhaus.org");
        assertThat(verdict.reason()).isEqualTo(Reason.BLOCKED);
        assertThat(verdict.fault()).isEqualTo(Fault.SENDER_IP);
    }

    @Test
    void aBareAuthorisationCodeIsAPolicyAndNothingMore() {
        Verdict verdict = judge("550 5.7.1 mx.example.org");
        assertThat(verdict.reason()).isEqualTo(Reason.POLICYVIOLATION);
        assertThat(verdict.ruleId()).startsWith("iana/");
    }

    @Test
    void unknownUserAfterTheContentIsAFilter() {
        Verdict verdict = Replies.ENGINE.judge(Replies.at(SmtpPhase.DOT, "550 User unknown"));
        assertThat(verdict.reason()).isEqualTo(Reason.FILTERED);
        assertThat(verdict.isHard()).isFalse();
        assertThat(Replies.ENGINE
                        .judge(Replies.at(SmtpPhase.RCPT, "550 User unknown"))
                        .isHard())
                .isTrue();
    }

    @Test
    void unknownTextIsUndefinedWithTheClassOfItsCode() {
        Verdict permanent = judge("550 zwölf Boxkämpfer jagen Viktor");
        assertThat(permanent.reason()).isEqualTo(Reason.UNDEFINED);
        assertThat(permanent.permanence()).isEqualTo(Permanence.PERMANENT);
        assertThat(permanent.ruleId()).isEqualTo(RulePackEngine.NO_RULE);
        assertThat(judge("451 zwölf Boxkämpfer").permanence()).isEqualTo(Permanence.TRANSIENT);
        assertThat(judge("zwölf Boxkämpfer").permanence()).isEqualTo(Permanence.TRANSIENT);
    }

    @Test
    void aSpecificProviderRuleNeedsItsProvider() {
        assertThat(Replies.ENGINE
                        .judge(Replies.from("docomo", "550 Service not available"))
                        .reason())
                .isEqualTo(Reason.USERUNKNOWN);
        assertThat(Replies.ENGINE
                        .judge(Replies.from("google", "550 Service not available"))
                        .isHard())
                .isFalse();
    }
}
