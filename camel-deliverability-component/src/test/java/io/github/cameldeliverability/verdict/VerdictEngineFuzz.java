package io.github.cameldeliverability.verdict;

import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.ReplyEvidence;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Fuzz target: any words with any code and phase get a verdict; a hard one is always the recipient's fault. */
public final class VerdictEngineFuzz {

    private static final RulePackEngine ENGINE = RulePackEngine.builtIn();

    private VerdictEngineFuzz() {}

    /** Called once by the fuzzer: loading the rules must not count as the first input's time. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] octets) {
        int first = octets.length > 0 ? octets[0] & 0xff : 0;
        int second = octets.length > 1 ? octets[1] & 0xff : 0;
        SmtpPhase[] phases = SmtpPhase.values();
        Optional<SmtpPhase> phase = second < phases.length ? Optional.of(phases[second]) : Optional.<SmtpPhase>empty();
        String text = octets.length < 3 ? "" : new String(octets, 2, octets.length - 2, StandardCharsets.UTF_8);
        Optional<Integer> code = first == 0 ? Optional.empty() : Optional.of(350 + first);
        Verdict v = ENGINE.judge(new ReplyEvidence(code, Optional.empty(), phase, Optional.empty(), text));
        if (v.isHard() && v.fault() != Fault.RECIPIENT) {
            throw new AssertionError("hard and not the recipient's fault: " + v);
        }
        if (code.filter(c -> c >= 400 && c < 500).isPresent() && v.isHard()) {
            throw new AssertionError("a temporary reply called hard: " + v);
        }
    }
}
