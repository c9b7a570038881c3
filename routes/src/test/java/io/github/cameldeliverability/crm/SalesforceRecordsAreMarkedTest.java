package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.crm.stub.SalesforceStub;
import io.github.cameldeliverability.crm.stub.StubReply;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalesforceRecordsAreMarkedTest {

    @TempDir
    Path folder;

    private final SalesforceStub salesforce = new SalesforceStub();
    private final StubServer server = new StubServer(salesforce);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        salesforce
                .record("Contact", "003A", "Email", "o'hara@example.net")
                .record("Contact", "003B", "Email", "O'Hara@Example.net")
                .record("Contact", "003C", "Email", "O'HARA@example.net")
                .record("Contact", "003D", "Email", "bob@example.net")
                .record("Lead", "00QA", "Email", "o'hara@example.net");
        rig = new CrmRig(
                "salesforce",
                folder,
                Map.of("url", server.url(), "clientId", "key", "clientSecret", "consumer-secret", "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void contactsOfAllPagesAndLeadsAreTicked() throws Exception {
        rig.start();
        Exchange e = rig.push(rig.change("o'hara@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        for (String id : new String[] {"003A", "003B", "003C"}) {
            assertThat(salesforce.get("Contact", id).path("HasOptedOutOfEmail").asBoolean())
                    .isTrue();
        }
        assertThat(salesforce.get("Lead", "00QA").path("HasOptedOutOfEmail").asBoolean())
                .isTrue();
        assertThat(salesforce.get("Contact", "003D").path("HasOptedOutOfEmail").asBoolean())
                .isFalse();
        assertThat(server.requests("PATCH", "")).as("a call an object").hasSize(2);
    }

    @Test
    void aBounceGetsReasonAndTimeOnce() throws Exception {
        rig.start();
        rig.push(rig.change("bob@example.net", SuppressionKind.BOUNCE));
        assertThat(salesforce.get("Contact", "003D").path("EmailBouncedReason").asText())
                .isEqualTo("userunknown 550 5.1.1 it's \"gone\"");
        assertThat(salesforce.get("Contact", "003D").path("EmailBouncedDate").asText())
                .startsWith("2026-03-01T12:00");
        Exchange again = rig.push(rig.change("bob@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.unchanged(again)).isEqualTo(1);
        assertThat(server.requests("PATCH", "")).hasSize(1);
    }

    @Test
    void aLockedRowIsTriedAgainAndADeletedOneIsNot() throws Exception {
        salesforce
                .record("Contact", "003E", "Email", "eve@example.net")
                .record("Contact", "003F", "Email", "fay@example.net");
        salesforce.lockedRows.add("003E");
        salesforce.deleted.add("003F");
        rig.start();
        SuppressionChange eve = rig.change("eve@example.net", SuppressionKind.UNSUBSCRIBE);
        SuppressionChange fay = rig.change("fay@example.net", SuppressionKind.UNSUBSCRIBE);
        Exchange e = rig.push(eve, fay);
        assertThat(e.getException()).hasMessageContaining("UNABLE_TO_LOCK_ROW");
        salesforce.lockedRows.clear();
        assertThat(rig.push(eve, fay).getException()).isNull();
        assertThat(salesforce.get("Contact", "003E").path("HasOptedOutOfEmail").asBoolean())
                .isTrue();
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void aFieldThatIsNotUpdateableStopsTheStart() {
        salesforce.readOnly.add("EmailBouncedReason");
        assertThatThrownBy(() -> rig.start())
                .hasStackTraceContaining("field EmailBouncedReason is not writable for this user (Contact)");
    }

    @Test
    void theLastTenthOfTheQuotaIsLeftToOthers() throws Exception {
        rig.with("probe", "false").start();
        salesforce.usage = "api-usage=4600/5000";
        rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        int calls = server.requests().size();
        Exchange e = rig.push(rig.change("o'hara@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses for now");
        assertThat(CrmRig.retryDelay(e)).isGreaterThan(3_000_000L);
        assertThat(server.requests()).hasSize(calls);
    }

    @Test
    void aUsedUpQuotaIsAForbiddenThatWaits() throws Exception {
        rig.with("probe", "false").start();
        server.trap(r -> r.path().endsWith("/query")
                ? StubReply.of(
                        403,
                        "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"TotalRequests Limit exceeded.\"}]")
                : null);
        Exchange e = rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses for now");
        assertThat(CrmRig.retryDelay(e)).isBetween(890_000L, 900_000L);
    }

    @Test
    void anAssertionIsSignedWithTheUsersKey() throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");
        g.initialize(2048);
        KeyPair pair = g.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----";
        rig.with("privateKey", pem).with("username", "mailer@acme.example").start();
        String[] jwt = salesforce.login.form().get("assertion").split("\\.");
        Signature s = Signature.getInstance("SHA256withRSA");
        s.initVerify(pair.getPublic());
        s.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(s.verify(Base64.getUrlDecoder().decode(jwt[2]))).isTrue();
        assertThat(new String(Base64.getUrlDecoder().decode(jwt[1]), StandardCharsets.UTF_8))
                .contains("\"iss\":\"key\"")
                .contains("\"sub\":\"mailer@acme.example\"")
                .contains("\"aud\":\"https://login.salesforce.com\"");
    }

    @Test
    void contactPointsAndPersonAccountsMayBeToldAsWell() throws Exception {
        salesforce
                .record("ContactPointEmail", "9VlA", "EmailAddress", "bob@example.net")
                .record("Account", "001A", "PersonEmail", "bob@example.net");
        rig.with("contactPoints", "true").with("personAccounts", "true").start();
        rig.push(rig.change("bob@example.net", SuppressionKind.BOUNCE));
        rig.push(rig.change("bob@example.net", SuppressionKind.COMPLAINT));
        assertThat(salesforce
                        .get("ContactPointEmail", "9VlA")
                        .path("EmailLatestBounceReasonText")
                        .asText())
                .startsWith("userunknown");
        assertThat(salesforce
                        .get("Account", "001A")
                        .path("PersonHasOptedOutOfEmail")
                        .asBoolean())
                .isTrue();
    }
}
