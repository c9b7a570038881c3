package io.github.cameldeliverability.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cameldeliverability.verdict.ReplyText;
import io.github.cameldeliverability.verdict.RulePackEngine;
import io.github.cameldeliverability.verdict.RulePackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleFilesAreFollowedTest {

    private static final String REPLY = "550 tenant zzyzx";

    @TempDir
    Path dir;

    private static String pack(String reason) {
        return """
                pack: ours
                rules:
                  - id: tenant
                    match: {text: ["tenant zzyzx"]}
                    verdict: {reason: %s}
                    samples: {positive: ["550 tenant zzyzx"], negative: ["550 no"]}
                """
                .formatted(reason);
    }

    @Test
    void aChangedPackIsTakenUpAndABrokenOneIsNot() throws Exception {
        Path file = Files.writeString(dir.resolve("ours.yaml"), pack("suspend"));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            RuleFiles rules = RuleFiles.open(context, RulePackEngine.builtIn(), Optional.of("file:" + file));
            assertThat(reason(rules)).isEqualTo("suspend");
            rules.follow(timer);
            Files.writeString(file, "pack: [");
            await().during(Duration.ofSeconds(6)).atMost(Duration.ofSeconds(10)).until(() -> reason(rules)
                    .equals("suspend"));
            Files.writeString(file, pack("policyviolation"));
            await().atMost(Duration.ofSeconds(15)).until(() -> reason(rules).equals("policyviolation"));
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void aBrokenPackStopsTheStartAndWithoutPacksTheBuiltInRulesJudge() throws Exception {
        Path file = Files.writeString(dir.resolve("ours.yaml"), "pack: [");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            assertThatThrownBy(() -> RuleFiles.open(context, RulePackEngine.builtIn(), Optional.of("file:" + file)))
                    .isInstanceOf(RulePackException.class)
                    .hasMessageContaining("ours.yaml");
            assertThat(reason(RuleFiles.open(context, RulePackEngine.builtIn(), Optional.empty())))
                    .isEqualTo("undefined");
        }
    }

    @Test
    void anEndpointJudgesByTheFilesOfTheMoment() throws Exception {
        Path file = Files.writeString(dir.resolve("ours.yaml"), pack("suspend"));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            try (ProducerTemplate template = context.createProducerTemplate()) {
                String bounce = "bounce:ours?correlate=false&rules=file:" + file;
                assertThat(judged(template, bounce)).isEqualTo("suspend");
                Files.writeString(file, pack("policyviolation"));
                await().atMost(Duration.ofSeconds(15))
                        .until(() -> judged(template, bounce).equals("policyviolation"));
            }
        }
    }

    private static String judged(ProducerTemplate template, String bounce) {
        return template.request(bounce, e -> e.getMessage().setBody(REPLY))
                .getMessage()
                .getHeader(BounceConstants.REASON, String.class);
    }

    private static String reason(RuleFiles rules) {
        return rules.judge(ReplyText.parse(REPLY)).reason().id();
    }
}
