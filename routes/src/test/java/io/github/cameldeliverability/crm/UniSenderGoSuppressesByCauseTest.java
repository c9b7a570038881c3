package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.crm.stub.UniSenderGoStub;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UniSenderGoSuppressesByCauseTest {

    @TempDir
    Path folder;

    private final UniSenderGoStub there = new UniSenderGoStub();
    private final StubServer server = new StubServer(there);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig("unisender-go", folder, Map.of("apiKey", "go-secret", "url", server.url(), "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void eachKindHasItsCause() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.BOUNCE),
                rig.change("cat@example.net", SuppressionKind.COMPLAINT),
                rig.change("bad@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.done(e)).isEqualTo(3);
        assertThat(there.causes)
                .containsOnly(
                        Map.entry("ann@example.net", "unsubscribed"),
                        Map.entry("bob@example.net", "permanent_unavailable"),
                        Map.entry("cat@example.net", "complained"));
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("bad address"));
    }

    @Test
    void aBounceReplacesWhatPassesAndNoOptOut() throws Exception {
        there.causes.putAll(Map.of("ann@example.net", "unsubscribed", "bob@example.net", "temporary_unavailable"));
        rig.start();
        rig.push(
                rig.change("ann@example.net", SuppressionKind.BOUNCE),
                rig.change("bob@example.net", SuppressionKind.BOUNCE));
        assertThat(there.causes)
                .containsOnly(
                        Map.entry("ann@example.net", "unsubscribed"),
                        Map.entry("bob@example.net", "permanent_unavailable"));
    }

    @Test
    void tooFastIsToldBy429() throws Exception {
        server.trap(r -> StubReply.of(429, "{}").with("Retry-After", "30"));
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.retryDelay(e)).isBetween(25_000L, 30_000L);
        assertThat(server.requests()).hasSize(1);
    }
}
