package io.github.cameldeliverability.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.delivery.RetryPolicy.Schedule;
import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrySchedulesAreDataTest {

    private final Scene scene = new Scene();

    @Test
    void pausesEndsJitterAndHintsAreRead() {
        RetryPolicy p = RetryPolicy.defaults()
                .withAll(
                        "10m, 1h*2 | greylist: 1m, 5m*2, 1h*3; hints; jitter 50% | full: 1h*5; at most 3d; attempts 9");
        assertThat(p.schedule(Reason.UNDEFINED))
                .isEqualTo(new Schedule(
                        List.of(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofHours(1)),
                        Integer.MAX_VALUE,
                        Duration.ZERO,
                        false));
        assertThat(p.schedule(Reason.GREYLISTED).delays()).hasSize(6);
        assertThat(p.schedule(Reason.GREYLISTED).honoursHints()).isTrue();
        assertThat(p.schedule(Reason.GREYLISTED).jitter()).isEqualTo(0.5);
        assertThat(p.schedule(Reason.MAILBOXFULL).longest()).isEqualTo(Duration.ofDays(3));
        assertThat(p.schedule(Reason.MAILBOXFULL).maxAttempts()).isEqualTo(9);
        assertThat(p.schedule(Reason.RATELIMITED))
                .isEqualTo(RetryPolicy.defaults().schedule(Reason.RATELIMITED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "soon                # retry schedule default: want pauses such as 1m, 5m*2, 1h*3",
                "''                  # want pauses",
                "5m*0                # from 1 to 1000 pauses",
                "5m*9999             # from 1 to 1000 pauses",
                "0m                  # positive delays",
                "5m; until friday    # \"until friday\" is not understood; after the pauses come: at most 2d",
                "5m; jitter 200%     # jitter must be 0 to 100%",
                "5m; attempts 0      # maxAttempts must be at least 1",
                "greylst: 5m         # \"greylst\" is no reason to try again; known are default, greylist, rate",
                "5m | 6m             # retry schedule default is stated twice",
            })
    void badSchedulesAreRefusedInWords(String text, String complaint) {
        assertThatThrownBy(() -> RetryPolicy.defaults().withAll(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void aStreamMayHaveSchedulesOfItsOwn() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        scene.smtp.recipients("mx.a.org", a -> "452 4.2.2 mailbox full");
        scene.engine.retry("tx", Optional.of(RetryPolicy.defaults().withAll("full: 7m; at most 1h; jitter 0%")));
        scene.submit("x@a.org");
        scene.pass(Duration.ofHours(3));
        List<DeliveryEvent> events = scene.eventsOf("x@a.org");
        assertThat(Duration.between(events.get(0).at(), events.get(1).at())).isEqualTo(Duration.ofMinutes(7));
        assertThat(events.get(events.size() - 1).outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(events).hasSize(10);
    }

    @Test
    void thePatienceOfAGreylistingReceiverIsLearnt() {
        scene.dns.domain("a.org", "mx.a.org=192.0.2.1");
        Map<String, Instant> seen = new HashMap<>();
        scene.smtp.recipients("mx.a.org", a -> {
            Instant first = seen.computeIfAbsent(a.toString(), k -> scene.clock.instant());
            return scene.clock.instant().isBefore(first.plusSeconds(240)) ? "451 4.7.1 greylisted" : null;
        });
        scene.submit("first@a.org");
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.outcomesOf("first@a.org"))
                .containsExactly(Outcome.DEFERRED, Outcome.DEFERRED, Outcome.DELIVERED);
        scene.submit("second@a.org");
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.outcomesOf("second@a.org"))
                .as("one retry is enough")
                .containsExactly(Outcome.DEFERRED, Outcome.DELIVERED);
        scene.smtp.recipients("mx.a.org", a -> {
            Instant first = seen.computeIfAbsent(a.toString(), k -> scene.clock.instant());
            return scene.clock.instant().isBefore(first.plusSeconds(1200)) ? "451 4.7.1 greylisted" : null;
        });
        scene.submit("third@a.org");
        scene.pass(Duration.ofHours(2));
        scene.submit("fourth@a.org");
        scene.pass(Duration.ofHours(2));
        assertThat(scene.outcomesOf("third@a.org")).hasSizeGreaterThan(2).endsWith(Outcome.DELIVERED);
        assertThat(scene.outcomesOf("fourth@a.org"))
                .as("the receiver grew stricter")
                .containsExactly(Outcome.DEFERRED, Outcome.DELIVERED);
    }

    @Test
    void arbitraryTextIsReadOrRefusedInWords() {
        Random random = new Random(7);
        String alphabet = "0123456789smhd*,;:| atmostjier%";
        List<String> odd = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            StringBuilder b = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                b.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                var policy = RetryPolicy.defaults().withAll(b.toString());
                assertThat(policy).isNotNull();
            } catch (IllegalArgumentException e) {
                odd.add(e.getMessage());
            }
        }
        assertThat(odd).isNotEmpty().allMatch(m -> m.contains("retry schedule"));
    }
}
