package io.github.cameldeliverability.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageIsBroughtIntoWireFormTest {

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource({
        "a\\r\\n,        a\\r\\n,           wire form stays",
        "a,              a\\r\\n,           the last line gets its end",
        "a\\nb,          a\\r\\nb\\r\\n,    LF",
        "a\\rb,          a\\r\\nb\\r\\n,    CR",
        "a\\r\\r\\nb,    a\\r\\nb\\r\\n,    converted twice",
        "a\\r\\r\\r\\nb, a\\r\\nb\\r\\n,    converted three times",
        "a\\n\\nb,       a\\r\\n\\r\\nb\\r\\n, empty line of LF",
        "a\\r\\rb,       a\\r\\n\\r\\nb\\r\\n, empty line of CR",
        "a\\n\\rb,       a\\r\\n\\r\\nb\\r\\n, LF CR are two line ends",
        "a\\r,           a\\r\\n,           CR at the end",
        "a\\r\\n.\\rb,   a\\r\\n.\\r\\nb\\r\\n, a dot before a bare CR",
        "'',             \\r\\n,            nothing at all",
        "'A \t: 1\\r\\nB : 2\\n\\nC : 3', 'A: 1\\r\\nB: 2\\r\\n\\r\\nC : 3\\r\\n', white space before a colon",
        "'A: 1\\n B : 2', 'A: 1\\r\\n B : 2\\r\\n', not in a folded line",
        "'A B : 2', 'A B : 2\\r\\n', no field name",
    })
    void lineEnds(String in, String out, String why) {
        assertThat(text(WireMessage.of(bytes(unescape(in))))).as(why).isEqualTo(unescape(out));
    }

    @Test
    void messageInWireFormIsNotCopied() {
        byte[] raw = bytes("From: a@b.test\r\n\r\nbody\r\n");
        assertThat(WireMessage.of(raw).content()).isSameAs(raw);
    }

    @Test
    void nulIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> WireMessage.of(bytes("a\0b\r\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NUL at octet 1");
        assertThatThrownBy(() -> WireMessage.of(bytes("a\nb\0"))).hasMessageContaining("NUL");
    }

    @Test
    void octetsAbove127AreToldApartByPlace() {
        WireMessage header = WireMessage.of(bytes("Subject: \u00e9\r\n\r\nplain\r\n"));
        assertThat(header.utf8Header()).isTrue();
        assertThat(header.eightBit()).isFalse();
        WireMessage body = WireMessage.of(bytes("Subject: e\n\n\u00e9"));
        assertThat(body.utf8Header()).isFalse();
        assertThat(body.eightBit()).isTrue();
        WireMessage noBody = WireMessage.of(bytes("Subject: \u00e9\r\n"));
        assertThat(noBody.utf8Header()).isTrue();
        assertThat(noBody.bodyStart()).isEqualTo(noBody.content().length);
    }

    @Test
    void headerFieldsAreFoundInAnyCaseAndUnfolded() {
        WireMessage m = WireMessage.of(bytes(
                "Received: one\r\nSUBJECT : a\r\n\tb\r\nreceived: two\r\n\r\nX-Body: no\r\nSubject: not this\r\n"));
        assertThat(m.header("Subject")).contains("a\tb");
        assertThat(m.headers("Received")).containsExactly("one", "two");
        assertThat(m.hasField("received")).isTrue();
        assertThat(m.hasField("X-Body")).isFalse();
        assertThat(m.hasField("Subj")).isFalse();
        assertThat(m.header("b")).isEmpty();
    }

    @Test
    void fieldOfAMessageWithoutBodyIsFound() {
        assertThat(WireMessage.of(bytes("A: 1\nB: 2")).header("B")).contains("2");
        assertThat(WireMessage.of(bytes("\r\nA: body")).hasField("A")).isFalse();
    }

    @Test
    void fieldsArePutInFront() {
        WireMessage m = WireMessage.of(bytes("B: 2\r\n\r\nx\r\n")).prepend(bytes("A: \u00e9\r\n"));
        assertThat(text(m)).isEqualTo("A: \u00e9\r\nB: 2\r\n\r\nx\r\n");
        assertThat(m.utf8Header()).isTrue();
        assertThat(m.content()[m.bodyStart()]).isEqualTo((byte) 'x');
        assertThat(m.header("B")).contains("2");
    }

    @ParameterizedTest
    @CsvSource({"A: 1", "A: 1\\n", "A: 1\\r\\n\\r\\n", "\\r\\n", "\\r\\nA: 1\\r\\n", "A: 1\\rB: 2\\r\\n"})
    void whatIsNoHeaderFieldIsNotPutInFront(String fields) {
        WireMessage m = WireMessage.of(bytes("B: 2\r\n\r\nx\r\n"));
        assertThatThrownBy(() -> m.prepend(bytes(unescape(fields)))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fieldsAreTakenOut() {
        WireMessage m = WireMessage.of(bytes("bcc: a@b.test,\r\n c@d.test\r\nTo: x\r\nBcc: e\r\n\r\nBcc: body\r\n"));
        assertThat(text(m.without("Bcc", "X-None"))).isEqualTo("To: x\r\n\r\nBcc: body\r\n");
        assertThat(m.without("X-None")).isSameAs(m);
    }

    @Test
    void longestLineIsKnown() {
        assertThat(WireMessage.of(bytes("A: 1\r\n\r\n" + "x".repeat(1000))).longestLine())
                .isEqualTo(1000);
    }

    @Property
    void wireFormIsAFixedPoint(@ForAll("text") String s) {
        WireMessage once = WireMessage.of(bytes(s));
        assertThat(WireMessage.of(once.content()).content()).isSameAs(once.content());
        assertThat(text(once)).endsWith("\r\n").doesNotContainPattern("(?<!\r)\n|\r(?!\n)");
        assertThat(text(once).replaceAll("\\s", "")).isEqualTo(s.replaceAll("\\s", ""));
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings().withChars("\r\n\r\n :aB\t.\u00e9").ofMaxLength(60);
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(WireMessage m) {
        return new String(m.content(), StandardCharsets.UTF_8);
    }

    private static String unescape(String s) {
        return s.replace("\\r", "\r").replace("\\n", "\n");
    }
}
