package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.crm.stub.SuiteCrmStub;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteCrmFlagsAreSetTest {

    @TempDir
    Path folder;

    private final SuiteCrmStub suite = new SuiteCrmStub();
    private final StubServer server = new StubServer(suite);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        suite.row("a", "ann@example.net")
                .row("b", "bob@example.net")
                .row("c", "carl@example.net")
                .record("Contacts/1", "ann@example.net")
                // Had Ann's address once; the search still finds him.
                .record("Contacts/2", "bob@example.net", "ann@example.net")
                .record("Leads/3", "carl@example.net");
        rig = new CrmRig(
                "suitecrm",
                folder,
                Map.of(
                        "url", server.url() + "/Api",
                        "clientId", "client",
                        "clientSecret", "suite-secret",
                        "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void theRowOfTheAddressIsFlagged() throws Exception {
        rig.start();
        Exchange e = rig.push(
                rig.change("Ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("carl@example.net", SuppressionKind.BOUNCE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(2);
        assertThat(suite.flag("a", "opt_out")).isEqualTo("1");
        assertThat(suite.flag("a", "invalid_email")).isEqualTo("0");
        assertThat(suite.flag("c", "invalid_email")).isEqualTo("1");
        assertThat(suite.flag("b", "opt_out")).isEqualTo("0");
    }

    @Test
    void whoHadTheAddressOnceIsLeftAlone() throws Exception {
        suite.rowsAreGivenOut = false;
        rig.with("through", "records").start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(suite.flag("a", "opt_out")).isEqualTo("1");
        assertThat(suite.flag("b", "opt_out")).isEqualTo("0");
        assertThat(server.requests("PATCH", "")).singleElement().satisfies(r -> assertThat(r.body())
                .doesNotContain("email1"));
    }

    @Test
    void rowsThatAreNotGivenOutAreToldAtStart() {
        suite.rowsAreGivenOut = false;
        assertThatThrownBy(rig::start).hasStackTraceContaining("through=records");
    }

    @Test
    void aFlagThatIsNotKeptGoesToTheDeadLetters() throws Exception {
        suite.mayFlag = false;
        rig.start();
        Exchange e = rig.push(rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(e.getException()).isNull();
        assertThat(CrmRig.dead(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().asString().contains("opt_out");
    }
}
