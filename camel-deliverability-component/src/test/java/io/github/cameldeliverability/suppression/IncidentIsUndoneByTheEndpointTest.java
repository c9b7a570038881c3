package io.github.cameldeliverability.suppression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.testkit.TemporaryStore;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentIsUndoneByTheEndpointTest extends CamelTestSupport {

    private static final String BAD_IMPORT =
            """
            address,kind,source
            a@example.net,bounce,bad-file
            b@example.net,bounce,bad-file
            b@example.net,complaint,crm
            not an address,bounce,bad-file
            """;

    private final TemporaryStore store = TemporaryStore.open(Clock.systemUTC());

    @Override
    protected void bindToRegistry(org.apache.camel.spi.Registry registry) {
        registry.bind("lists", Store.class, store);
    }

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("suppression:default?store=lists&consumer=crm&delay=10&initialDelay=0")
                        .routeId("crm")
                        .to("mock:crm");
            }
        };
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void aBadImportIsTriedReadShownAndTakenBack() throws Exception {
        MockEndpoint crm = getMockEndpoint("mock:crm");
        Exchange tried = importing("&dryRun=true");
        assertThat(tried.getMessage().getHeader(SuppressionConstants.CHANGED)).isEqualTo(2);
        assertThat(tried.getMessage().getHeader(SuppressionConstants.ROWS)).isEqualTo(4L);
        assertThat(suppressed("a@example.net", "")).isFalse();

        assertThat(importing("").getMessage().getHeader(SuppressionConstants.CHANGED))
                .isEqualTo(3);
        assertThat(suppressed("a@example.net", "")).isTrue();

        String undo = "suppression:default?store=lists&operation=UNDO&source=bad-file&from=2020-01-01T00:00:00Z"
                + "&to=2999-01-01T00:00:00Z";
        Exchange shown = send(undo, null, Map.of());
        assertThat(shown.getMessage().getHeader(SuppressionConstants.CHANGED)).isEqualTo(1);
        assertThat(shown.getMessage().getHeader(SuppressionConstants.KEPT)).isEqualTo(1L);
        assertThat(suppressed("a@example.net", "")).isTrue();

        send(undo, null, Map.of(SuppressionConstants.APPLY, true));
        assertThat(suppressed("a@example.net", "")).isFalse();
        assertThat(suppressed("b@example.net", "")).isTrue();
        crm.expectedHeaderValuesReceivedInAnyOrder(
                SuppressionConstants.CHANGE, "added", "added", "updated", "restored");
        crm.assertIsSatisfied();
    }

    @Test
    void anIncidentWithoutATimeIsRefusedByTheNameOfTheOption() {
        Exchange e = send("suppression:default?store=lists&operation=UNDO&rule=a/b", null, Map.of());
        assertThat(e.getException()).hasMessageContaining("option from").hasMessageContaining("CamelSuppressionFrom");
    }

    @Test
    void oneTimeCodesReachWhoLeftTheNewsletterButNoDeadAddress() {
        add("left@example.net", "unsubscribe");
        add("dead@example.net", "bounce");
        assertThat(suppressed("left@example.net", "")).isTrue();
        assertThat(suppressed("left@example.net", "&exempt=unsubscribe")).isFalse();
        assertThat(suppressed("dead@example.net", "&exempt=unsubscribe")).isTrue();
        assertThatThrownBy(() -> suppressed("dead@example.net", "&exempt=unsubscribe,bounce"))
                .hasStackTraceContaining("exempt from suppressions of kind bounce");
    }

    @Test
    void canonicalFormsAreEntriesThatSaySo() {
        send(
                "suppression:default?store=lists&operation=ADD&canonical=plus,gmail",
                "Ann.Lee+news@googlemail.com",
                Map.of());
        assertThat(suppressed("annlee@gmail.com", "")).isTrue();
        assertThat(suppressed("a.nnlee@gmail.com", "")).as("never silently").isFalse();
        assertThat(suppressed("a.nnlee@gmail.com", "&canonical=gmail")).isTrue();
        Exchange found = send("suppression:default?store=lists", "annlee@gmail.com", Map.of());
        assertThat(found.getMessage().getHeader(SuppressionConstants.EVIDENCE, String.class))
                .startsWith("canonical form of Ann.Lee+news@googlemail.com");
    }

    @Test
    void anErasedAddressIsExportedAsItsHash() {
        add("ann@example.net", "complaint");
        String hashed = export("&hashed=true");
        assertThat(hashed).contains("@erased.invalid").doesNotContain("ann@");
        send("suppression:default?store=lists&operation=ERASE", "ann@example.net", Map.of());
        assertThat(suppressed("ann@example.net", "")).isTrue();
        assertThat(export("")).contains(hashed.substring(12, 40)).doesNotContain("ann@");
    }

    @Test
    void scopesOfListsAndTenantsAreAskedByName() {
        send("suppression:default?store=lists&operation=ADD&scope=list:weekly", "ann@example.net", Map.of());
        assertThat(suppressed("ann@example.net", "")).isFalse();
        assertThat(suppressed("ann@example.net", "&scopes=tenant:acme,list:weekly"))
                .isTrue();
    }

    private Exchange importing(String more) {
        return send(
                "suppression:default?store=lists&operation=IMPORT&format=CSV" + more,
                new ByteArrayInputStream(BAD_IMPORT.getBytes(StandardCharsets.UTF_8)),
                Map.of());
    }

    private String export(String more) {
        return send("suppression:default?store=lists&operation=EXPORT" + more, null, Map.of())
                .getMessage()
                .getBody(String.class);
    }

    private void add(String address, String kind) {
        send("suppression:default?store=lists&operation=ADD", address, Map.of(SuppressionConstants.KIND, kind));
    }

    private boolean suppressed(String address, String more) {
        return send("suppression:default?store=lists" + more, address, Map.of())
                .getMessage()
                .getHeader(SuppressionConstants.SUPPRESSED, Boolean.class);
    }

    private Exchange send(String uri, Object body, Map<String, Object> headers) {
        return template.request(uri, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(new HashMap<>(headers));
        });
    }
}
