package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.Smarthost.Protocol;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmarthostIsReadFromItsOptionsTest {

    private final MxConfiguration options = new MxConfiguration();

    @ParameterizedTest
    @CsvSource({
        "relay.example.com, relay.example.com, 587, SMTP",
        "smtp://Relay.example.com:25, relay.example.com, 25, SMTP",
        "smtps://relay.example.com, relay.example.com, 465, SMTPS",
        "lmtp://localhost:2003, localhost, 2003, LMTP",
        "192.0.2.1:25, [192.0.2.1], 25, SMTP",
        "smtp://[2001:db8::1]:25, [ipv6:2001:db8::1], 25, SMTP"
    })
    void itHasASchemeAHostAndAPort(String stated, String host, int port, Protocol protocol) {
        options.setSmarthost(stated);
        assertThat(read())
                .returns(host, Smarthost::host)
                .returns(port, Smarthost::port)
                .returns(protocol, Smarthost::protocol);
    }

    @Test
    void withALoginTheServerMustProveItsName() {
        options.setSmarthost("relay.example.com");
        assertThat(read().tls()).isEqualTo(TlsPolicy.OPPORTUNISTIC);
        options.setSmarthostUsername("shop");
        options.setSmarthostPassword("sesame");
        assertThat(read().tls()).isEqualTo(TlsPolicy.VERIFY);
        assertThat(read()).asString().doesNotContain("sesame");
        options.setSmarthostTls(TlsPolicy.NONE);
        assertThat(read().tls()).isEqualTo(TlsPolicy.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://relay", "relay:99999", "relay:x", "re lay", "smtp://", "user@relay"})
    void whatIsNoneIsRefusedByName(String stated) {
        options.setSmarthost(stated);
        assertThatThrownBy(this::read).hasMessageContaining("smarthost=" + stated);
    }

    @Test
    void halfALoginIsRefused() {
        options.setSmarthost("relay.example.com");
        options.setSmarthostUsername("shop");
        assertThatThrownBy(this::read).hasMessageContaining("smarthostPassword");
    }

    @Test
    void aLoginForNobodyIsRefused() {
        options.setSmarthostUsername("shop");
        assertThatThrownBy(() -> SmarthostSettings.of("tx", options)).hasMessageContaining("smarthost");
    }

    private Smarthost read() {
        return SmarthostSettings.of("tx", options).orElseThrow();
    }
}
