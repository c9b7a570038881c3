package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.RecipientFeedback;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EverySampleMailIsUnderstoodTest {

    static List<Samples.Expected> samples() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void asFound(Samples.Expected expected) {
        check(expected, Samples.mail(expected.file()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void withNetworkLineEnds(Samples.Expected expected) {
        check(expected, lineEnds(Samples.mail(expected.file()), "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void withBareCarriageReturns(Samples.Expected expected) {
        check(expected, lineEnds(Samples.mail(expected.file()), "\r"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void behindAnMboxLine(Samples.Expected expected) {
        String mbox = "From MAILER-DAEMON Tue Apr 14 09:30:00 2026\n"
                + new String(Samples.mail(expected.file()), StandardCharsets.ISO_8859_1);
        check(expected, mbox.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] lineEnds(byte[] mail, String end) {
        return new String(mail, StandardCharsets.ISO_8859_1).replace("\n", end).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void check(Samples.Expected expected, byte[] mail) {
        Feedback got = Samples.READER.read(mail);
        assertThat(got.kind().id()).as("kind").isEqualTo(expected.kind());
        assertThat(got.format()).as("format").isEqualTo(expected.format());
        assertThat(got.recipients()).as("recipients").hasSameSizeAs(expected.recipients());
        for (int i = 0; i < expected.recipients().size(); i++) {
            check(
                    expected.recipients().get(i).split(" "),
                    got.kind(),
                    got.recipients().get(i));
        }
    }

    private static void check(String[] want, FeedbackKind kind, RecipientFeedback got) {
        assertThat(got.address().toString()).isEqualTo(want[0]);
        if (!want[1].equals("-") && !want[1].equals("*")) {
            assertThat(got.status().map(Object::toString)).as("status").contains(want[1]);
        }
        if (want[1].equals("-") && (kind == FeedbackKind.BOUNCE || kind == FeedbackKind.DELIVERY_NOTICE)) {
            assertThat(got.status()).as("derived status").isPresent();
        }
        if (!want[2].equals("*")) {
            assertThat(got.verdict().reason().id()).as("reason").isEqualTo(want[2]);
        }
        assertThat(got.verdict().isHard()).as("hard").isEqualTo(want[3].equals("hard"));
        assertThat(got.action()).as("action").isEqualTo(want[4].equals("-") ? "" : want[4]);
    }
}
