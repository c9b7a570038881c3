package io.github.cameldeliverability.bounce;

import static io.github.cameldeliverability.intake.Returns.mailbox;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.intake.MemoryStore;
import io.github.cameldeliverability.mail.Feedback;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.token.HmacReturnTokens;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReturnedMailIsUnderstoodFromAnyBodyTest extends CamelTestSupport {

    private static final String DSN = Mails.dsn("bounces@shop.example", "ann@example.net", "");

    private final MemoryStore store = new MemoryStore();
    private final ReturnTokens tokens = new HmacReturnTokens(
            store.secret(BounceComponent.SECRET_NAME).toCompletableFuture().join());

    @TempDir
    Path folder;

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getRegistry().bind("mem", Store.class, store);
        return context;
    }

    @Test
    void bytesTextStreamsFilesAndMessagesAllMeanTheSame() throws Exception {
        byte[] bytes = DSN.getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(folder.resolve("bounce.eml"), bytes);
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
        for (Object body : List.of(
                bytes, DSN, new ByteArrayInputStream(bytes), file.toFile(), file, message, message.getContent())) {
            Exchange e = read(body, Map.of());
            assertThat(e.getException()).as(body.getClass().getName()).isNull();
            assertThat(e.getMessage().getBody())
                    .as(body.getClass().getName())
                    .isInstanceOfSatisfying(Feedback.class, f -> {
                        assertThat(f.kind()).isEqualTo(FeedbackKind.BOUNCE);
                        assertThat(f.recipients()).hasSize(1);
                    });
            assertThat(e.getMessage().getHeaders())
                    .containsEntry(BounceConstants.KIND, "bounce")
                    .containsEntry(BounceConstants.REASON, "userunknown")
                    .containsEntry(BounceConstants.HARD, true)
                    .containsEntry(BounceConstants.RECIPIENT, "ann@example.net")
                    .containsEntry(BounceConstants.RECIPIENTS, List.of("ann@example.net"))
                    .containsEntry(BounceConstants.STATUS, "5.1.1")
                    .containsEntry(BounceConstants.AUTHENTICATED, false)
                    .containsEntry(BounceConstants.CORRELATION, "none");
        }
    }

    @Test
    void aMailToOurTokenIsAuthenticated() {
        RecipientKey key = new RecipientKey("q1", 0);
        store.sent("marketing", key, "<m1@shop.example>", mailbox("ann@example.net"));
        String path = tokens.mint(
                        ReversePath.parse("bounces@shop.example"), "marketing", key, mailbox("ann@example.net"))
                .toString();
        // Ann forwards her mail: the report names whom she forwards to, and returns what was sent to her.
        String forwarded = Mails.dsn(path, "moved@forward.example", "")
                .replace("To: moved@forward.example", "To: ann@example.net");
        Exchange e = read(forwarded, Map.of());
        assertThat(e.getMessage().getHeaders())
                .containsEntry(BounceConstants.AUTHENTICATED, true)
                .containsEntry(BounceConstants.CORRELATION, "token")
                .containsEntry(BounceConstants.STREAM, "marketing")
                .containsEntry(BounceConstants.QUEUE_ID, "q1")
                .containsEntry(BounceConstants.RECIPIENT, "ann@example.net");
    }

    @Test
    void headersOfStrangersGoAndHeadersOfTheRouteStay() {
        String mail = Mails.dsn(
                "bounces@shop.example",
                "ann@example.net",
                "CamelFileName: /etc/passwd\r\nDelete: true\r\ncamelbouncehard: false\r\n");
        Exchange e = read(
                mail,
                Map.of(
                        "CamelFileName", "/etc/passwd",
                        "delete", "true",
                        "Subject", "Undelivered Mail Returned to Sender",
                        "myTenant", "t1"));
        assertThat(e.getMessage().getHeaders())
                .doesNotContainKeys("CamelFileName", "delete", "Subject")
                .containsEntry("myTenant", "t1")
                .containsEntry(BounceConstants.HARD, true);
    }

    @Test
    void ordinaryMailIsKindNoneAndNoFault() {
        Exchange e = read(Mails.ordinary(), Map.of());
        assertThat(e.getException()).isNull();
        assertThat(e.getMessage().getHeader(BounceConstants.KIND)).isEqualTo("none");
        assertThat(e.getMessage().getHeader(BounceConstants.HARD)).isEqualTo(false);
        assertThat(e.getMessage().getBody(Feedback.class).recipients()).isEmpty();
    }

    @Test
    void anSmtpReplyIsJudgedToo() {
        Exchange e = read("550 5.1.1 User unknown", Map.of(BounceConstants.RECIPIENT, "ann@example.net"));
        assertThat(e.getMessage().getHeaders())
                .containsEntry(BounceConstants.KIND, "bounce")
                .containsEntry(BounceConstants.HARD, true)
                .containsEntry(BounceConstants.RECIPIENT, "ann@example.net");
        Exchange lines = read("550-5.7.1 Your IP address is listed\n550 5.7.1 at zen.spamhaus.org", Map.of());
        assertThat(lines.getMessage().getHeaders())
                .containsEntry(BounceConstants.REASON, "blocked")
                .containsEntry(BounceConstants.HARD, false);
        Exchange later = read("452 4.2.2 Mailbox full", Map.of());
        assertThat(later.getMessage().getHeaders())
                .containsEntry(BounceConstants.KIND, "delivery-notice")
                .containsEntry(BounceConstants.HARD, false);
    }

    @Test
    void whatCannotBeReadHasAnExceptionOfItsOwn() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection lost");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("connection lost");
            }
        };
        assertThat(read(broken, Map.of()).getException())
                .isInstanceOf(UnreadableMailException.class)
                .hasRootCauseMessage("connection lost");
        assertThat(read(null, Map.of()).getException()).isInstanceOf(UnreadableMailException.class);
        assertThat(read(new byte[0], Map.of()).getException()).isInstanceOf(UnreadableMailException.class);
        assertThat(read(new Object(), Map.of()).getException()).isInstanceOf(UnreadableMailException.class);
    }

    @Test
    void aMailOfThirtyMegabytesIsReadAndALargerOneFromItsBeginning() {
        String large = DSN.replace(
                "Spring sale\r\n",
                "Spring sale\r\n\r\n" + "x".repeat(76).concat("\r\n").repeat(400_000));
        Exchange e = read(large.getBytes(StandardCharsets.US_ASCII), Map.of());
        assertThat(e.getMessage().getHeaders())
                .containsEntry(BounceConstants.HARD, true)
                .doesNotContainKey(BounceConstants.TRUNCATED);
        Exchange cut = template.request(
                "bounce:default?store=mem&maxSize=2000", x -> x.getMessage().setBody(large));
        assertThat(cut.getMessage().getHeaders())
                .containsEntry(BounceConstants.HARD, true)
                .containsEntry(BounceConstants.TRUNCATED, true);
    }

    @Test
    void rulesOfYourOwnComeFirst() throws Exception {
        Files.writeString(
                folder.resolve("mine.yaml"),
                """
                pack: mine
                layer: user
                rules:
                  - id: gone-fishing
                    match:
                      text: ["gone fishing for good"]
                    verdict: {reason: userunknown}
                    samples:
                      positive:
                        - "550 the user is gone fishing for good"
                      negative:
                        - "550 gone fishing until monday"
                """);
        Exchange e = template.request(
                "bounce:mine?correlate=false&rules=file:" + folder.resolve("mine.yaml"),
                x -> x.getMessage().setBody("550 the user is gone fishing for good"));
        assertThat(e.getException()).isNull();
        assertThat(e.getMessage().getHeader(BounceConstants.RULE_ID, String.class))
                .contains("gone-fishing");
    }

    private Exchange read(Object body, Map<String, Object> headers) {
        return template.request("bounce:default?store=mem", e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(new HashMap<>(headers));
        });
    }
}
