package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.BrevoStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrevoContactsAreBlockedTest {

    @TempDir
    Path folder;

    private final BrevoStub there = new BrevoStub();
    private final StubServer server = new StubServer(there);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig("brevo", folder, Map.of("apiKey", "xkeysib-secret", "url", server.url(), "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void contactsAreBlockedAndNoneAreMade() throws Exception {
        there.contacts.putAll(Map.of("ann@example.net", false, "bob@example.net", true));
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.BOUNCE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("no@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(there.contacts).containsOnly(Map.entry("ann@example.net", true), Map.entry("bob@example.net", true));
        assertThat(server.requests("PUT", "/")).hasSize(1);
    }

    @Test
    void whatIsAcceptedAndNotMadeIsFound() throws Exception {
        there.contacts.put("ann@example.net", false);
        there.stubborn.add("ann@example.net");
        rig.start();
        rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE));
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("unchanged"));
    }

    @Test
    void theLimitSaysInItsOwnFieldWhenToComeBack() throws Exception {
        server.trap(r -> StubReply.of(429, "{}").with("x-sib-ratelimit-reset", "40"));
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.retryDelay(e)).isBetween(35_000L, 40_000L);
    }
}
