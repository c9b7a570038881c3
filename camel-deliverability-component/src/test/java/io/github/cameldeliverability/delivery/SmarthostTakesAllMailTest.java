package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Smarthost;
import io.github.cameldeliverability.mail.Smarthost.Protocol;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SmarthostTakesAllMailTest {

    @Test
    void whateverTheDomainAndInOneTransaction() {
        Scene scene = scene("relay.example.com");
        scene.dns.host("relay.example.com", "10.0.0.5");
        scene.submit("x@a.org", "y@b.org", "z@[192.0.2.1]");
        assertThat(scene.finals()).hasSize(3).allMatch(e -> e.outcome() == Outcome.DELIVERED);
        assertThat(scene.smtp.sent()).singleElement().returns(3, s -> s.recipients()
                .size());
        assertThat(scene.smtp.connects()).singleElement().satisfies(t -> {
            assertThat(t.port()).isEqualTo(587);
            assertThat(t.tls()).isEqualTo(TlsPolicy.VERIFY);
            assertThat(t.smarthost()).isPresent();
        });
    }

    @Test
    void localhostIsHere() {
        Scene scene = scene("localhost");
        scene.submit("x@a.org");
        assertThat(scene.smtp.connects())
                .singleElement()
                .satisfies(t -> assertThat(t.address().isLoopbackAddress()).isTrue());
    }

    @Test
    void aSmarthostThatIsNotFoundLosesNoMail() {
        Scene scene = scene("relay.example.com");
        scene.submit("x@a.org");
        assertThat(scene.outcomesOf("x@a.org")).containsExactly(Outcome.DEFERRED);
        scene.dns.host("relay.example.com", "10.0.0.5");
        scene.pass(Duration.ofHours(2));
        assertThat(scene.outcomesOf("x@a.org")).endsWith(Outcome.DELIVERED);
    }

    private static Scene scene(String host) {
        Smarthost relay = new Smarthost(host, 587, Protocol.SMTP, TlsPolicy.VERIFY, Optional.empty());
        return new Scene(Scene.stream("tx").via(relay));
    }
}
