package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.KommoStub;
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

class KommoContactsAreMarkedTest {

    @TempDir
    Path folder;

    private final KommoStub kommo = new KommoStub();
    private final StubServer server = new StubServer(kommo);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        kommo.contact(1, "Ann", "ann@example.net", "ann@work.example")
                .contact(2, "ann@example.net (forwarded)", "carl@example.net")
                .contact(3, "Joann", "joann@example.net");
        rig = new CrmRig(
                "kommo",
                folder,
                Map.of(
                        "url", server.url(),
                        "clientId", "client",
                        "clientSecret", "client-secret",
                        "refreshToken", "refresh-0",
                        "optoutField", "971",
                        "bounceField", "973",
                        "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void whatTheFullTextSearchFindsBesideIsLeftAlone() throws Exception {
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(kommo.value(1, 971).asBoolean()).isTrue();
        assertThat(kommo.value(2, 971).isMissingNode()).isTrue();
        assertThat(kommo.value(3, 971).isMissingNode()).isTrue();
    }

    @Test
    void aBounceIsNotedOnce() throws Exception {
        rig.start();
        rig.push(rig.change("joann@example.net", SuppressionKind.BOUNCE));
        assertThat(kommo.value(3, 973).asText()).isEqualTo("userunknown");
        assertThat(CrmRig.unchanged(rig.push(rig.change("joann@example.net", SuppressionKind.BOUNCE))))
                .isEqualTo(1);
        assertThat(server.requests("PATCH", "")).hasSize(1);
    }

    @Test
    void aRotatedRefreshTokenIsOnTheDiskBeforeItsFirstUse() throws Exception {
        // The process dies after the tokens were given and before any call with them.
        server.trap(r -> r.path().startsWith("/api/") ? StubReply.of(0, "") : null);
        rig.start();
        assertThat(kommo.rotations.get()).isEqualTo(1);
        rig.close();
        server.trap(r -> null);
        // The next life finds the access token; the one after that finds it run out and has only the rotated refresh
        // token.
        rig.start();
        assertThat(rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE))
                        .getException())
                .isNull();
        rig.close();
        kommo.access = "run out";
        rig.start();
        assertThat(rig.push(rig.change("joann@example.net", SuppressionKind.UNSUBSCRIBE))
                        .getException())
                .isNull();
        assertThat(kommo.rotations.get()).isEqualTo(2);
    }

    @Test
    void aForbiddenShutsAllCallsOffForAWhile() throws Exception {
        rig.start();
        server.trap(r -> StubReply.of(403, "<html>403 Forbidden</html>"));
        int before = server.requests().size();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("carl@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses for now").hasMessageContaining("shut out");
        assertThat(CrmRig.retryDelay(e)).isGreaterThan(800_000L);
        assertThat(server.requests()).hasSizeLessThanOrEqualTo(before + 2);
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void aLongLivedTokenNeedsNoOther() throws Exception {
        kommo.access = "long-lived";
        rig.with("token", "long-lived").start();
        rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(kommo.value(1, 971).asBoolean()).isTrue();
        assertThat(kommo.rotations.get()).isZero();
    }
}
