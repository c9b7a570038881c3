package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that were held up together say less than as many that were late one by one. */
class OurOwnStallIsNoTarpitTest {

    private final Patience patience = new Patience();
    private double now;

    @BeforeEach
    void usuallyATenthOfASecond() {
        for (int i = 0; i < 100; i++) {
            now += 0.01;
            patience.isLate(now, 0.1, false);
        }
    }

    @Test
    void manyLateAnswersAtOnceAreOne() {
        now += 3;
        for (int i = 0; i < 20; i++) {
            now += 0.01;
            assertThat(patience.isLate(now, 3, false)).isTrue();
        }
        assertThat(patience.isTried()).isFalse();
    }

    @Test
    void lateAnswersOneAfterTheOtherAreATarpit() {
        for (int i = 0; i < 4; i++) {
            now += 3;
            patience.isLate(now, 3, false);
        }
        assertThat(patience.isTried()).isTrue();
    }
}
