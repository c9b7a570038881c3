package io.github.cameldeliverability.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.feedback.FeedbackReader;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedInternetTellsTheTruthTest {

    private final BlockingQueue<ReturnedMail> mailbox = new LinkedBlockingQueue<>();
    private final FakeInternet internet = FakeInternet.builder()
            .provider(FakeProvider.named("healthy.test").hosting("also.test"))
            .provider(FakeProvider.named("strict.test").unknownUsers(local -> local.startsWith("gone")))
            .provider(FakeProvider.named("later.test").bouncingLater(local -> local.startsWith("left")))
            .provider(FakeProvider.named("angry.test").complaining(local -> local.startsWith("cross")))
            .onReturnedMail(mailbox::add)
            .build();
    private final FeedbackReader reader = new FeedbackReader(RulePackEngine.builtIn(), Clock.systemUTC());

    @AfterEach
    void close() {
        internet.close();
    }

    @Test
    void theFateOfAnAddressIsKnown() {
        assertThat(internet.fate("a@also.test")).isEqualTo(Fate.ALIVE);
        assertThat(internet.fate("gone1@strict.test")).isEqualTo(Fate.UNKNOWN_AT_RCPT);
        assertThat(internet.fate("left1@later.test")).isEqualTo(Fate.BOUNCES_LATER);
        assertThat(internet.fate("cross@angry.test")).isEqualTo(Fate.COMPLAINS);
        assertThat(internet.fate("a@nowhere.test")).isEqualTo(Fate.UNKNOWN_AT_RCPT);
    }

    @Test
    void anAddressThatLeftComesBackAsAReadableBounce() throws Exception {
        assertThat(send("later.test", "left1@later.test", "<1@s.test>")).startsWith("250");
        Feedback feedback = next();
        assertThat(feedback.kind()).isEqualTo(FeedbackKind.BOUNCE);
        assertThat(feedback.recipients()).singleElement().satisfies(r -> {
            assertThat(r.address()).hasToString("left1@later.test");
            assertThat(r.verdict().isHard()).isTrue();
        });
        assertThat(feedback.originalMessageId()).contains("<1@s.test>");
    }

    @Test
    void aCrossPersonComplains() throws Exception {
        send("angry.test", "cross1@angry.test", "<2@s.test>");
        Feedback feedback = next();
        assertThat(feedback.kind()).isEqualTo(FeedbackKind.COMPLAINT);
        assertThat(feedback.recipients().get(0).address()).hasToString("cross1@angry.test");
    }

    @Test
    void theSameMessageTwiceIsCountedAsADuplicate() throws Exception {
        send("healthy.test", "a@healthy.test", "<3@s.test>");
        assertThat(internet.duplicates()).isZero();
        send("healthy.test", "a@healthy.test", "<3@s.test>");
        assertThat(internet.duplicates()).isEqualTo(1);
        assertThat(internet.deliveries()).isEqualTo(2);
    }

    @Test
    void anUnknownUserIsRefusedAtOnce() throws Exception {
        assertThat(send("strict.test", "gone1@strict.test", "<4@s.test>")).startsWith("550 5.1.1");
        assertThat(internet.deliveries()).isZero();
    }

    private Feedback next() throws InterruptedException {
        ReturnedMail mail = mailbox.poll(10, TimeUnit.SECONDS);
        assertThat(mail).isNotNull();
        assertThat(mail.to()).isEqualTo("bounces+x@s.test");
        return reader.read(mail.content());
    }

    /** A client of a dozen lines, so that the fake is not tested with what it is there to test. */
    private String send(String provider, String to, String messageId) throws IOException {
        FakeMx mx = internet.host(provider);
        try (Socket socket = new Socket(mx.address(), mx.port());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String last = reply(in);
            for (String line : new String[] {
                "HELO s.test",
                "MAIL FROM:<bounces+x@s.test>",
                "RCPT TO:<" + to + ">",
                "DATA",
                "From: s@s.test\r\nMessage-ID: " + messageId + "\r\nSubject: t\r\n\r\nhello\r\n."
            }) {
                OutputStream out = socket.getOutputStream();
                out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
                last = reply(in);
                if (last.startsWith("5")) {
                    return last;
                }
            }
            return last;
        }
    }

    private static String reply(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return String.valueOf(line);
    }
}
