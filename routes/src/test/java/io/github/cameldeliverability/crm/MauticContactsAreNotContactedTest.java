package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.MauticStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MauticContactsAreNotContactedTest {

    @TempDir
    Path folder;

    private final MauticStub mautic = new MauticStub();
    private final StubServer server = new StubServer(mautic);
    private CrmRig rig;

    @BeforeEach
    void rig() throws Exception {
        mautic.contact(1, "ann@example.net").contact(2, "joann@example.net").contact(3, "Bob@Example.net");
        rig = new CrmRig(
                        "mautic",
                        folder,
                        Map.of("url", server.url(), "user", "mailer", "password", "pass-word", "rate", "1000/s"))
                .start();
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void optOutsAndBouncesHaveTheirReasons() {
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.COMPLAINT),
                rig.change("bob@example.net", SuppressionKind.BOUNCE),
                rig.change("nobody@example.net", SuppressionKind.BOUNCE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(2);
        assertThat(CrmRig.unchanged(e)).isEqualTo(1);
        assertThat(mautic.reason(1)).isEqualTo(1);
        assertThat(mautic.reason(2)).isZero();
        assertThat(mautic.reason(3)).isEqualTo(2);
        assertThat(server.requests("PATCH", "")).hasSize(1);
    }

    @Test
    void anOptOutIsNotReplacedByABounceButTheOtherWayRoundItIs() {
        rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(CrmRig.unchanged(rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE))))
                .isEqualTo(1);
        assertThat(mautic.reason(1)).isEqualTo(1);
        rig.push(rig.change("bob@example.net", SuppressionKind.BOUNCE));
        rig.push(rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(mautic.reason(3)).isEqualTo(1);
    }

    @Test
    void aContactThatIsRefusedGoesToTheDeadLetters() {
        mautic.refused.add(1);
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(mautic.reason(3)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("status 400"));
    }
}
