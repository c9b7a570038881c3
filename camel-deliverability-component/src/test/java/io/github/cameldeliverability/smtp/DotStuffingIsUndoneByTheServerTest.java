package io.github.cameldeliverability.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.testkit.FakeMx;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotStuffingIsUndoneByTheServerTest {

    @ParameterizedTest
    @CsvSource({
        "'.\r\n', '..\r\n'",
        "'a.b\r\n', 'a.b\r\n'",
        "'a\r\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n'",
        "'..\r\n', '...\r\n'",
        "'a\r\n.b\r\n..c\r\n', 'a\r\n..b\r\n...c\r\n'",
        "'', ''",
    })
    void aDotThatBeginsALineIsDoubled(String content, String stuffed) {
        assertThat(stuff(content.getBytes(ISO_8859_1), 0)).isEqualTo(stuffed);
    }

    /** Whatever the lines and wherever the message is cut into pieces: RFC 5321 4.5.2 read backwards gives it back. */
    @Property(tries = 2000)
    void unstuffingGivesBackTheContent(@ForAll("contents") String content, @ForAll @IntRange(max = 60) int cut) {
        String stuffed = stuff(content.getBytes(ISO_8859_1), Math.min(cut, content.length()));

        StringBuilder unstuffed = new StringBuilder();
        for (String line : stuffed.split("(?<=\n)", -1)) {
            unstuffed.append(line.startsWith(".") ? line.substring(1) : line);
            assertThat(line).isNotEqualTo(".\r\n");
        }
        assertThat(unstuffed).hasToString(content);
    }

    @Provide
    Arbitrary<String> contents() {
        return Arbitraries.of(".", "..", "a", "\r\n", ".\r\n", "\r\n.", "line", "\r\n.\r\n", "\u00ff")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 2000)
    void bareLineEndsAreFoundAndOnlyThey(@ForAll("lineEnds") List<String> parts) {
        String content = String.join("", parts);
        String rest = content.replace("\r\n", "");
        boolean bare = rest.indexOf('\r') >= 0 || rest.indexOf('\n') >= 0;
        // "\r" + "\r\n" leaves "\r"; replacing cannot make a pair that was none, for no part is left between.
        if (!rest.contains("\r") || !rest.contains("\n")) {
            assertThat(DotStuffing.bareLineEnd(content.getBytes(ISO_8859_1)) >= 0)
                    .isEqualTo(bare);
        } else {
            assertThat(DotStuffing.bareLineEnd(content.getBytes(ISO_8859_1))).isNotNegative();
        }
    }

    @Provide
    Arbitrary<List<String>> lineEnds() {
        return Arbitraries.of("\r\n", "\r\n", "\r\n", "a", ".", "\r", "\n")
                .list()
                .ofMaxSize(8);
    }

    /** Over the wire, past all piece boundaries. */
    @Test
    void theServerReceivesWhatWasSentByDataAndByBdat() {
        byte[] content = lines(700_000);
        for (boolean chunking : new boolean[] {false, true}) {
            try (FakeMx mx = chunking ? FakeMx.builder().extension("CHUNKING").build() : FakeMx.start();
                    SmtpClient client = new SmtpClient()) {
                SmtpSession session = client.connect(mx);
                for (byte[] message : List.of(content, ".\r\n".getBytes(ISO_8859_1), new byte[0])) {
                    assertThat(SmtpClient.send(session, SmtpClient.message(message, "a@b.test"))
                                    .recipients()
                                    .get(0)
                                    .kind())
                            .isEqualTo(Kind.ACCEPTED);
                }
                assertThat(mx.messages()).hasSize(3);
                assertThat(mx.messages().get(0).content()).isEqualTo(content);
                assertThat(mx.messages().get(0).chunked()).isEqualTo(chunking);
                assertThat(mx.messages().get(1).text()).isEqualTo(".\r\n");
                // A last line end is supplied where there is none.
                assertThat(mx.messages().get(2).text()).isEqualTo("\r\n");
            }
        }
    }

    private static byte[] lines(int size) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        StringBuilder b = new StringBuilder(size + 100);
        while (b.length() < size) {
            b.append(".".repeat(random.nextInt(3)))
                    .append("x".repeat(random.nextInt(80)))
                    .append("\r\n");
        }
        return b.toString().getBytes(ISO_8859_1);
    }

    private static String stuff(byte[] content, int cut) {
        ByteBuf out = Unpooled.buffer();
        DotStuffing.append(content, 0, cut, out);
        DotStuffing.append(content, cut, content.length, out);
        return out.toString(ISO_8859_1);
    }
}
