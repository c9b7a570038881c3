package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.crm.stub.ZohoStub;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZohoRecordsAreTickedTest {

    @TempDir
    Path folder;

    private final ZohoStub zoho = new ZohoStub();
    private final StubServer server = new StubServer(zoho);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        zoho.record("Contacts", "1", "ann@example.net")
                .record("Contacts", "2", "Ann@Example.Net")
                .record("Contacts", "3", "bob@example.net")
                .record("Leads", "4", "ann@example.net");
        rig = new CrmRig(
                "zoho",
                folder,
                new HashMap<>(Map.of(
                        "clientId", "1000.client",
                        "clientSecret", "client-secret",
                        "refreshToken", "1000.refresh",
                        "url", server.url(),
                        "accounts", server.url(),
                        "rate", "1000/s")));
    }

    @AfterEach
    void stop() {
        OpenApiContract.check("zoho", server.requests());
        rig.close();
        server.close();
    }

    @Test
    void allRecordsWithTheAddressAreTickedAndNoOthers() throws Exception {
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(zoho.get("Contacts", "1").path("Email_Opt_Out").asBoolean()).isTrue();
        assertThat(zoho.get("Contacts", "2").path("Email_Opt_Out").asBoolean()).isTrue();
        assertThat(zoho.get("Leads", "4").path("Email_Opt_Out").asBoolean()).isTrue();
        assertThat(zoho.get("Contacts", "3").path("Email_Opt_Out").asBoolean()).isFalse();
    }

    @Test
    void aRecordThatHasTheAddressElsewhereIsLeftAlone() throws Exception {
        zoho.record("Contacts", "9", "carl@example.net");
        zoho.get("Contacts", "9").put("Secondary_Email", "bob@example.net");
        rig.start();
        rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(zoho.get("Contacts", "3").path("Email_Opt_Out").asBoolean()).isTrue();
        assertThat(zoho.get("Contacts", "9").path("Email_Opt_Out").asBoolean()).isFalse();
    }

    @Test
    void whatIsTickedAlreadyIsNotWritten() throws Exception {
        zoho.get("Contacts", "3").put("Email_Opt_Out", true);
        rig.start();
        Exchange e = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(CrmRig.unchanged(e)).isEqualTo(1);
        assertThat(server.requests("PUT", "")).isEmpty();
    }

    @Test
    void aSilentNoOpIsFoundByReadingBack() throws Exception {
        zoho.silent.add("3");
        rig.start();
        Exchange e = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.dead(e)).isEqualTo(1);
        assertThat(rig.deadLetters().get(0))
                .contains("written without complaint, but unchanged: field Email_Opt_Out is false, not true");
    }

    @Test
    void oneBadRecordOfABatchDoesNotStopTheOthers() throws Exception {
        zoho.record("Contacts", "5", "eve@example.net").record("Contacts", "6", "joe@example.net");
        zoho.invalid.add("5");
        zoho.locked.add("6");
        rig.start();
        SuppressionChange eve = rig.change("eve@example.net", SuppressionKind.UNSUBSCRIBE);
        SuppressionChange joe = rig.change("joe@example.net", SuppressionKind.UNSUBSCRIBE);
        SuppressionChange bob = rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE);
        Exchange e = rig.push(eve, joe, bob);
        assertThat(e.getException()).hasMessageContaining("RECORD_LOCKED");
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("INVALID_DATA"));
        zoho.locked.clear();
        server.forget();
        Exchange again = rig.push(eve, joe, bob);
        assertThat(again.getException()).isNull();
        assertThat(zoho.get("Contacts", "6").path("Email_Opt_Out").asBoolean()).isTrue();
        assertThat(rig.deadLetters()).hasSize(1);
        assertThat(server.requests("PUT", "Contacts"))
                .singleElement()
                .satisfies(r -> assertThat(r.body()).contains("\"id\":\"6\"").doesNotContain("\"id\":\"3\""));
    }

    @Test
    void aFieldThatIsNotWritableStopsTheStart() {
        zoho.readOnlyFields.add("Email_Opt_Out");
        assertThatThrownBy(() -> rig.start())
                .hasStackTraceContaining("field Email_Opt_Out is not writable for this user (Contacts)");
    }

    @Test
    void aFieldThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> rig.with("bounceField", "Bounce_Note").start())
                .hasStackTraceContaining("field Bounce_Note is not there, or hidden from this user (Contacts)");
    }

    @Test
    void aTokenThatRanOutIsRenewedOnceForAllCalls() throws Exception {
        rig.with("modules", "Contacts").start();
        zoho.token = "expired meanwhile";
        List<SuppressionChange> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            zoho.record("Contacts", "2" + i, "user" + i + "@example.net");
            changes.add(rig.change("user" + i + "@example.net", SuppressionKind.UNSUBSCRIBE));
        }
        Exchange e = rig.push(changes);
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(20);
        assertThat(zoho.tokens.get()).isEqualTo(2);
    }

    @Test
    void aRevokedTokenKillsNoAddress() throws Exception {
        rig.start();
        zoho.token = "revoked";
        server.trap(r -> r.path().endsWith("/token") ? StubReply.of(200, "{\"error\":\"invalid_code\"}") : null);
        Exchange e = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses everything").hasMessageContaining("invalid_code");
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void aTokenOutlivesARestart() throws Exception {
        rig.start();
        rig.close();
        rig.start();
        assertThat(zoho.tokens.get()).isEqualTo(1);
    }

    @Test
    void aSystemThatIsDownAtStartIsAskedBeforeTheFirstWrite() throws Exception {
        server.trap(r -> StubReply.of(503, ""));
        rig.start();
        SuppressionChange bob = rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE);
        assertThat(rig.push(bob).getException()).hasMessageContaining("does not answer");
        server.trap(r -> null);
        zoho.readOnlyFields.add("Email_Opt_Out");
        assertThat(rig.push(bob).getException()).hasMessageContaining("not writable");
        zoho.readOnlyFields.clear();
        assertThat(rig.push(bob).getException()).isNull();
    }

    @Test
    void tooManyChangesStopTheFeedBeforeAnythingIsWritten() throws Exception {
        rig.with("maxChanges", "3").start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("more than maxChanges=3");
        assertThat(server.requests("PUT", "")).isEmpty();
    }

    @Test
    void anAddressOfTooManyRecordsIsLeftToPeople() throws Exception {
        rig.with("maxRecordsPerAddress", "1").start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("more than maxRecordsPerAddress=1"));
        assertThat(zoho.get("Contacts", "1").path("Email_Opt_Out").asBoolean()).isFalse();
        assertThat(zoho.get("Contacts", "3").path("Email_Opt_Out").asBoolean()).isTrue();
    }
}
