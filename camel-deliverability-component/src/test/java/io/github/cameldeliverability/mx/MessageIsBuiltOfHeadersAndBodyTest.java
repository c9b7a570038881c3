package io.github.cameldeliverability.mx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.DsnRequest.Notify;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.WireMessage;
import jakarta.activation.DataHandler;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.converter.stream.InputStreamCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageIsBuiltOfHeadersAndBodyTest {

    private ScriptedContext context;

    @BeforeEach
    void start() throws Exception {
        context = ScriptedContext.started();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void headersAndTextBecomeAMessage() {
        Exchange done = send("mx:news", e -> {
            Message m = e.getMessage();
            m.setBody("Hi Ä");
            m.setHeader("from", "Shop <shop@example.com>");
            m.setHeader("To", List.of("A <a@example.net>", "b@example.net"));
            m.setHeader("Cc", "a@example.net, c@example.net");
            m.setHeader("Bcc", "d@example.net");
            m.setHeader("Subject", "Hello");
            m.setHeader("Reply-To", "help@example.com");
            m.setHeader("List-Unsubscribe", "<https://example.com/u>");
            m.setHeader("Authorization", "Bearer secret");
            m.setHeader("X-Api-Key", "secret");
            m.setHeader("CamelFileName", "secret");
        });

        assertThat(done.getException()).isNull();
        WireMessage m = context.engine.lastMessage();
        assertThat(m.header("From")).contains("Shop <shop@example.com>");
        assertThat(m.header("To")).contains("A <a@example.net>, b@example.net");
        assertThat(m.header("Subject")).contains("Hello");
        assertThat(m.header("Reply-To")).contains("help@example.com");
        assertThat(m.header("List-Unsubscribe")).contains("<https://example.com/u>");
        assertThat(context.engine.lastText()).doesNotContain("secret", "d@example.net");
        assertThat(context.engine.lastRecipients())
                .containsExactly("a@example.net", "b@example.net", "c@example.net", "d@example.net");
        Submission s = context.engine.submissions.get(0);
        assertThat(s.stream()).isEqualTo("news");
        assertThat(s.envelope().from()).hasToString("shop@example.com");
        assertThat(done.getMessage().getHeader(MxConstants.QUEUE_ID)).isEqualTo("Q1");
        assertThat(done.getMessage().getHeader(MxConstants.MESSAGE_ID))
                .isEqualTo(m.header("Message-ID").orElseThrow());
        assertThat(done.getMessage().getBody()).isEqualTo("Hi Ä");
    }

    @Test
    void optionsStandInForMissingHeaders() {
        send(
                "mx:news?from=shop@example.com&to=a@example.net&subject=Default&returnPath=bounces@example.com"
                        + "&headerFields=X-Shop-*",
                e -> {
                    e.getMessage().setHeader("X-Shop-Order", 17);
                    e.getMessage().setBody(new ByteArrayInputStream("ü".getBytes(StandardCharsets.UTF_8)));
                });
        WireMessage m = context.engine.lastMessage();
        assertThat(m.header("From")).contains("shop@example.com");
        assertThat(m.header("Subject")).contains("Default");
        assertThat(m.header("X-Shop-Order")).contains("17");
        assertThat(context.engine.lastText()).endsWith("\r\n\r\nw7w=\r\n");
        assertThat(context.engine.lastRecipients()).containsExactly("a@example.net");
        assertThat(context.engine.submissions.get(0).envelope().from()).hasToString("bounces@example.com");
    }

    @Test
    void htmlAlternativePictureAndAttachment() throws Exception {
        send("mx:news?from=a@example.com&to=b@example.net", e -> {
            Message m = e.getMessage();
            m.setHeader("contentType", "text/html; charset=utf-8");
            m.setHeader("CamelMailAlternativeBody", "plain");
            m.setBody("<img src='cid:logo'>");
            AttachmentMessage a = e.getMessage(AttachmentMessage.class);
            a.addAttachment("cid:logo", new DataHandler(new ByteArrayDataSource(new byte[] {1}, "image/png")));
            a.addAttachment("f.pdf", new DataHandler(new ByteArrayDataSource(new byte[] {2}, "application/pdf")));
        });
        assertThat(context.engine.lastText())
                .containsSubsequence(
                        "multipart/mixed",
                        "multipart/alternative",
                        "text/plain",
                        "plain",
                        "multipart/related",
                        "text/html",
                        "image/png",
                        "Content-Disposition: inline",
                        "Content-ID: <logo>",
                        "application/pdf",
                        "filename=f.pdf");
    }

    @Test
    void envelopeHeadersWinAndAreUsedOnce() {
        Exchange done = send("mx:news", e -> {
            Message m = e.getMessage();
            m.setHeader("From", "a@example.com");
            m.setHeader("To", "shown@example.net");
            m.setHeader(MxConstants.ENVELOPE_FROM, "<>");
            m.setHeader(MxConstants.ENVELOPE_TO, List.of("real@example.net"));
            m.setHeader(MxConstants.ENVELOPE_ID, "order-7");
            m.setHeader(MxConstants.DSN_NOTIFY, "success, Failure");
            m.setHeader(MxConstants.REQUIRE_TLS, true);
            m.setHeader(MxConstants.SEND_AT, "2030-01-31T08:00:00Z");
            m.setHeader(MxConstants.TAGS, "spring, sale");
        });
        Submission s = context.engine.submissions.get(0);
        assertThat(s.envelope().from().isNull()).isTrue();
        assertThat(context.engine.lastRecipients()).containsExactly("real@example.net");
        assertThat(s.envelope().envelopeId()).contains("order-7");
        assertThat(s.envelope().notifyOn()).containsExactlyInAnyOrder(Notify.SUCCESS, Notify.FAILURE);
        assertThat(s.envelope().requireTls()).isTrue();
        assertThat(s.sendAt()).contains(Instant.parse("2030-01-31T08:00:00Z"));
        assertThat(s.tags()).containsExactlyInAnyOrder("spring", "sale");
        assertThat(done.getMessage().getHeaders())
                .doesNotContainKeys(
                        MxConstants.ENVELOPE_FROM,
                        MxConstants.ENVELOPE_TO,
                        MxConstants.ENVELOPE_ID,
                        MxConstants.DSN_NOTIFY);
    }

    @Test
    void aWishForReportsThatContradictsItselfNamesTheHeader() {
        for (String wish : List.of("never,failure", "sometimes")) {
            Exchange done = send("mx:news?from=a@example.com&to=b@example.net", e -> e.getMessage()
                    .setHeader(MxConstants.DSN_NOTIFY, wish));
            assertThat(done.getException())
                    .hasMessageContaining("CamelMxDsnNotify")
                    .hasMessageContaining(wish);
        }
    }

    @Test
    void readyMessagesAreTakenWhole() throws Exception {
        String raw = "From: a@example.com\r\nTo: b@example.net\r\nBcc: c@example.net\r\nSubject: x\r\n\r\nbody\r\n";
        InputStreamCache cache = new InputStreamCache(raw.getBytes(StandardCharsets.UTF_8));
        MimeMessage mime = new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(raw.getBytes(StandardCharsets.UTF_8)));

        send("mx:news?messageFormat=rfc5322", e -> e.getMessage().setBody(cache));
        send("mx:news", e -> e.getMessage().setBody(mime));
        send("mx:news", e -> {
            e.getMessage().setHeader("Content-Type", "message/rfc822");
            e.getMessage().setBody(raw);
        });
        send("mx:news", e -> {
            e.getMessage().setHeader(MxConstants.MESSAGE_FORMAT, "RFC5322");
            e.getMessage().setBody(raw.getBytes(StandardCharsets.UTF_8));
        });

        assertThat(context.engine.submissions).hasSize(4).allSatisfy(s -> {
            assertThat(s.envelope().recipients())
                    .extracting(Object::toString)
                    .containsExactly("b@example.net", "c@example.net");
            assertThat(new String(s.content(), StandardCharsets.UTF_8))
                    .endsWith("From: a@example.com\r\nTo: b@example.net\r\nSubject: x\r\n\r\nbody\r\n");
        });
        assertThat(cache.read()).as("the cached stream is reset").isEqualTo('F');
    }

    @Test
    void aTextThatLooksLikeAMessageStaysAText() {
        send("mx:news?from=a@example.com&to=b@example.net", e -> e.getMessage()
                .setBody("Bcc: x@evil.example\nFrom: y@evil.example\n\nz"));
        assertThat(context.engine.lastRecipients()).containsExactly("b@example.net");
        assertThat(context.engine.lastMessage().headers("From")).containsExactly("a@example.com");
    }

    @Test
    void badInputNamesTheHeaderAndTheRemedy() {
        fails("Header From is missing", e -> e.getMessage().setHeader("To", "a@example.net"));
        fails(MxConstants.ENVELOPE_TO, e -> e.getMessage().setHeader("From", "a@example.net"));
        fails("Header To ", to("nobody"));
        fails("Header To ", to("a@example.net\r\nBcc: x@evil.example"));
        fails("Header Subject", to("a@example.net").andThen(e -> e.getMessage().setHeader("Subject", "a\nb")));
        fails(MxConstants.ENVELOPE_FROM, to("a@example.net").andThen(e -> e.getMessage()
                .setHeader(MxConstants.ENVELOPE_FROM, "what")));
        fails(MxConstants.SEND_AT, to("a@example.net").andThen(e -> e.getMessage()
                .setHeader(MxConstants.SEND_AT, "soon")));
        fails(
                "charset",
                to("a@example.net")
                        .andThen(e -> e.getMessage().setHeader("contentType", "text/plain; charset=klingon"))
                        .andThen(e -> e.getMessage().setBody(new byte[] {1})));
        fails("multipart", to("a@example.net").andThen(e -> e.getMessage()
                .setHeader("Content-Type", "multipart/mixed")));
        fails("no header field", e -> {
            e.getMessage().setHeader(MxConstants.MESSAGE_FORMAT, MessageFormat.RFC5322);
            e.getMessage().setBody("hello");
        });
        assertThat(context.engine.submissions).isEmpty();
    }

    private interface Fill extends Processor {
        default Fill andThen(Processor next) {
            return e -> {
                process(e);
                next.process(e);
            };
        }
    }

    private static Fill to(String to) {
        return e -> {
            e.getMessage().setHeader("From", "a@example.com");
            e.getMessage().setHeader("To", to);
        };
    }

    private void fails(String text, Processor fill) {
        Exchange done = send("mx:news", fill);
        assertThat(done.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
        assertThat(done.getMessage().getHeader(MxConstants.QUEUE_ID)).isNull();
    }

    private Exchange send(String uri, Processor fill) {
        return context.send(uri, fill);
    }
}
