package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.MailgunStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailgunListsAreFilledTest {

    @TempDir
    Path folder;

    private final MailgunStub there = new MailgunStub();
    private final StubServer server = new StubServer(there);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig(
                "mailgun",
                folder,
                Map.of("apiKey", "mg-secret", "domain", "mg.example.com", "url", server.url(), "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void eachKindHasItsList() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.BOUNCE),
                rig.change("cat@example.net", SuppressionKind.COMPLAINT));
        assertThat(CrmRig.done(e)).isEqualTo(3);
        assertThat(there.list("unsubscribes")).containsOnlyKeys("ann@example.net");
        assertThat(there.list("bounces")).containsOnlyKeys("bob@example.net");
        assertThat(there.list("complaints")).containsOnlyKeys("cat@example.net");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void oneBadAddressDoesNotSpoilTheList() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.BOUNCE),
                rig.change("bad@example.net", SuppressionKind.BOUNCE),
                rig.change("cat@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.done(e)).isEqualTo(2);
        assertThat(there.list("bounces")).containsOnlyKeys("ann@example.net", "cat@example.net");
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("bad@example.net"));
    }
}
