package io.github.cameldeliverability.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.crm.stub.MailchimpStub;
import io.github.cameldeliverability.crm.stub.StubServer;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailchimpMembersAreUnsubscribedTest {

    @TempDir
    Path folder;

    private final MailchimpStub there = new MailchimpStub();
    private final StubServer server = new StubServer(there);
    private CrmRig rig;

    @BeforeEach
    void rig() {
        rig = new CrmRig(
                "mailchimp", folder, Map.of("apiKey", "key-us21", "list", "l1", "url", server.url(), "rate", "1000/s"));
    }

    @AfterEach
    void stop() {
        rig.close();
        server.close();
    }

    @Test
    void membersAreUnsubscribedOrCleaned() throws Exception {
        there.members.putAll(Map.of("ann@example.net", "subscribed", "bob@example.net", "subscribed"));
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bob@example.net", SuppressionKind.BOUNCE),
                rig.change("nobody@example.net", SuppressionKind.BOUNCE));
        assertThat(CrmRig.done(e)).isEqualTo(2);
        assertThat(there.members)
                .containsOnly(Map.entry("ann@example.net", "unsubscribed"), Map.entry("bob@example.net", "cleaned"));
        assertThat(server.requests("POST", "/lists/l1")).hasSize(1);
    }

    @Test
    void anOptOutIsNotReplacedByABounce() throws Exception {
        there.members.put("ann@example.net", "unsubscribed");
        rig.start();
        rig.push(rig.change("ann@example.net", SuppressionKind.BOUNCE));
        assertThat(server.requests("POST", "/")).isEmpty();
    }

    @Test
    void whatA200ListsAmongItsErrorsIsNotDone() throws Exception {
        there.members.putAll(Map.of("ann@example.net", "subscribed", "bad@example.net", "subscribed"));
        there.refused.put("bad@example.net", "looks fake or invalid");
        rig.start();
        Exchange e = rig.push(
                rig.change("ann@example.net", SuppressionKind.UNSUBSCRIBE),
                rig.change("bad@example.net", SuppressionKind.UNSUBSCRIBE));
        assertThat(CrmRig.done(e)).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(d -> assertThat(d)
                .contains("looks fake"));
        there.refused.put("bad@example.net", "bad has signed up to a lot of lists very recently");
        assertThat(rig.push(rig.change("bad@example.net", SuppressionKind.COMPLAINT))
                        .getException())
                .as("that passes")
                .isNotNull();
    }
}
