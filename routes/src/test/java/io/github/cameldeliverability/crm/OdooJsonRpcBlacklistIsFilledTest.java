package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.OdooJsonRpcStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OdooJsonRpcBlacklistIsFilledTest {

    @TempDir
    Path folder;

    private final OdooJsonRpcStub odoo = new OdooJsonRpcStub();
    private final StubServer server = new StubServer(odoo);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        odoo.entry(1, "old@example.net", false).entry(2, "known@example.net", true);
        rig = new CrmRig(
                "odoo-jsonrpc",
                folder,
                Map.of(
                        "url", server.url(),
                        "database", "acme",
                        "userId", "7",
                        "apiKey", "odoo-key",
                        "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void newEntriesAreMadeArchivedOnesWokenActiveOnesLeft() throws Exception {
        rig.start();
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
    }

    @Test
    void aFaultWithStatus200IsNoSuccess() throws Exception {
        rig.start();
        odoo.mayWrite = false;
        Exchange e = rig.push(rig.change("old@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("AccessError");
        assertThat(rig.deadLetters()).isEmpty();
        odoo.mayWrite = true;
        server.trap(r -> r.body().contains("\"write\"")
                ? OdooJsonRpcStub.fault("psycopg2.errors.SerializationFailure", "could not serialize access")
                : null);
        e = rig.push(rig.change("old@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("SerializationFailure");
        assertThat(rig.deadLetters()).isEmpty();
    }
}
