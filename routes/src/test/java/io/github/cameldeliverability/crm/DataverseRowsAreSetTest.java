package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.crm.stub.DataverseStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataverseRowsAreSetTest {

    @TempDir
    Path folder;

    private final DataverseStub dataverse = new DataverseStub();
    private final StubServer server = new StubServer(dataverse);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        dataverse
                .record("contacts", "c-1", "o'hara@example.net", "bob@example.net")
                .record("contacts", "c-2", "bob@example.net", "")
                .record("leads", "l-1", "bob@example.net", "");
        rig = new CrmRig(
                "dataverse",
                folder,
                Map.of(
                        "url", server.url(),
                        "loginUrl", server.url(),
                        "tenant", "tenant-1",
                        "clientId", "client",
                        "clientSecret", "client-secret",
                        "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void onlyRowsWhoseOwnAddressItIsAreSet() throws Exception {
        rig.start();
        Exchange e = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(dataverse.get("contacts", "c-2").path("donotbulkemail").asBoolean())
                .isTrue();
        assertThat(dataverse.get("leads", "l-1").path("donotbulkemail").asBoolean())
                .isTrue();
        assertThat(dataverse.get("contacts", "c-1").path("donotbulkemail").asBoolean())
                .isFalse();
        rig.push(rig.change("o'hara@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(dataverse.get("contacts", "c-1").path("donotbulkemail").asBoolean())
                .isTrue();
    }

    @Test
    void aRowThatVanishedIsNotMadeAnew() throws Exception {
        dataverse.vanishes.add("c-2");
        rig.with("tables", "contacts").start();
        Exchange e = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.unchanged(e)).isEqualTo(1);
        assertThat(dataverse.tables.get("contacts")).containsOnlyKeys("c-1");
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void aThrottleStopsAllTraffic() throws Exception {
        List<SuppressionChange> changes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            dataverse.record("contacts", "x-" + i, "user" + i + "@example.net", "");
            changes.add(rig.change("user" + i + "@example.net", SuppressionKind.UNSUBSCRIBE));
        }
        rig.with("tables", "contacts").start();
        AtomicBoolean quiet = new AtomicBoolean();
        server.forget();
        server.trap(r -> {
            if (server.requests().size() > 10) {
                quiet.set(true);
            }
            return quiet.get()
                    ? StubReply.of(429, "{\"error\":{\"code\":\"0x80072322\"}}").with("Retry-After", "180")
                    : null;
        });
        Exchange e = rig.push(changes);
        assertThat(e.getException()).hasMessageContaining("refuses for now");
        assertThat(CrmRig.retryDelay(e)).isBetween(170_000L, 180_000L);
        // Calls that were on their way when the first 429 came cannot be called back; there are no others.
        assertThat(server.requests()).hasSizeLessThanOrEqualTo(10 + 8);
        int sent = server.requests().size();
        rig.push(changes);
        assertThat(server.requests()).hasSize(sent);
    }

    @Test
    void aColumnThatCannotBeSetStopsTheStart() {
        assertThatThrownBy(() -> rig.with("bounceField", "statecode").start())
                .hasStackTraceContaining("field statecode is not writable for this user");
    }
}
