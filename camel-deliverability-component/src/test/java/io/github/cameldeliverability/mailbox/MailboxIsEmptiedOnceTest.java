package io.github.cameldeliverability.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.bounce.UnreadableMailException;
import io.github.cameldeliverability.testkit.MemoryStore;
import jakarta.mail.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each mail goes through the route once and ends where the route says. */
class MailboxIsEmptiedOnceTest {

    private final GreenMailbox mailbox = new GreenMailbox();
    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
    private volatile boolean storeDown;
    private CamelContext context;

    @BeforeEach
    void context() {
        context = new DefaultCamelContext();
        context.getRegistry().bind("store", store);
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        health.setEnabled(true);
        health.register(health.resolveById("consumers"));
    }

    @AfterEach
    void stop() {
        context.stop();
        mailbox.close();
    }

    @Test
    void newMailIsTakenWithoutWaitingForTheDelay() throws Exception {
        start(imap("delay=600000"));
        await().until(() -> mailbox.messages("Handled").isEmpty() && tries.isEmpty());
        for (int i = 0; i < 3; i++) {
            String subject = "news " + i;
            mailbox.deliver(subject);
            await().untilAsserted(() -> assertThat(mailbox.subjects("Handled")).contains(subject));
        }
        assertThat(mailbox.subjects("INBOX")).isEmpty();
    }

    @Test
    void theRouteSaysWhereAMailGoes() throws Exception {
        mailbox.deliver("ordinary 1");
        mailbox.deliver("quarantine 1");
        mailbox.deliver("bounce 1");
        start(imap(""));
        await().untilAsserted(() -> assertThat(mailbox.subjects("INBOX")).isEmpty());
        assertThat(mailbox.subjects("Handled")).containsExactly("bounce 1");
        assertThat(mailbox.subjects("Quarantine")).containsExactly("quarantine 1");
        assertThat(mailbox.subjects("Ordinary")).containsExactly("ordinary 1");
        assertThat(mailbox.messages("Ordinary").get(0).isSet(Flags.Flag.SEEN)).isFalse();
        assertThat(mailbox.messages("Handled").get(0).isSet(Flags.Flag.SEEN)).isTrue();
    }

    @Test
    void aSecondCopyIsNotHandledAgain() throws Exception {
        mailbox.deliver("bounce 1");
        mailbox.deliver("bounce 1");
        mailbox.deliver("ordinary 1");
        start(imap(""));
        await().untilAsserted(() -> assertThat(mailbox.subjects("INBOX")).isEmpty());
        mailbox.deliver("bounce 1");
        mailbox.deliver("ordinary 1");
        await().untilAsserted(() -> assertThat(mailbox.subjects("Handled")).hasSize(3));
        await().untilAsserted(() -> assertThat(mailbox.subjects("Ordinary")).hasSize(2));
        assertThat(taken).containsExactlyInAnyOrder("bounce 1", "ordinary 1");
    }

    @Test
    void severalFoldersAreReadSideBySide() throws Exception {
        mailbox.folder("Complaints");
        start(imap("folder=INBOX,Complaints&delay=600000"));
        mailbox.deliver("Complaints", "complaint 1");
        mailbox.deliver("bounce 1");
        await().untilAsserted(() -> assertThat(mailbox.subjects("Handled")).containsOnly("complaint 1", "bounce 1"));
    }

    @Test
    void keywordsTellHandledMailApartWhereMailIsToStay() throws Exception {
        mailbox.deliver("bounce 1");
        mailbox.deliver("ordinary 1");
        start(imap("afterHandling=FLAG&idle=false&delay=20"));
        await().untilAsserted(() -> assertThat(taken).hasSize(2));
        mailbox.deliver("bounce 2");
        await().untilAsserted(() -> assertThat(taken).containsExactlyInAnyOrder("bounce 1", "ordinary 1", "bounce 2"));
        await().untilAsserted(() -> assertThat(mailbox.messages("INBOX"))
                .allMatch(m -> List.of(m.getFlags().getUserFlags()).stream().anyMatch(f -> f.startsWith("Deliverab"))));
        assertThat(mailbox.subjects("INBOX")).hasSize(3);
    }

    @Test
    void aMailThatTheRouteFailsWithIsQuarantinedAndTheOthersGoOn() throws Exception {
        mailbox.deliver("poison 1");
        mailbox.deliver("unreadable 1");
        mailbox.deliver("bounce 1");
        start(imap("maxAttempts=2"));
        await().untilAsserted(() -> assertThat(mailbox.subjects("INBOX")).isEmpty());
        assertThat(mailbox.subjects("Quarantine")).containsExactlyInAnyOrder("poison 1", "unreadable 1");
        assertThat(mailbox.subjects("Handled")).containsExactly("bounce 1");
        assertThat(tries.get("poison 1")).hasValue(2);
        assertThat(tries.get("unreadable 1")).hasValue(1);
    }

    @Test
    void aBrokenStoreIsNotTheMailsFault() throws Exception {
        storeDown = true;
        mailbox.deliver("bounce 1");
        start(imap("maxAttempts=1"));
        await().untilAsserted(() ->
                assertThat(tries.getOrDefault("bounce 1", new AtomicInteger())).hasPositiveValue());
        assertThat(mailbox.subjects("INBOX")).containsExactly("bounce 1");
        storeDown = false;
        await().untilAsserted(() -> assertThat(mailbox.subjects("Handled")).containsExactly("bounce 1"));
    }

    @Test
    void aWrongPasswordIsKnownToTheHealthCheck() throws Exception {
        start("mailbox:127.0.0.1:" + mailbox.imapPort()
                + "?protocol=IMAP&username=bounces&password=RAW(wrong)&store=store");
        await().untilAsserted(() -> assertThat(HealthCheckHelper.invokeReadiness(context))
                .filteredOn(r -> r.getState() == HealthCheck.State.DOWN)
                .singleElement()
                .satisfies(r -> assertThat(r.getError().orElseThrow().getMessage())
                        .contains("refuses the login", "check username and password")));
    }

    @Test
    void pop3MailIsRememberedAndStays() throws Exception {
        mailbox.deliver("bounce 1");
        mailbox.deliver("ordinary 1");
        start(pop3(""));
        await().untilAsserted(() -> assertThat(taken).hasSize(2));
        mailbox.deliver("bounce 2");
        await().untilAsserted(() -> assertThat(taken).containsExactlyInAnyOrder("bounce 1", "ordinary 1", "bounce 2"));
        assertThat(mailbox.subjects("INBOX")).hasSize(3);
    }

    @Test
    void pop3MailThatWasHandledMayBeDeleted() throws Exception {
        mailbox.deliver("bounce 1");
        mailbox.deliver("ordinary 1");
        mailbox.deliver("quarantine 1");
        start(pop3("&deleteHandled=true"));
        await().untilAsserted(() ->
                assertThat(mailbox.subjects("INBOX")).containsExactlyInAnyOrder("ordinary 1", "quarantine 1"));
        assertThat(taken).hasSize(3);
    }

    private String imap(String more) {
        return "mailbox:127.0.0.1:" + mailbox.imapPort() + "?protocol=IMAP&username=bounces&password=RAW("
                + GreenMailbox.PASSWORD + ")&store=store&" + (more.isEmpty() ? "delay=50" : more);
    }

    private String pop3(String more) {
        return "mailbox:127.0.0.1:" + mailbox.pop3Port() + "?protocol=POP3&username=bounces&password=RAW("
                + GreenMailbox.PASSWORD + ")&store=store&delay=50" + more;
    }

    private void start(String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("mailbox").process(MailboxIsEmptiedOnceTest.this::take);
            }
        });
        context.start();
    }

    private void take(Exchange exchange) throws Exception {
        assertThat(exchange.getMessage().getHeaders().keySet())
                .as("a stranger's header fields stay outside")
                .allMatch(h -> h.startsWith("CamelMailbox"))
                .doesNotContain(MailboxConstants.DISPOSAL);
        String mail = new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.ISO_8859_1);
        String subject = mail.lines()
                .filter(l -> l.startsWith("Subject: "))
                .findFirst()
                .orElseThrow()
                .substring(9);
        tries.computeIfAbsent(subject, s -> new AtomicInteger()).incrementAndGet();
        if (storeDown) {
            throw new IOException("disk full");
        }
        switch (subject.substring(0, subject.indexOf(' '))) {
            case "poison" -> throw new IllegalStateException("cannot be handled");
            case "unreadable" -> throw new UnreadableMailException("no mail", exchange, null);
            case "ordinary" -> exchange.getMessage().setHeader(MailboxConstants.DISPOSAL, "ordinary");
            case "quarantine" -> exchange.getMessage().setHeader(MailboxConstants.DISPOSAL, Disposal.QUARANTINE);
            default -> {}
        }
        taken.add(subject);
    }
}
