package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Fault;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SourceAddress;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.spi.SmtpConnector.ConnectResult;
import io.github.cameldeliverability.mail.spi.SmtpConnector.Target;
import io.github.cameldeliverability.shaping.LimitSettings;
import io.github.cameldeliverability.testkit.ScriptedSmtp.Sent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SourceAddressesShareTheMailTest {

    private static final SourceAddress A = source("192.0.2.101", "a.example.com", 3);
    private static final SourceAddress B = source("192.0.2.102", "b.example.com", 1);
    private static final SourceAddress SIX = source("2001:db8::6", "six.example.com", 1);

    @Test
    void byWeightAndEachUnderItsOwnName() {
        Scene scene = scene(A, B);
        for (int i = 0; i < 400; i++) {
            scene.submit("u" + i + "@a.org");
        }

        Map<String, Long> messages = messagesBySource(scene);
        assertThat(messages.get("192.0.2.101")).isBetween(260L, 340L);
        assertThat(messages.get("192.0.2.102")).isBetween(60L, 140L);
        assertThat(scene.smtp.connects()).allSatisfy(t -> assertThat(t.ehloName())
                .isEqualTo(t.localAddress().orElseThrow().equals(A.address()) ? "a.example.com" : "b.example.com"));
        assertThat(scene.snapshot().lanes())
                .extracting(l -> l.lane().source())
                .as("each source is a lane of its own")
                .containsExactlyInAnyOrder("192.0.2.101", "192.0.2.102");
    }

    @Test
    void aGreylistedMessageComesBackFromWhereItCameWithTheSameEnvelope() {
        Scene scene = scene(A, B);
        for (int i = 0; i < 20; i++) {
            scene.smtp.recipients("mx.a.org", r -> "451 4.7.1 greylisted");
            scene.submit("u" + i + "@a.org");
            scene.pass(Duration.ofSeconds(30));
            scene.smtp.transactions("mx.a.org", s -> null);
            scene.pass(Duration.ofMinutes(20));
        }

        Map<String, List<Sent>> byRecipient = scene.smtp.sent().stream()
                .collect(Collectors.groupingBy(s -> s.recipients().get(0).toString()));
        assertThat(byRecipient).hasSize(20).allSatisfy((recipient, tries) -> {
            assertThat(tries).hasSize(2);
            assertThat(sourceOf(scene, tries.get(1))).isEqualTo(sourceOf(scene, tries.get(0)));
            assertThat(tries.get(1).from()).isEqualTo(tries.get(0).from());
            assertThat(tries.get(1).transaction().recipients())
                    .isEqualTo(tries.get(0).transaction().recipients());
        });
    }

    @Test
    void eachFamilyHasSourcesOfItsOwn() {
        Scene scene = scene(A, SIX);
        scene.dns.domain("four.org", "mx.four.org").host("mx.four.org", "192.0.2.4");
        scene.dns.domain("six.org", "mx.six.org").host("mx.six.org", "2001:db8::25");
        scene.dns.domain("both.org", "mx.both.org").host("mx.both.org", "2001:db8::26", "192.0.2.5");
        for (int i = 0; i < 10; i++) {
            scene.submit(i + "@four.org", i + "@six.org", i + "@both.org");
        }

        assertThat(scene.finals()).hasSize(30).allMatch(e -> e.outcome() == Outcome.DELIVERED);
        assertThat(scene.smtp.sent()).allSatisfy(s -> assertThat(sourceOf(scene, s))
                .isEqualTo(s.host().equals("mx.four.org") ? "192.0.2.101" : SIX.id()));
    }

    @Test
    void mailOfASuspendedSourceGoesByTheOthersAtOnceAndReturnsLater() {
        Scene scene = scene(A, B);
        scene.smtp.hold();
        for (int i = 0; i < 60; i++) {
            scene.submit("u" + i + "@a.org");
        }
        int begun = scene.smtp.sent().size();
        scene.sources.suspend(A.id());
        scene.smtp.letGo();
        scene.pass(Duration.ZERO);

        assertThat(scene.finals()).hasSize(60).allMatch(e -> e.attempt() == 1);
        assertThat(scene.smtp.sent().stream().skip(begun).map(s -> sourceOf(scene, s)))
                .as("nothing new by the suspended one")
                .containsOnly(B.id());

        scene.sources.resume(A.id());
        for (int i = 0; i < 20; i++) {
            scene.submit("v" + i + "@a.org");
        }
        assertThat(messagesBySource(scene).keySet()).contains(A.id());
        assertThat(scene.finals()).hasSize(80);
    }

    @Test
    void anAddressThatCannotBeBoundIsPassedOverAndChargesNobody() {
        Scene scene = scene(A, B);
        scene.smtp.door("mx.a.org", t -> cannotBind(t, A));
        for (int i = 0; i < 40; i++) {
            scene.submit("u" + i + "@a.org");
        }

        assertThat(scene.events()).hasSize(40).allMatch(e -> e.outcome() == Outcome.DELIVERED && e.attempt() == 1);
        scene.smtp.opens("mx.a.org");
        scene.pass(Duration.ofMinutes(2));
        for (int i = 0; i < 20; i++) {
            scene.submit("v" + i + "@a.org");
        }
        assertThat(messagesBySource(scene).keySet()).contains(A.id());
    }

    @Test
    void whereNoSourceCanBeBoundMailWaitsAndItIsOurFault() {
        Scene scene = scene(A);
        scene.smtp.door("mx.a.org", t -> cannotBind(t, A));
        scene.submit("u@a.org");
        scene.pass(Duration.ofMinutes(1));

        DeliveryEvent deferred = scene.events().get(0);
        assertThat(deferred.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(deferred.verdict().orElseThrow().fault()).isEqualTo(Fault.US);
        scene.smtp.opens("mx.a.org");
        scene.pass(Duration.ofHours(1));
        assertThat(scene.outcomesOf("u@a.org")).endsWith(Outcome.DELIVERED);
    }

    private static ConnectResult.Failed cannotBind(Target target, SourceAddress which) {
        return target.localAddress().filter(which.address()::equals).isEmpty()
                ? null
                : new ConnectResult.Failed(
                        SmtpReply.synthetic(421, "4.3.5", "Cannot assign requested address"), SmtpPhase.CONNECT, false);
    }

    private static Scene scene(SourceAddress... sources) {
        StreamConfig stream = Scene.stream("tx").with(s -> s.sources(List.of(sources)));
        Scene scene = new Scene(o -> o, LimitSettings.NONE.withConnections(5), stream);
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        return scene;
    }

    private static Map<String, Long> messagesBySource(Scene scene) {
        return scene.smtp.sent().stream()
                .collect(Collectors.groupingBy(s -> sourceOf(scene, s), Collectors.counting()));
    }

    private static String sourceOf(Scene scene, Sent sent) {
        return scene.smtp
                .peers()
                .get(sent.session() - 1)
                .localAddress()
                .orElseThrow()
                .getHostAddress();
    }

    private static SourceAddress source(String address, String name, int weight) {
        try {
            return new SourceAddress(InetAddress.getByName(address), name, weight);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
