package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.crm.stub.HubSpotStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionChange.Operation;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSpotIsToldOfOptOutsTest {

    @TempDir
    Path folder;

    private final HubSpotStub hubspot = new HubSpotStub();
    private final StubServer server = new StubServer(hubspot);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig("hubspot", folder, Map.of("token", "pat-secret-1", "url", server.url(), "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        OpenApiContract.check("hubspot", server.requests());
        rig.close();
        server.close();
    }

    @Test
    void anOptOutIsKeptAndReadBack() throws Exception {
        rig.start();
        Exchange e = rig.push(rig.change("ann+news@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(hubspot.optedOut).containsExactly("ann+news@example.net");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aBatchIsOneCallWithEnterprise() throws Exception {
        rig.with("batch", "true").start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.COMPLAINT),
                rig.change("Eve@example.net", SuppressionKind.MANUAL));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(3);
        assertThat(hubspot.optedOut).containsExactlyInAnyOrder("ann@example.net", "bob@example.net", "eve@example.net");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void oneAddressThatSpoilsABatchGoesToTheDeadLettersAlone() throws Exception {
        hubspot.refused.add("bad@example.net");
        rig.with("batch", "true").start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bad@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("eve@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(3);
        assertThat(CrmRig.dead(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("bad@example.net")
                .contains("is invalid")
                .contains("default-2"));
    }

    @Test
    void aBounceIsNotedInAPropertyOfAllContactsWithTheAddress() throws Exception {
        hubspot.contact("1", "ann@example.net").contact("2", "Ann@Example.net").contact("3", "bob@example.net");
        hubspot.properties.put("deliverability_bounce", false);
        rig.with("property", "deliverability_bounce").start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.BOUNCE),
                rig.change("nobody@example.net", SuppressionKind.BOUNCE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(CrmRig.unchanged(e)).isEqualTo(1);
        assertThat(hubspot.contacts.get("1").path("deliverability_bounce").asText())
                .isEqualTo("userunknown");
        assertThat(hubspot.contacts.get("2").path("deliverability_bounce").asText())
                .isEqualTo("userunknown");
        assertThat(hubspot.contacts.get("3").has("deliverability_bounce")).isFalse();
        assertThat(hubspot.optedOut).isEmpty();
    }

    @Test
    void aPropertyThatCannotBeWrittenStopsTheStart() {
        hubspot.properties.put("hs_email_optout", true);
        rig.with("property", "hs_email_optout");
        assertThatThrownBy(() -> rig.start())
                .hasStackTraceContaining("the contact property hs_email_optout is not there or not writable");
    }

    @Test
    void withoutEnterpriseTheFeedStandsAndSaysWhy() throws Exception {
        hubspot.enterprise = false;
        rig.with("batch", "true").start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses everything").hasMessageContaining("MISSING_SCOPES");
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void aWrongTokenKillsNoAddress() throws Exception {
        rig.with("token", "pat-wrong-secret").start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses everything");
        assertThat(e.getException().toString()).doesNotContain("pat-wrong-secret");
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void theDailyQuotaStopsTheFeedForAnHour() throws Exception {
        server.trap(r -> StubReply.of(429, "{\"policyName\":\"DAILY\",\"errorType\":\"RATE_LIMIT\"}"));
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses for now");
        assertThat(CrmRig.retryDelay(e)).isBetween(3_590_000L, 3_600_000L);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aRemovalIsNotPassedOn() throws Exception {
        hubspot.optedOut.add("ann@example.net");
        rig.start();
        Exchange e =
                rig.push(rig.change(7, "ann@example.net", SuppressionKind.UNSUBSCRIBE, Operation.REMOVED, "global"));
        assertThat(e.getException()).isNull();
        assertThat(server.requests()).isEmpty();
        assertThat(hubspot.optedOut).containsExactly("ann@example.net");
    }

    @Test
    void aChangeThatComesTwiceIsWrittenOnce() throws Exception {
        rig.start();
        var change = rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE);
        rig.push(change);
        rig.close();
        rig.start();
        Exchange again = rig.push(change);
        assertThat(again.getException()).isNull();
        assertThat(server.requests("POST", "unsubscribe-all")).hasSize(1);
    }

    @Test
    void aDryRunShowsTheCallsAndWritesNothing() throws Exception {
        rig.with("batch", "true").with("dryRun", "true").start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(hubspot.optedOut).isEmpty();
        assertThat(e.getMessage().getHeader(CrmSink.CALLS).toString())
                .contains("POST " + server.url() + "/communication-preferences/v4/statuses/batch/unsubscribe-all")
                .contains("ann@example.net")
                .doesNotContain("pat-secret-1");
    }
}
