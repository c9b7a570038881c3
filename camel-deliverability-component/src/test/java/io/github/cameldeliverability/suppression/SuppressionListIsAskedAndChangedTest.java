package io.github.cameldeliverability.suppression;

import static io.github.cameldeliverability.intake.Returns.DEAD;
import static io.github.cameldeliverability.intake.Returns.failed;
import static io.github.cameldeliverability.intake.Returns.feedback;
import static io.github.cameldeliverability.intake.Returns.proven;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.intake.Applied;
import io.github.cameldeliverability.intake.MemoryStore;
import io.github.cameldeliverability.mail.FeedbackKind;
import io.github.cameldeliverability.mail.Reason;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mail.spi.Store;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SuppressionListIsAskedAndChangedTest extends CamelTestSupport {

    private final MemoryStore store = new MemoryStore();

    @Override
    protected void bindToRegistry(org.apache.camel.spi.Registry registry) {
        registry.bind("mem", Store.class, store);
    }

    @Test
    void anAddressIsSuppressedAfterItWasAddedAndFreeAfterItWasRemoved() {
        assertThat(suppressed("ann@example.net")).isFalse();
        Exchange added = send(
                "suppression:default?store=mem&operation=ADD",
                "Ann@Example.net",
                Map.of(
                        SuppressionConstants.KIND, "complaint",
                        SuppressionConstants.REASON, "feedback",
                        SuppressionConstants.EVIDENCE, "told us by phone",
                        SuppressionConstants.UNTIL, "2999-01-01T00:00:00Z"));
        assertThat(added.getMessage().getHeader(SuppressionConstants.CHANGED)).isEqualTo(1);
        Exchange checked = send("suppression:default?store=mem", "ann@example.net", Map.of());
        assertThat(checked.getMessage().getHeader(SuppressionConstants.SUPPRESSED))
                .isEqualTo(true);
        assertThat(checked.getMessage().getHeader(SuppressionConstants.KIND)).isEqualTo("complaint");
        assertThat(checked.getMessage().getHeader(SuppressionConstants.REASON)).isEqualTo("feedback");
        Suppression entry = checked.getMessage().getHeader(SuppressionConstants.ENTRY, Suppression.class);
        assertThat(entry.until()).contains(Instant.parse("2999-01-01T00:00:00Z"));
        assertThat(entry.source()).isEqualTo("api");
        Exchange removed = send("suppression:default?store=mem&operation=REMOVE", "ann@example.net", Map.of());
        assertThat(removed.getMessage().getHeader(SuppressionConstants.CHANGED)).isEqualTo(1);
        assertThat(suppressed("ann@example.net")).isFalse();
    }

    @Test
    void theScopeOfAnotherStreamDoesNotCount() {
        send("suppression:default?store=mem&operation=ADD&scope=stream:marketing", "ann@example.net", Map.of());
        assertThat(send("suppression:default?store=mem&stream=marketing", "ann@example.net", Map.of())
                        .getMessage()
                        .getHeader(SuppressionConstants.SUPPRESSED))
                .isEqualTo(true);
        assertThat(send("suppression:default?store=mem&stream=transactional", "ann@example.net", Map.of())
                        .getMessage()
                        .getHeader(SuppressionConstants.SUPPRESSED))
                .isEqualTo(false);
    }

    @Test
    void aHeaderChoosesTheOperationOnce() {
        Exchange e =
                send("suppression:default?store=mem", "ann@example.net", Map.of(SuppressionConstants.OPERATION, "add"));
        assertThat(e.getMessage().getHeader(SuppressionConstants.CHANGED)).isEqualTo(1);
        assertThat(e.getMessage().getHeader(SuppressionConstants.OPERATION)).isNull();
    }

    @Test
    void anUnknownOperationNamesTheChoices() {
        Exchange e =
                send("suppression:default?store=mem", "a@b.example", Map.of(SuppressionConstants.OPERATION, "DROP"));
        assertThat(e.getException()).hasMessageContaining("DROP").hasMessageContaining("CHECK, ADD, APPLY");
    }

    @Test
    void whatIsNoAddressIsSaidSo() {
        assertThat(send("suppression:default?store=mem", null, Map.of()).getException())
                .hasMessageContaining(SuppressionConstants.ADDRESS);
        assertThat(send("suppression:default?store=mem&operation=ADD", "no address", Map.of())
                        .getException())
                .hasMessageContaining("no address");
        assertThat(send("suppression:default?store=mem&operation=ADD&scope=all", "a@b.example", Map.of())
                        .getException())
                .hasMessageContaining("stream:NAME");
    }

    @Test
    void aProvenBounceIsAppliedAndAnUnprovenOneIsQuarantined() {
        String uri = "suppression:default?store=mem&operation=APPLY";
        Exchange proven = send(
                uri,
                proven(FeedbackKind.BOUNCE, "marketing", "ann@example.net", failed("ann@example.net", DEAD)),
                Map.of());
        assertThat(proven.getMessage().getHeader(SuppressionConstants.CHANGED)).isEqualTo(1);
        assertThat(suppressed("ann@example.net")).isTrue();
        Exchange forged = send(uri, feedback(FeedbackKind.BOUNCE, failed("bob@example.net", DEAD)), Map.of());
        assertThat(forged.getMessage().getHeader(SuppressionConstants.QUARANTINED))
                .isEqualTo(1);
        assertThat(forged.getMessage()
                        .getHeader(SuppressionConstants.APPLIED, Applied.class)
                        .items()
                        .get(0)
                        .decision()
                        .why())
                .isEqualTo("nothing ties the mail to a message of ours");
        assertThat(suppressed("bob@example.net")).isFalse();
        Exchange accepted = send(
                uri + "&unauthenticated=accept",
                feedback(FeedbackKind.BOUNCE, failed("bob@example.net", DEAD)),
                Map.of());
        assertThat(accepted.getMessage().getHeader(SuppressionConstants.CHANGED))
                .isEqualTo(1);
    }

    @Test
    void applyRefusesWhatItCannotJudge() {
        assertThat(send("suppression:default?store=mem&operation=APPLY", "text", Map.of())
                        .getException())
                .hasMessageContaining("APPLY takes a Feedback");
    }

    @Test
    void exportReadsBackWhatImportRead() {
        String csv =
                """
                \uFEFFaddress,kind,reason,evidence,scope
                ann@example.net,bounce,userunknown,"550 5.1.1 ""no"", sorry
                second line",global
                not an address,bounce,,,
                ann@example.net,unsubscribe,,,stream:marketing
                bob@example.net,,,,
                eve@example.net,nonsense,,,
                """;
        Exchange imported = send(
                "suppression:default?store=mem&operation=IMPORT&format=CSV",
                csv.getBytes(StandardCharsets.UTF_8),
                Map.of());
        assertThat(imported.getException()).isNull();
        assertThat(imported.getMessage().getHeader(SuppressionConstants.CHANGED))
                .isEqualTo(3);
        assertThat(imported.getMessage().getHeader(SuppressionConstants.REJECTED))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .hasSize(2)
                .anySatisfy(r -> assertThat(r).startsWith("row 3:"))
                .anySatisfy(r -> assertThat(r).contains("nonsense"));
        List<Suppression> before = store.suppressions().all();
        assertThat(before.get(0).reason()).contains(Reason.USERUNKNOWN);
        assertThat(before.get(0).evidence()).isEqualTo("550 5.1.1 \"no\", sorry\nsecond line");
        assertThat(before.get(2).kind()).isEqualTo(SuppressionKind.MANUAL);
        for (String format : List.of("CSV", "NDJSON")) {
            Exchange exported =
                    send("suppression:default?store=mem&operation=EXPORT&limit=2&format=" + format, null, Map.of());
            String text = exported.getMessage().getBody(String.class);
            String copy = "copy" + format;
            Exchange again =
                    send("suppression:" + copy + "?store=mem&operation=IMPORT&format=" + format, text, Map.of());
            assertThat(again.getMessage().getHeader(SuppressionConstants.CHANGED))
                    .isEqualTo(3);
            assertThat(store.suppressions().all().stream()
                            .filter(s -> s.list().equals(copy))
                            .toList())
                    .usingRecursiveComparison()
                    .ignoringFields("list")
                    .isEqualTo(before);
        }
    }

    @Test
    void aCsvWithoutAHeaderIsAListOfAddresses() {
        Exchange e = send(
                "suppression:default?store=mem&operation=IMPORT&format=CSV&kind=UNSUBSCRIBE",
                "ann@example.net\nbob@example.net",
                Map.of());
        assertThat(e.getMessage().getHeader(SuppressionConstants.CHANGED)).isEqualTo(2);
        assertThat(store.suppressions().all()).allMatch(s -> s.kind() == SuppressionKind.UNSUBSCRIBE);
    }

    @Test
    void listGoesOnAfterThePageBefore() {
        send(
                "suppression:default?store=mem&operation=ADD",
                List.of("a@x.example", "b@x.example", "c@x.example"),
                Map.of());
        Exchange first = send("suppression:default?store=mem&operation=LIST&limit=2", null, Map.of());
        List<?> page = first.getMessage().getBody(List.class);
        Exchange rest = send(
                "suppression:default?store=mem&operation=LIST&limit=20",
                null,
                Map.of(SuppressionConstants.AFTER, first.getMessage().getHeader(SuppressionConstants.AFTER)));
        assertThat(page.size() + rest.getMessage().getBody(List.class).size()).isEqualTo(3);
    }

    private boolean suppressed(String address) {
        return send("suppression:default?store=mem", address, Map.of())
                .getMessage()
                .getHeader(SuppressionConstants.SUPPRESSED, Boolean.class);
    }

    private Exchange send(String uri, Object body, Map<String, Object> headers) {
        return template.request(uri, e -> {
            e.getMessage().setBody(body);
            e.getMessage().setHeaders(new java.util.HashMap<>(headers));
        });
    }
}
