package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.crm.stub.TrytonStub;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrytonMechanismsAreMarkedTest {

    @TempDir
    Path folder;

    private final TrytonStub tryton = new TrytonStub();
    private final StubServer server = new StubServer(tryton);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        tryton.mechanism(1, "email", "ann_x@example.net", "prefers mornings")
                .mechanism(2, "email", "annyx@example.net", "")
                .mechanism(3, "website", "ann_x@example.net", "")
                .mechanism(4, "email", "Ann_X@Example.net", "");
        rig = new CrmRig(
                "tryton",
                folder,
                Map.of(
                        "url", server.url(),
                        "database", "shop",
                        "user", "mailer",
                        "password", "tryton-secret",
                        "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void theCommentOfTheAddressesMechanismsTellsAndKeepsWhatStoodThere() throws Exception {
        rig.start();
        Exchange e = rig.push(rig.change("ann_x@example.net", SuppressionKind.BOUNCE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(tryton.mechanisms.get(1).path("comment").asText())
                .isEqualTo("no mail: bounce, userunknown, 2026-03-01; prefers mornings");
        assertThat(tryton.mechanisms.get(4).path("comment").asText())
                .isEqualTo("no mail: bounce, userunknown, 2026-03-01");
        assertThat(tryton.mechanisms.get(1).path("active").asBoolean()).isTrue();
        assertThat(tryton.mechanisms.get(2).path("comment").asText()).isEmpty();
        assertThat(tryton.mechanisms.get(3).path("comment").asText()).isEmpty();
        Exchange again = rig.push(rig.change("ann_x@example.net", SuppressionKind.COMPLAINT));
        assertThat(CrmRig.unchanged(again)).isEqualTo(1);
        assertThat(tryton.mechanisms.get(1).path("comment").asText()).startsWith("no mail: bounce");
    }

    @Test
    void aMechanismMayBeTakenOutOfUse() throws Exception {
        rig.with("deactivate", "true").start();
        rig.push(rig.change("annyx@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(tryton.mechanisms.get(2).path("active").asBoolean()).isFalse();
        assertThat(tryton.mechanisms.get(1).path("active").asBoolean()).isTrue();
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void aSessionThatRanOutIsRenewed() throws Exception {
        rig.start();
        tryton.session = "run out";
        assertThat(rig.push(rig.change("annyx@example.net", SuppressionKind.UNSUBSCRIBE))
                        .getException())
                .isNull();
        assertThat(tryton.logins()).isEqualTo(2);
    }

    @Test
    void aUserWhoMayNotWriteStopsTheStart() {
        tryton.writable = false;
        assertThatThrownBy(() -> rig.start()).hasStackTraceContaining("the user may not write contact mechanisms");
    }

    @Test
    void aMissingRightThatShowsLaterStopsTheFeedAndKillsNoAddress() throws Exception {
        rig.start();
        tryton.writable = false;
        Exchange e = rig.push(rig.change("annyx@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).hasMessageContaining("refuses everything").hasMessageContaining("AccessError");
        assertThat(rig.deadLetters()).isEmpty();
    }
}
