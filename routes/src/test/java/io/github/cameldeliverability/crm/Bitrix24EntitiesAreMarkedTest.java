package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.Bitrix24Stub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bitrix24EntitiesAreMarkedTest {

    @TempDir
    Path folder;

    private final Bitrix24Stub bitrix = new Bitrix24Stub();
    private final StubServer server = new StubServer(bitrix);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        bitrix.record("CONTACT", 1, "ann@example.net", "work@example.net")
                .record("CONTACT", 2, "bob@example.net")
                .record("LEAD", 3, "ann@example.net");
        rig = new CrmRig(
                "bitrix24",
                folder,
                Map.of(
                        "webhook", server.url() + "/rest/1/hook-secret",
                        "optoutField", "UF_CRM_NO_MAIL",
                        "bounceField", "UF_CRM_BOUNCE",
                        "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void eachKindOfEntityIsSearchedByItself() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.BOUNCE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(2);
        assertThat(bitrix.get("CONTACT", 1).path("UF_CRM_NO_MAIL").asText()).isEqualTo("1");
        assertThat(bitrix.get("LEAD", 3).path("UF_CRM_NO_MAIL").asText()).isEqualTo("1");
        assertThat(bitrix.get("CONTACT", 2).path("UF_CRM_NO_MAIL").asText()).isEqualTo("0");
        assertThat(bitrix.get("CONTACT", 2).path("UF_CRM_BOUNCE").asText()).isEqualTo("userunknown");
    }

    @Test
    void twentyRecordsMeanThatThereMayBeMore() throws Exception {
        for (int i = 100; i < 125; i++) {
            bitrix.record("CONTACT", i, "info@example.net");
        }
        rig.start();
        Exchange e = rig.push(rig.change("info@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("more records have the address than the system tells"));
        assertThat(bitrix.get("CONTACT", 100).path("UF_CRM_NO_MAIL").asText()).isEqualTo("0");
    }

    @Test
    void oneCommandOfABatchFailsAlone() throws Exception {
        bitrix.refused.add(1);
        rig.with("entities", "CONTACT").start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("Required field is empty"));
        assertThat(server.requests("POST", "batch")).hasSize(1);
    }

    @Test
    void aFullBucketIs503AndTheCallIsMadeAgain() throws Exception {
        rig.with("entities", "CONTACT").start();
        AtomicInteger refusals = new AtomicInteger();
        server.trap(r -> r.path().endsWith("batch.json") && refusals.getAndIncrement() < 1
                ? StubReply.of(503, "{\"error\":\"QUERY_LIMIT_EXCEEDED\",\"error_description\":\"Too many requests\"}")
                : null);
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(bitrix.get("CONTACT", 1).path("UF_CRM_NO_MAIL").asText()).isEqualTo("1");
    }

    @Test
    void theHooksAddressIsNeverShown() throws Exception {
        rig.with("dryRun", "true").start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getMessage().getHeader(CrmSink.CALLS).toString())
                .contains("batch.json")
                .doesNotContain("hook-secret");
        rig.close();
        rig.with("dryRun", "false")
                .with("webhook", server.url() + "/rest/1/other-secret")
                .with("probe", "false")
                .start();
        Exchange wrong = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(wrong.getException()).hasMessageContaining("refuses everything");
        assertThat(wrong.getException().toString()).doesNotContain("other-secret");
    }
}
