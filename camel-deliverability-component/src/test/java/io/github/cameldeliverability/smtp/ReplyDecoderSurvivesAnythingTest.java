package io.github.cameldeliverability.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.smtp.ReplyDecoder.Decoded;
import io.github.cameldeliverability.smtp.ReplyDecoder.Malformed;
import io.github.cameldeliverability.smtp.ReplyDecoder.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyDecoderSurvivesAnythingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "250 ok\\r\\n | 250 ok",
                "250\\r\\n | 250",
                "250 \\r\\n | 250",
                "550 5.1.1 no such user\\r\\n | 550 5.1.1 no such user",
                "550-5.1.1 no\\r\\n550 5.1.1 user\\r\\n | 550 5.1.1 no user",
                "550-see\\r\\n550 5.7.1 blocked\\r\\n | 550 5.7.1 see blocked",
                "550-5.7.1 a\\r\\n550 5.7.2 b\\r\\n | 550 5.7.1 a 5.7.2 b",
                "451-4.7.1\\r\\n451 later\\r\\n | 451 4.7.1 later",
                "550-no\\r\\n553 really\\r\\n | 553 no really",
                "250-\\r\\n250-\\r\\n250 x\\r\\n | 250 x",
                "250 ok\\n | 250 ok",
                "250 a\\rb\\r\\n | 250 a b",
                "550 esc\\033[31m\\000nul\\r\\n | 550 esc [31m nul",
                "550 m\u00fcller\\r\\n | 550 m\u00fcller",
            })
    void honestRepliesAreUnderstood(String wire, String expected) {
        List<Decoded> decoded = decode(unescape(wire).getBytes(UTF_8), 1);

        assertThat(decoded).hasSize(1);
        assertThat(((Reply) decoded.get(0)).reply().format()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ok\\r\\n",
                "\\r\\n",
                "25\\r\\n",
                "2500 ok\\r\\n",
                "250ok\\r\\n",
                "250\\tok\\r\\n",
                "-50 ok\\r\\n",
                "199 x\\r\\n",
                "600 x\\r\\n",
                "000 x\\r\\n",
                "250-a\\r\\n450 b\\r\\n",
                "250-a\\r\\nb\\r\\n",
                "\u0662\u0665\u0660 ok\\r\\n"
            })
    void whatIsNoReplyIsNotTakenForOne(String wire) {
        assertThat(decode(unescape(wire).getBytes(UTF_8), 100))
                .hasSize(1)
                .first()
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aLongWindedReplyIsCutAndStillCounts() {
        Reply line = (Reply) decode(("550 5.1.1 " + "x".repeat(100_000) + "\r\n").getBytes(ISO_8859_1), 777)
                .get(0);
        assertThat(line.reply().format()).startsWith("550 5.1.1 xxx");
        assertThat(line.reply().text().length()).isLessThanOrEqualTo(ReplyDecoder.MAX_TEXT);

        Reply lines = (Reply) decode(("250-x\r\n".repeat(10_000) + "250 end\r\n").getBytes(ISO_8859_1), 777)
                .get(0);
        assertThat(lines.reply().code()).isEqualTo(250);
        assertThat(lines.reply().lines()).hasSize(ReplyDecoder.MAX_LINES);
    }

    @Test
    void aReplyWithoutEndIsGivenUp() {
        for (String endless : List.of("x", "250 x", "250-x\r\n")) {
            byte[] octets = endless.repeat(ReplyDecoder.MAX_REPLY / endless.length() + 1)
                    .getBytes(ISO_8859_1);
            assertThat(decode(octets, 10_000)).hasSize(1).first().isInstanceOf(Malformed.class);
        }
    }

    /** However the octets are cut into packets, the replies are the same. */
    @Property(tries = 1000)
    void packetBoundariesDoNotMatter(@ForAll("streams") String wire, @ForAll @IntRange(min = 1, max = 20) int piece) {
        byte[] octets = wire.getBytes(ISO_8859_1);
        assertThat(decode(octets, piece)).isEqualTo(decode(octets, Math.max(1, octets.length)));
    }

    @Property(tries = 3000)
    void nothingIsThrownAndNothingIsOutOfRange(@ForAll("streams") String wire) {
        for (Decoded decoded : decode(wire.getBytes(ISO_8859_1), 5)) {
            if (decoded instanceof Reply reply) {
                SmtpReply r = reply.reply();
                assertThat(r.synthetic()).isFalse();
                assertThat(r.format()).doesNotContain("\r", "\n", "\0");
                Extensions.of(r).features();
            } else {
                assertThat(((Malformed) decoded).why()).doesNotContain("\r", "\n");
            }
        }
    }

    @Provide
    Arbitrary<String> streams() {
        Arbitrary<String> words = Arbitraries.of(
                "250", "550", "421", "999", "-", " ", "\r\n", "\r\n", "\n", "\r", "5.1.1", "SIZE 9", "LIMITS A=", "\0");
        Arbitrary<String> noise =
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(5);
        return Arbitraries.oneOf(words, words, noise).list().ofMaxSize(40).map(parts -> String.join("", parts));
    }

    private static List<Decoded> decode(byte[] octets, int piece) {
        ReplyDecoder decoder = new ReplyDecoder();
        List<Decoded> all = new ArrayList<>();
        for (int i = 0; i < octets.length; i += piece) {
            ByteBuf in = Unpooled.wrappedBuffer(octets, i, Math.min(piece, octets.length - i));
            while (in.isReadable()) {
                Optional<Decoded> next = decoder.next(in);
                next.ifPresent(all::add);
                if (next.isPresent() && next.get() instanceof Malformed) {
                    return all;
                }
            }
        }
        return all;
    }

    private static String unescape(String s) {
        return s.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\033", "\033")
                .replace("\\000", "\0");
    }
}
