package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.EspoCrmStub;
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

class EspoCrmAddressesAreTickedTest {

    @TempDir
    Path folder;

    private final EspoCrmStub espo = new EspoCrmStub();
    private final StubServer server = new StubServer(espo);
    private CrmRig rig;

    @BeforeEach
    void rig() throws Exception {
        espo.record("Contact/1", "ann@example.net", "Ann@work.example")
                .record("Lead/2", "ann@example.net")
                .record("Account/3", "office@work.example");
        rig = new CrmRig("espocrm", folder, Map.of("url", server.url(), "apiKey", "espo-key", "rate", "1000/s"))
                .start();
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void onlyTheAddressIsTickedAndNoneIsUnlinked() {
        Exchange e = rig.push(rig.change("ann@work.example", SuppressionKind.BOUNCE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(espo.records.get("Contact/1")).containsExactly("ann@example.net", "Ann@work.example");
        assertThat(espo.row("ann@work.example").path("invalid").asBoolean()).isTrue();
        assertThat(espo.row("ann@work.example").path("optOut").asBoolean()).isFalse();
        assertThat(espo.row("ann@example.net").path("invalid").asBoolean()).isFalse();
    }

    @Test
    void twoAddressesOfOneRecordDoNotUndoEachOther() {
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("ann@work.example", SuppressionKind.COMPLAINT));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.dead(e)).isZero();
        assertThat(espo.row("ann@example.net").path("optOut").asBoolean()).isTrue();
        assertThat(espo.row("ann@work.example").path("optOut").asBoolean()).isTrue();
    }

    @Test
    void aRowThatIsSharedIsWrittenOnce() {
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(espo.row("ann@example.net").path("optOut").asBoolean()).isTrue();
        assertThat(server.requests("PUT", "")).hasSize(1);
    }

    @Test
    void anAddressThatIsAddedInBetweenStays() {
        AtomicInteger reads = new AtomicInteger();
        server.trap(r -> {
            if (r.is("GET", "/api/v1/Account/3") && reads.incrementAndGet() == 2) {
                espo.record("Account/3", "office@work.example", "new@work.example");
            }
            return null;
        });
        rig.push(rig.change("office@work.example", SuppressionKind.UNSUBSCRIBE));
        assertThat(espo.records.get("Account/3")).containsExactly("office@work.example", "new@work.example");
        assertThat(espo.row("office@work.example").path("optOut").asBoolean()).isTrue();
    }

    @Test
    void aChangeThatIsTakenBackWithoutAWordGoesToTheDeadLetters() {
        espo.mayTick = false;
        Exchange e = rig.push(rig.change("office@work.example", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.dead(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().asString().contains("optOut");
    }
}
