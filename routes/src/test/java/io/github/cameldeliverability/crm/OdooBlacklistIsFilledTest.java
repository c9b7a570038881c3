package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.OdooStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OdooBlacklistIsFilledTest {

    @TempDir
    Path folder;

    private final OdooStub odoo = new OdooStub();
    private final StubServer server = new StubServer(odoo);
    private CrmRig rig;

    @BeforeEach
    void rig() throws Exception {
        odoo.entry(1, "old@example.net", false).entry(2, "known@example.net", true);
        rig = new CrmRig("odoo", folder, Map.of("url", server.url(), "apiKey", "odoo-key", "rate", "1000/s")).start();
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void newEntriesAreMadeArchivedOnesWokenActiveOnesLeft() {
        Exchange e = rig.push(
                rig.change("New@Example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("old@example.net", SuppressionKind.BOUNCE),
                rig.change("known@example.net", SuppressionKind.COMPLAINT));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(2);
        assertThat(CrmRig.unchanged(e)).isEqualTo(1);
        assertThat(odoo.blacklist.get(1).path("active").asBoolean()).isTrue();
        assertThat(odoo.blacklist.values())
                .extracting(b -> b.path("email").asText())
                .containsExactlyInAnyOrder("old@example.net", "known@example.net", "new@example.net");
        assertThat(server.requests("POST", "write").get(0).body()).doesNotContain("2");
    }
}
