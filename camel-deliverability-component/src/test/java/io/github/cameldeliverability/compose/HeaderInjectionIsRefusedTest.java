package io.github.cameldeliverability.compose;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderInjectionIsRefusedTest {

    @ParameterizedTest
    @ValueSource(strings = {"hi\r\nBcc: x@evil.example", "hi\nX: y", "hi\rX: y", "hi\0", "hi\r\n folded"})
    void inValues(String bad) {
        assertThatThrownBy(() -> Draft.builder().subject(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Subject");
        assertThatThrownBy(() -> Draft.builder().field("X-Campaign", bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-Campaign");
        assertThatThrownBy(() -> Draft.builder().to("\"" + bad + "\" <a@example.com>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("To");
        assertThatThrownBy(() -> Draft.builder().messageId(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Message-ID");
        assertThatThrownBy(() -> new Draft.Part(bad, "text/plain", () -> new ByteArrayInputStream(new byte[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Content-Disposition");
        assertThatThrownBy(() -> new Draft.Part(
                        Optional.empty(), bad, () -> new ByteArrayInputStream(new byte[0]), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Content-Type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Y", "X:Y", "X\r\nBcc", "Ünï", "X\0"})
    void inNames(String bad) {
        assertThatThrownBy(() -> Draft.builder().field(bad, "v")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void insideAnEncodedWord() {
        assertThatThrownBy(() -> Draft.builder().from("=?utf-8?Q?a=0D=0ABcc=3A_x=40evil.example?= <a@example.com>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("From");
    }
}
