package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.SesStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SesAccountSuppressesTest {

    @TempDir
    Path folder;

    private final SesStub there = new SesStub();
    private final StubServer server = new StubServer(there);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig(
                "ses",
                folder,
                Map.of(
                        "accessKey",
                        "AKID",
                        "secretKey",
                        "ses-secret",
                        "region",
                        "eu-west-1",
                        "url",
                        server.url(),
                        "rate",
                        "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void signedCallsFillTheList() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("ann+x@example.net", SuppressionKind.BOUNCE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(there.reasons)
                .containsOnly(Map.entry("ann+x@example.net", "BOUNCE"), Map.entry("bob@example.net", "COMPLAINT"));
    }

    @Test
    void aComplaintIsNotReplacedByABounce() throws Exception {
        there.reasons.putAll(Map.of("ann@example.net", "COMPLAINT", "bob@example.net", "BOUNCE"));
        rig.start();
        rig.push(
                rig.change("ann@example.net", SuppressionKind.BOUNCE),
                rig.change("bob@example.net", SuppressionKind.COMPLAINT));
        assertThat(there.reasons)
                .containsOnly(Map.entry("ann@example.net", "COMPLAINT"), Map.entry("bob@example.net", "COMPLAINT"));
        assertThat(server.requests("PUT", "/")).hasSize(1);
    }

    @Test
    void aWrongSecretStopsTheFeed() throws Exception {
        rig.with("secretKey", "other").start();
        assertThat(rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE))
                        .getException())
                .isNotNull();
        assertThat(rig.deadLetters()).isEmpty();
    }
}
