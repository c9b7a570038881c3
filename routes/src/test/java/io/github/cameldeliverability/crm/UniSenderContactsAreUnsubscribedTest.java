package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.crm.stub.UniSenderStub;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UniSenderContactsAreUnsubscribedTest {

    @TempDir
    Path folder;

    private final UniSenderStub there = new UniSenderStub();
    private final StubServer server = new StubServer(there);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig("unisender", folder, Map.of("apiKey", "secret-key", "url", server.url(), "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void contactsAreUnsubscribedOrMadeInactive() throws Exception {
        there.contacts.putAll(Map.of("ann@example.net", "active", "bob@example.net", "active"));
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.BOUNCE),
                rig.change("no@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("nor@example.net", SuppressionKind.BOUNCE));
        assertThat(e.getException()).isNull();
        assertThat(rig.deadLetters()).isEmpty();
        assertThat(there.contacts)
                .containsOnly(Map.entry("ann@example.net", "unsubscribed"), Map.entry("bob@example.net", "inactive"));
        assertThat(server.requests()).allSatisfy(r -> assertThat(r.rawQuery()).doesNotContain("secret-key"));
    }

    @Test
    void whoHasUnsubscribedStaysSo() throws Exception {
        there.contacts.put("ann@example.net", "unsubscribed");
        rig.start();
        rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE));
        assertThat(there.contacts).containsEntry("ann@example.net", "unsubscribed");
    }

    @Test
    void faultsWithStatus200AreFaults() throws Exception {
        there.contacts.put("ann@example.net", "active");
        there.refused.add("ann@example.net");
        rig.start();
        rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE));
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("the row is refused"));
        server.trap(r -> UniSenderStub.fault("api_call_limit_exceeded_for_api_key", "too many"));
        Exchange e = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(CrmRig.retryDelay(e)).isBetween(50_000L, 60_000L);
    }

    @Test
    void aWrongKeyStopsTheFeed() throws Exception {
        rig.with("apiKey", "other").start();
        assertThat(rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE))
                        .getException())
                .isNotNull();
        assertThat(rig.deadLetters()).isEmpty();
    }
}
