package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.SendGridStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendGridSuppressesEveryKindTest {

    @TempDir
    Path folder;

    private final SendGridStub sendgrid = new SendGridStub();
    private final StubServer server = new StubServer(sendgrid);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig("sendgrid", folder, Map.of("apiKey", "SG.secret", "url", server.url(), "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        OpenApiContract.check("sendgrid", server.requests());
        rig.close();
        server.close();
    }

    @Test
    void bouncesAndOptOutsBecomeGlobalSuppressions() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.BOUNCE),
                rig.change("bob@example.net", SuppressionKind.COMPLAINT));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(2);
        assertThat(sendgrid.list("global")).containsOnlyKeys("ann@example.net", "bob@example.net");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aGroupMayBeMeant() throws Exception {
        rig.with("group", "42").start();
        rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(sendgrid.list("group 42")).containsOnlyKeys("ann@example.net");
        assertThat(sendgrid.list("global")).isEmpty();
    }

    @Test
    void anAddressThatIsNotInTheAnswerIsNotDone() throws Exception {
        sendgrid.refused.add("bad@example.net");
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.BOUNCE),
                rig.change("bad@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("bad@example.net")
                .contains("the answer (201) says nothing about it"));
    }

    @Test
    void theResetOfTheLimitSaysWhenToComeBack() throws Exception {
        long reset = Instant.now().plusSeconds(90).getEpochSecond();
        server.trap(r -> StubReply.of(429, "{}").with("X-RateLimit-Reset", Long.toString(reset)));
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.retryDelay(e)).isBetween(80_000L, 90_000L);
        assertThat(server.requests()).as("nobody calls while it is quiet").hasSize(1);
    }

    @Test
    void anAnswerThatNeverCameIsTriedAgain() throws Exception {
        server.trap(r -> StubReply.of(0, ""));
        rig.start();
        var change = rig.change("ann@example.net", SuppressionKind.BOUNCE);
        assertThat(rig.push(change).getException()).hasMessageContaining("refuses for now");
        server.trap(r -> null);
        assertThat(rig.push(change).getException()).isNull();
        assertThat(sendgrid.list("global")).containsOnlyKeys("ann@example.net");
        assertThat(rig.deadLetters()).isEmpty();
    }
}
