package io.github.cameldeliverability.dkim;

import static io.github.cameldeliverability.dkim.DkimFixture.ED25519;
import static io.github.cameldeliverability.dkim.DkimFixture.MESSAGE;
import static io.github.cameldeliverability.dkim.DkimFixture.RSA;
import static io.github.cameldeliverability.dkim.DkimFixture.octets;
import static io.github.cameldeliverability.dkim.DkimFixture.signed;
import static io.github.cameldeliverability.dkim.DkimFixture.signer;
import static io.github.cameldeliverability.dkim.DkimFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.dkim.DkimResult.Result;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SignedMessageVerifiesTest {

    private final DkimFixture dkim = new DkimFixture();

    @ParameterizedTest
    @MethodSource("signers")
    void withEachAlgorithmAndCanonicalization(DkimKeyPair key, Canonicalization header, Canonicalization body) {
        DkimSigner signer = signer(key).canonicalization(header, body).build();
        for (String message : List.of(
                MESSAGE,
                "From: a@example.test\r\n",
                "From: a@example.test\r\n\r\n",
                "From: a@example.test\r\n\r\n\r\n\r\n",
                "From: a@example.test\r\nSubject: one\r\nSubject: two\r\n\r\n.\r\n..\r\n",
                "FROM:a@example.test\r\nX-Empty:\r\n\tfolded\r\n \r\n\r\n \t\r\n",
                "From: \u00fc@example.test\r\nSubject: \u00e9\u00e8\r\n\r\n\u00e4\r\n")) {
            assertThat(dkim.verdict(signed(signer, message))).as(message).isEqualTo("pass: ");
        }
    }

    static Stream<Arguments> signers() {
        return Stream.of(RSA, ED25519).flatMap(key -> Stream.of(Canonicalization.values())
                .flatMap(header -> Stream.of(Canonicalization.values()).map(body -> Arguments.of(key, header, body))));
    }

    @Test
    void byTwoSignaturesEachByItself() {
        String once = signed(signer(RSA).build(), MESSAGE);
        String twice = signed(signer(ED25519).build(), once);
        assertThat(dkim.verify(twice)).extracting(DkimResult::result).containsExactly(Result.PASS, Result.PASS);
        assertThat(dkim.verify(twice)).extracting(DkimResult::selector).containsExactly("ed", "rsa");
        assertThat(dkim.verify(twice)).extracting(DkimResult::keyBits).containsExactly(256, 2048);
    }

    @Property(tries = 150)
    void afterAnyLegalRefoldingIfRelaxed(@ForAll long seed) {
        String message = signed(signer(ED25519).build(), MESSAGE);
        assertThat(dkim.verdict(refolded(message, new Random(seed)))).isEqualTo("pass: ");
    }

    @Test
    void butNotAfterRefoldingIfSimple() {
        DkimSigner simple = signer(ED25519)
                .canonicalization(Canonicalization.SIMPLE, Canonicalization.SIMPLE)
                .build();
        String message = signed(simple, MESSAGE);
        assertThat(dkim.verdict(message.replace("Subject: dinner", "Subject:  dinner")))
                .startsWith("fail: the header");
        assertThat(dkim.verdict(message.replace("Hi  Bob", "Hi Bob"))).startsWith("fail: the body");
    }

    @ParameterizedTest
    @CsvSource({
        "hungry?,                      thirsty?,                              body changed",
        "'\\r\\n\\r\\nHi',             '\\r\\n\\r\\n\\r\\nHi',                 empty line put first",
        "'are you',                    ' areyou',                             word joined",
        "From: Ann,                    From: Eve,                             From changed",
        "From: Ann,                    'From: Eve <e@evil.test>\\r\\nFrom: Ann', From added above",
        "'Date: ',                     'From: Eve <e@evil.test>\\r\\nDate: ', From added below",
        "Subject: dinner,              'Subject: lunch\\r\\nSubject: dinner', Subject added",
        "'Date: ',                     'Content-Type: text/html\\r\\nDate: ', Content-Type added",
        "'Date: ',                     'Reply-To: e@evil.test\\r\\nDate: ',   Reply-To added",
        "'\\r\\n carol@receiver.test', '',                                    recipient removed",
        "d=example.test,               'd=example.test; i=@example.test',     tag added",
        "t=1770091506,                 t=1770091507,                          time changed",
    })
    void butNotAfterAnotherChange(String from, String to, String why) {
        for (DkimKeyPair key : List.of(RSA, ED25519)) {
            String message = signed(signer(key).build(), MESSAGE);
            String changed = message.replaceFirst(
                    java.util.regex.Pattern.quote(unescape(from)),
                    java.util.regex.Matcher.quoteReplacement(unescape(to)));
            assertThat(changed).as(why).isNotEqualTo(message);
            assertThat(dkim.verdict(changed)).as(why).startsWith("fail: ");
        }
    }

    @Test
    void whenManyThreadsShareTheSigner() {
        for (DkimKeyPair key : List.of(RSA, ED25519)) {
            DkimSigner signer = signer(key).build();
            List<String> bad = IntStream.range(0, 400)
                    .parallel()
                    .mapToObj(i -> MESSAGE.replace("eight", "eight " + i))
                    .filter(m -> !new DkimFixture().verdict(signed(signer, m)).equals("pass: "))
                    .toList();
            assertThat(bad).isEmpty();
        }
    }

    @Test
    void byEveryEngineThatIsHere() {
        int tried = 0;
        for (DkimKeyPair key : List.of(RSA, ED25519)) {
            for (SignatureEngine engine : SignatureEngine.values()) {
                byte[] data = DkimSigner.sha256().digest(octets("data"));
                if (engine.signer(key).isPresent()) {
                    tried++;
                    byte[] made = engine.signer(key).get().sign(data);
                    // Both algorithms are deterministic: RFC 8017 8.2 (PKCS#1 v1.5) and RFC 8032 5.1.6.
                    assertThat(made)
                            .isEqualTo(SignatureEngine.JDK
                                    .signer(key)
                                    .orElseThrow()
                                    .sign(data));
                }
            }
        }
        assertThat(tried).isGreaterThanOrEqualTo(3);
    }

    @Test
    void fromAMailboxFileWithBareLineFeeds() {
        String message = signed(signer(RSA).build(), MESSAGE);
        assertThat(dkim.verdict(message.replace("\r\n", "\n"))).isEqualTo("pass: ");
    }

    @Test
    void anUnsignedMessageHasNoResult() {
        assertThat(dkim.verify(MESSAGE)).isEmpty();
        assertThat(dkim.verify("")).isEmpty();
        assertThat(dkim.verify("\r\nDKIM-Signature: v=1\r\n")).isEmpty();
    }

    /** Changes white space as a relay may: unfolds, folds, widens; in the body widens and adds it at line ends. */
    private static String refolded(String message, Random random) {
        int bodyAt = message.indexOf("\r\n\r\n") + 4;
        String[] fields = message.substring(0, bodyAt - 2).split("\r\n(?![ \t])");
        StringBuilder out = new StringBuilder();
        for (String field : fields) {
            int colon = field.indexOf(':');
            out.append(
                            random.nextBoolean()
                                    ? field.substring(0, colon)
                                    : field.substring(0, colon).toUpperCase(java.util.Locale.ROOT))
                    .append(':');
            String value = field.substring(colon + 1).replace("\r\n", "");
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == ' ' || c == '\t') {
                    out.append(new String[] {" ", "\t", "  ", "\r\n ", "\r\n\t \t"}[random.nextInt(5)]);
                } else {
                    out.append(c);
                }
            }
            out.append(random.nextBoolean() ? " \t\r\n" : "\r\n");
        }
        out.append("\r\n");
        for (String line : message.substring(bodyAt).split("\r\n")) {
            out.append(line.replace("\t", " \t "))
                    .append(" ".repeat(random.nextInt(3)))
                    .append("\r\n");
        }
        return out.append("\r\n".repeat(random.nextInt(4))).toString();
    }

    private static String unescape(String s) {
        return s.replace("\\r", "\r").replace("\\n", "\n");
    }

    @Test
    void theFieldIsFoldedToTheCustomaryWidth() {
        for (DkimKeyPair key : List.of(RSA, ED25519)) {
            String field = text(signer(key).build().sign(octets(MESSAGE)));
            assertThat(field).startsWith("DKIM-Signature: v=1; a=").endsWith("\r\n");
            assertThat(field.split("\r\n")).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
            assertThat(field.split("\r\n(?![ \t])")).hasSize(1);
        }
    }
}
