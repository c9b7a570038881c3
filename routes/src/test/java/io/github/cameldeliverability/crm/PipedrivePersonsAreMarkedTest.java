package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.crm.stub.PipedriveStub;
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

class PipedrivePersonsAreMarkedTest {

    @TempDir
    Path folder;

    private final PipedriveStub pipedrive = new PipedriveStub();
    private final StubServer server = new StubServer(pipedrive);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        pipedrive
                .person(1, "subscribed", "ann@example.net")
                .person(2, "no_consent", "ann@example.net", "ann@work.example")
                .person(3, "archived", "old@example.net");
        rig = new CrmRig(
                "pipedrive",
                folder,
                Map.of(
                        "url",
                        server.url(),
                        "token",
                        "pipe-token",
                        "bounceField",
                        PipedriveStub.FIELD,
                        "rate",
                        "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void allPersonsWithTheAddressAreUnsubscribed() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("old@example.net", SuppressionKind.COMPLAINT));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(pipedrive.status(1)).isEqualTo("unsubscribed");
        assertThat(pipedrive.status(2)).isEqualTo("unsubscribed");
        assertThat(pipedrive.status(3)).isEqualTo("archived");
    }

    @Test
    void aStatusThatMayNotBeChangedAgainGoesToTheDeadLetters() throws Exception {
        pipedrive.changedBefore(1);
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.dead(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().asString().contains("marketing_status");
        assertThat(pipedrive.status(2)).isEqualTo("unsubscribed");
    }

    @Test
    void aBounceIsNotedInTheFieldOfTheHash() throws Exception {
        rig.start();
        rig.push(rig.change("ann@work.example", SuppressionKind.BOUNCE));
        assertThat(pipedrive
                        .persons
                        .get(2)
                        .path("custom_fields")
                        .path(PipedriveStub.FIELD)
                        .asText())
                .isEqualTo("userunknown");
        assertThat(pipedrive.status(2)).isEqualTo("no_consent");
    }

    @Test
    void aFieldThatIsNotThereIsToldAtStart() {
        rig.with("bounceField", "0000000000000000000000000000000000000000");
        assertThatThrownBy(rig::start).hasStackTraceContaining("000000 is not there");
    }

    @Test
    void aUsedUpBudgetStopsAllCallsForAnHour() throws Exception {
        rig.start();
        pipedrive.budget = 45;
        Exchange e = rig.push(rig.change("ann@work.example", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses for now");
        assertThat(CrmRig.retryDelay(e)).isGreaterThan(3_500_000L);
        assertThat(rig.deadLetters()).isEmpty();
        int calls = server.requests().size();
        rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(server.requests()).hasSize(calls);
    }

    @Test
    void aWindowThatIsFullIsWaitedFor() throws Exception {
        rig.start();
        server.trap(r -> StubReply.of(429, "{\"error\":\"request over limit\"}")
                .with("x-ratelimit-reset", "90")
                .with("Retry-After", "90"));
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses for now");
        assertThat(CrmRig.retryDelay(e)).isBetween(60_000L, 120_000L);
    }
}
