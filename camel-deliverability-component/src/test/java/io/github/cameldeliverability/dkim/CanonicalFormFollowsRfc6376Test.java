package io.github.cameldeliverability.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalFormFollowsRfc6376Test {

    @ParameterizedTest(name = "{3}")
    @CsvSource({
        "'',                     '\\r\\n',              '',                   empty body",
        "'\\r\\n',               '\\r\\n',              '',                   one line end",
        "'\\r\\n\\r\\n',         '\\r\\n',              '',                   two line ends",
        "'x',                    'x\\r\\n',             'x\\r\\n',            line end missing",
        "'x\\r\\n\\r\\n\\r\\n',  'x\\r\\n',             'x\\r\\n',            line ends at the end",
        "'x\\r\\n\\r\\ny\\r\\n', 'x\\r\\n\\r\\ny\\r\\n', 'x\\r\\n\\r\\ny\\r\\n', line ends inside",
        "'  x  y  \\r\\n',       '  x  y  \\r\\n',      ' x y\\r\\n',         spaces",
        "'\\tx\\t\\ty\\t\\r\\n', '\\tx\\t\\ty\\t\\r\\n', ' x y\\r\\n',        tabs",
        "'x\\r\\n \\r\\n',       'x\\r\\n \\r\\n',      'x\\r\\n',            line of white space at the end",
        "' \\r\\n\\t\\r\\n',     ' \\r\\n\\t\\r\\n',    '',                   nothing but white space",
        "'\\r\\nx',              '\\r\\nx\\r\\n',       '\\r\\nx\\r\\n',      line end at the beginning",
        "'x\\ry\\nz\\r\\n',      'x\\ry\\nz\\r\\n',     'x\\ry\\nz\\r\\n',    lone CR and LF are ordinary",
        "'x\\r',                 'x\\r\\r\\n',          'x\\r\\r\\n',         lone CR at the end",
    })
    void bodies(String body, String simple, String relaxed, String why) {
        assertThat(canonical(Canonicalization.SIMPLE, body)).as(why).isEqualTo(unescape(simple));
        assertThat(canonical(Canonicalization.RELAXED, body)).as(why).isEqualTo(unescape(relaxed));
    }

    @ParameterizedTest
    @CsvSource({
        "'A: X\\r\\n',                      'a:X\\r\\n'",
        "'B : Y\\t\\r\\n\\tZ  \\r\\n',      'b:Y Z\\r\\n'",
        "'Subject:\\r\\n',                  'subject:\\r\\n'",
        "'Subject: \\r\\n \\r\\n',          'subject:\\r\\n'",
        "'X:a : b:c\\r\\n',                 'x:a : b:c\\r\\n'",
        "'X-UPPER:  Value  STAYS  \\r\\n',  'x-upper:Value STAYS\\r\\n'",
    })
    void headerFieldsWhenRelaxed(String field, String relaxed) {
        byte[] octets = DkimFixture.octets(unescape(field));
        assertThat(DkimFixture.text(Canonicalization.RELAXED.header(octets))).isEqualTo(unescape(relaxed));
        assertThat(Canonicalization.SIMPLE.header(octets)).isEqualTo(octets);
    }

    @Property
    void theCanonicalFormIsAFixedPoint(@ForAll("bodies") String body) {
        for (Canonicalization c : Canonicalization.values()) {
            String once = canonical(c, body);
            assertThat(DkimFixture.text(c.body(DkimFixture.octets(once)))).isEqualTo(once);
            assertThat(once.isEmpty() || once.endsWith("\r\n")).isTrue();
        }
    }

    @Property(tries = 300)
    void hashingInPiecesIsHashingTheWhole(
            @ForAll("bodies") String piece, @ForAll @IntRange(min = 1, max = 300) int times) throws Exception {
        byte[] body = DkimFixture.octets(piece.repeat(times));
        for (Canonicalization c : Canonicalization.values()) {
            byte[] whole = c.body(body);
            int limit = whole.length / 2;
            DigestSink all = new DigestSink(DkimSigner.sha256(), Long.MAX_VALUE);
            DigestSink half = new DigestSink(DkimSigner.sha256(), limit);
            c.body(body, 0, body.length, all);
            c.body(body, 0, body.length, half);
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            assertThat(all.seen()).isEqualTo(whole.length);
            assertThat(all.digest()).isEqualTo(sha256.digest(whole));
            assertThat(half.digest()).isEqualTo(sha256.digest(java.util.Arrays.copyOf(whole, limit)));
        }
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of("\r\n", " ", "\t", "x", "long words and more", "\r", "\n", "\u00e9")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    private static String canonical(Canonicalization c, String body) {
        return DkimFixture.text(c.body(DkimFixture.octets(unescape(body))));
    }

    private static String unescape(String s) {
        return s.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
    }
}
