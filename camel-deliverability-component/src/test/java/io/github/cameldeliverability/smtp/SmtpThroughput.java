package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.spi.SmtpSession;
import io.github.cameldeliverability.mail.spi.SmtpSession.Kind;
import io.github.cameldeliverability.mail.spi.SmtpSession.Transaction;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import io.github.cameldeliverability.testkit.FakeMx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures messages a second against a FakeMx in the same process: {@code SmtpThroughput [messages]}. A program, not a
 * test: the numbers are the machine's.
 */
final class SmtpThroughput {

    private static final byte[] CONTENT =
            ("x".repeat(74) + "\r\n").repeat(11 * 1024 / 76).getBytes(StandardCharsets.US_ASCII);

    private SmtpThroughput() {}

    public static void main(String[] args) throws InterruptedException {
        int messages = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        for (int round = 0; round < 2; round++) {
            for (TlsPolicy tls : List.of(TlsPolicy.NONE, TlsPolicy.ENCRYPT)) {
                for (int connections : new int[] {1, 20}) {
                    System.out.printf(
                            "%s %d connection(s): %.0f messages/s%n",
                            tls, connections, rate(messages, connections, tls));
                }
            }
        }
    }

    private static double rate(int messages, int connections, TlsPolicy tls) throws InterruptedException {
        try (FakeMx mx = FakeMx.builder().startTls().keep(0).build();
                SmtpClient client = new SmtpClient()) {
            List<SmtpSession> sessions = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                sessions.add(client.connect(mx, tls));
            }
            AtomicInteger left = new AtomicInteger(messages);
            CountDownLatch done = new CountDownLatch(messages);
            Transaction transaction = SmtpClient.message(CONTENT, "a@b.test");
            long start = System.nanoTime();
            sessions.forEach(session -> next(session, transaction, left, done));
            done.await();
            return messages * 1e9 / (System.nanoTime() - start);
        }
    }

    private static void next(SmtpSession session, Transaction transaction, AtomicInteger left, CountDownLatch done) {
        if (left.getAndDecrement() > 0) {
            session.send(transaction).thenAccept(result -> {
                if (result.recipients().get(0).kind() != Kind.ACCEPTED) {
                    throw new IllegalStateException("not accepted: " + result);
                }
                done.countDown();
                next(session, transaction, left, done);
            });
        }
    }
}
