package io.github.cameldeliverability.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.verdict.UnknownReplies.Unknown;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnknownRepliesAreGroupedByShapeTest {

    @Test
    void whatChangesFromMailToMailIsReplaced() {
        UnknownReplies unknown = new UnknownReplies(10);
        unknown.add(
                ReplyText.parse("550 5.0.0 <jane@example.org> frobbed by mx7.example.net [192.0.2.1], id 4bXc7k1H9z"));
        unknown.add(ReplyText.parse(
                "550 5.0.0 <joe@example.com> frobbed by mx12.example.net [198.51.100.7], id 9kQQ22aZ01"));
        assertThat(unknown.top(5))
                .containsExactly(new Unknown("550 5.0.0 <address> frobbed by <host> [<ip>], id <id>", 2));
        assertThat(unknown.total()).isEqualTo(2);
        unknown.clear();
        assertThat(unknown.top(5)).isEmpty();
    }

    @Test
    void noAddressIsKept() {
        UnknownReplies unknown = new UnknownReplies(10);
        for (String text :
                List.of("jane@example.org", "<jane@example.org>", "to=jane@example.org;x", "'jane@example.org'")) {
            unknown.add(ReplyText.parse("550 frobbed " + text));
        }
        assertThat(unknown.top(10)).noneMatch(u -> u.shape().contains("jane"));
    }

    @Test
    void aFrequentShapeOutlivesAnyNumberOfRareOnes() {
        UnknownReplies unknown = new UnknownReplies(5);
        for (int i = 0; i < 500; i++) {
            unknown.add(ReplyText.parse("550 the frequent one"));
            unknown.add(ReplyText.parse("550 rare " + "x".repeat(1 + i % 150)));
        }
        assertThat(unknown.top(1)).extracting(Unknown::shape).containsExactly("550 the frequent one");
        assertThat(unknown.top(100)).hasSize(5);
        assertThat(unknown.total()).isEqualTo(1000);
    }

    @Test
    void onlyUndefinedTextsAreCountedByAWatchedEngine() {
        UnknownReplies unknown = new UnknownReplies(5);
        VerdictEngine engine = unknown.watch(Replies.ENGINE);
        engine.judge(ReplyText.parse("550 5.1.1 User unknown"));
        engine.judge(ReplyText.parse("550 zzyzx"));
        assertThat(unknown.top(5)).containsExactly(new Unknown("550 zzyzx", 1));
    }

    @Test
    void threadsLoseNoCount() throws Exception {
        UnknownReplies unknown = new UnknownReplies(5);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        CountDownLatch done = new CountDownLatch(4);
        for (int t = 0; t < 4; t++) {
            pool.execute(() -> {
                for (int i = 0; i < 1000; i++) {
                    unknown.add(ReplyText.parse("550 zzyzx"));
                }
                done.countDown();
            });
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
        assertThat(unknown.top(1)).containsExactly(new Unknown("550 zzyzx", 4000));
    }
}
