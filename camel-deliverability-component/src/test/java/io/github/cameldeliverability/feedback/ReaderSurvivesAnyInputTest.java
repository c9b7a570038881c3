package io.github.cameldeliverability.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.FeedbackKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ReaderSurvivesAnyInputTest {

    private static final List<byte[]> MAILS =
            Samples.all().stream().map(s -> Samples.mail(s.file())).toList();

    private static final byte[][] SPICE = {
        "\r\n".getBytes(StandardCharsets.US_ASCII),
        "\n\n".getBytes(StandardCharsets.US_ASCII),
        "--b1\n".getBytes(StandardCharsets.US_ASCII),
        "--b1--\n".getBytes(StandardCharsets.US_ASCII),
        "Content-Type: multipart/mixed; boundary=b1\n\n".getBytes(StandardCharsets.US_ASCII),
        "Content-Type: message/rfc822\n\n".getBytes(StandardCharsets.US_ASCII),
        "Content-Transfer-Encoding: base64\n".getBytes(StandardCharsets.US_ASCII),
        "<@>:\n".getBytes(StandardCharsets.US_ASCII),
        "Final-Recipient: rfc822;\n".getBytes(StandardCharsets.US_ASCII),
        "=?utf-8?Q?=ZZ?=".getBytes(StandardCharsets.US_ASCII),
        "<<<<<<&&&&;;;".getBytes(StandardCharsets.US_ASCII),
        {0, (byte) 0xff, (byte) 0xfe, 0x1b, '$', 'B'},
        "@".repeat(500).getBytes(StandardCharsets.US_ASCII),
    };

    @Test
    void mutatedReportsNeverThrowAndAreReadInTime() {
        Random random = new Random(20260414);
        long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        int read = 0;
        while (System.nanoTime() < end || read < 500) {
            byte[] mail = mutated(MAILS.get(random.nextInt(MAILS.size())), random);
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThat(Samples.READER.read(mail))
                    .isNotNull());
            read++;
        }
        assertThat(read).isGreaterThanOrEqualTo(500);
    }

    private static byte[] mutated(byte[] mail, Random random) {
        byte[] out = mail.clone();
        for (int n = 1 + random.nextInt(6); n > 0; n--) {
            int at = random.nextInt(out.length + 1);
            out = switch (random.nextInt(6)) {
                case 0 -> spliced(out, at, at, SPICE[random.nextInt(SPICE.length)]);
                case 1 -> spliced(out, at, Math.min(out.length, at + random.nextInt(200)), new byte[0]);
                case 2 -> spliced(out, at, at, Arrays.copyOfRange(out, 0, random.nextInt(out.length + 1)));
                case 3 -> Arrays.copyOf(out, at + 1);
                case 4 -> spliced(out, at, at, MAILS.get(random.nextInt(MAILS.size())));
                default -> flipped(out, random);
            };
        }
        return out;
    }

    private static byte[] flipped(byte[] in, Random random) {
        for (int i = 0; i < 10 && in.length > 0; i++) {
            in[random.nextInt(in.length)] = (byte) random.nextInt(256);
        }
        return in;
    }

    private static byte[] spliced(byte[] in, int from, int to, byte[] middle) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(in, 0, from);
        out.writeBytes(middle);
        out.write(in, to, in.length - to);
        return out.toByteArray();
    }

    @Test
    void nothingAndNonsenseAreOrdinaryMail() {
        for (String s :
                List.of("", "\n", "\r", " ", "From \n", ":", ":\n:\n", "a", "\n\n\n\n", "\ufeff", "--\n--\n--")) {
            assertThat(Samples.READER.read(s.getBytes(StandardCharsets.UTF_8)).kind())
                    .isEqualTo(FeedbackKind.NONE);
        }
    }

    @Test
    void deepNestingEndsAtTheLimit() {
        StringBuilder b = new StringBuilder("Subject: Undelivered Mail\nContent-Type: message/rfc822\n\n");
        for (int i = 0; i < 20_000; i++) {
            b.append("Content-Type: message/rfc822\n\n");
        }
        readQuickly(b.toString());
    }

    @Test
    void aFloodOfPartsEndsAtTheLimit() {
        readQuickly("Subject: Undelivered Mail\nContent-Type: multipart/report; boundary=b\n\n"
                + "--b\nContent-Type: text/plain\n\n<a@example.org>: 550 no\n".repeat(50_000));
    }

    @Test
    void textsMadeToBeSlowAreReadQuickly() {
        String header = "From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail\nContent-Type: text/%s\n\n";
        readQuickly(header.formatted("html") + "<".repeat(250_000));
        readQuickly(header.formatted("html") + "<style></".repeat(28_000));
        readQuickly(header.formatted("html") + "&".repeat(250_000));
        readQuickly(header.formatted("plain") + "@".repeat(250_000));
        readQuickly(header.formatted("plain") + "a@".repeat(125_000));
        readQuickly(header.formatted("plain") + "a".repeat(250_000) + "@b.example");
        readQuickly(header.formatted("plain") + "\"@".repeat(125_000));
        readQuickly(header.formatted("plain") + "could not be delivered 5.5.5.5 555 ".repeat(7_000));
        readQuickly(header.formatted("plain") + "<a@example.org>:\n".repeat(15_000));
        readQuickly(header.formatted("plain") + "{\"notificationType\":\"Bounce\",\"bouncedRecipients\":"
                + "[".repeat(200_000));
        readQuickly("X: " + "y".repeat(3_000_000));
        readQuickly("X: y\n".repeat(500_000));
        readQuickly("To: " + "a@example.org, ".repeat(100_000) + "\n\nhello");
    }

    private static void readQuickly(String mail) {
        byte[] raw = mail.getBytes(StandardCharsets.ISO_8859_1);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(8), () -> assertThat(Samples.READER.read(raw))
                .isNotNull());
    }

    @Test
    void recipientsAreReportedUpToTheLimit() {
        StringBuilder b = new StringBuilder(
                """
                Subject: x
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; x

                """);
        for (int i = 0; i < 3_000; i++) {
            b.append("Final-Recipient: rfc822; u").append(i).append("@example.org\nAction: failed\nStatus: 5.1.1\n\n");
        }
        byte[] raw = b.append("--b--\n").toString().getBytes(StandardCharsets.US_ASCII);
        assertThat(Samples.READER.read(raw).recipients()).hasSize(ReadLimits.DEFAULT.recipients());
    }

    @Test
    void aReportAroundAHugeMailIsReadWithoutCopyingIt() {
        byte[] report = Samples.mail("postfix-dsn");
        byte[] line = ("x".repeat(75) + "\n").getBytes(StandardCharsets.US_ASCII);
        String text = new String(report, StandardCharsets.UTF_8);
        int end = text.lastIndexOf("--b1--");
        ByteArrayOutputStream out = new ByteArrayOutputStream(30 << 20);
        out.writeBytes(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
        while (out.size() < 30 << 20) {
            out.writeBytes(line);
        }
        out.writeBytes("\n--b1--\n".getBytes(StandardCharsets.US_ASCII));
        byte[] mail = out.toByteArray();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(Samples.READER.read(mail).recipients()).hasSize(1);
        });
    }
}
