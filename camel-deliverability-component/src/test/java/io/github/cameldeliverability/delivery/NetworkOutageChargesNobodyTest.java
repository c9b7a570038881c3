package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.spi.MxResolver.MxAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkOutageChargesNobodyTest {

    private static final int DOMAINS = 30;

    private final Scene scene = new Scene();

    @Test
    void whenNoHostAnswersMailWaitsAndLeavesSoonAfterTheNetworkIsBack() {
        for (int d = 0; d < DOMAINS; d++) {
            domain(d);
            scene.smtp.unreachable("mx.d" + d + ".org");
        }
        submitToAll();
        scene.pass(Duration.ofMinutes(20));
        assertThat(scene.finals()).isEmpty();
        assertThat(scene.engine.unhealthyReason().orElseThrow())
                .contains("mail hosts of several providers do not answer")
                .contains("port 25");
        long charged = scene.events().size();
        assertThat(charged).as("those before it was known").isLessThanOrEqualTo(6);

        for (int d = 0; d < DOMAINS; d++) {
            scene.smtp.opens("mx.d" + d + ".org");
        }
        Instant back = scene.clock.instant();
        scene.pass(Duration.ofSeconds(35));
        List<DeliveryEvent> delivered = scene.finals();
        assertThat(delivered).hasSizeGreaterThanOrEqualTo((int) (DOMAINS - charged));
        assertThat(delivered).allMatch(e -> e.outcome() == Outcome.DELIVERED && e.at().isAfter(back.minusSeconds(1)));
        assertThat(scene.engine.unhealthyReason()).isEmpty();
        scene.pass(Duration.ofHours(1));
        assertThat(scene.finals()).hasSize(DOMAINS);
    }

    @Test
    void whenTheDnsIsAwayMailWaitsAndLeavesSoonAfterItIsBack() {
        for (int d = 0; d < DOMAINS; d++) {
            scene.dns.answer("d" + d + ".org", new MxAnswer.TemporaryFailure("192.0.2.53:53: timeout"));
        }
        submitToAll();
        scene.pass(Duration.ofMinutes(50));
        assertThat(scene.finals()).isEmpty();
        assertThat(scene.engine.unhealthyReason().orElseThrow()).contains("DNS").contains("dnsServers");
        assertThat(scene.events()).hasSizeLessThanOrEqualTo(30);

        for (int d = 0; d < DOMAINS; d++) {
            domain(d);
        }
        scene.pass(Duration.ofSeconds(45));
        assertThat(scene.finals()).hasSizeGreaterThanOrEqualTo(DOMAINS - 6);
        scene.pass(Duration.ofHours(4));
        assertThat(scene.finals()).hasSize(DOMAINS).allMatch(e -> e.outcome() == Outcome.DELIVERED);
    }

    @Test
    void deadHostsAmongLivingOnesAreChargedAsEver() {
        for (int d = 0; d < DOMAINS; d++) {
            domain(d);
            if (d % 2 == 0) {
                scene.smtp.unreachable("mx.d" + d + ".org");
            }
        }
        submitToAll();
        scene.pass(Duration.ofMinutes(1));
        assertThat(scene.events()).hasSize(DOMAINS);
        assertThat(scene.engine.unhealthyReason()).isEmpty();
    }

    @Test
    void theDeadlineIsKeptAlsoWhileTheNetworkIsAway() {
        Scene impatient = new Scene(Scene.stream("tx").with(s -> s.maxAge(Duration.ofHours(1))));
        for (int d = 0; d < DOMAINS; d++) {
            impatient.dns.answer("d" + d + ".org", new MxAnswer.TemporaryFailure("192.0.2.53:53: timeout"));
            impatient.submit("u@d" + d + ".org");
        }
        impatient.pass(Duration.ofMinutes(61));
        assertThat(impatient.finals()).hasSize(DOMAINS).allMatch(e -> e.outcome() == Outcome.EXPIRED);
    }

    private void domain(int d) {
        scene.dns.domain("d" + d + ".org", "mx.d" + d + ".org=192.0.2." + (d + 1));
    }

    private void submitToAll() {
        for (int d = 0; d < DOMAINS; d++) {
            scene.submit("u@d" + d + ".org");
        }
    }
}
