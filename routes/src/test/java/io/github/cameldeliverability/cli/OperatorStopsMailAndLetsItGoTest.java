package io.github.cameldeliverability.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.Effect;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.EffectKind;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.store.SqliteStore;
import io.github.cameldeliverability.store.StoreOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorStopsMailAndLetsItGoTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void store() throws IOException {
        Store store = SqliteStore.open(
                file(), StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run);
        store.close();
    }

    @Test
    void killedMailIsListedAndRevived() throws IOException {
        assertThat(run("effects")).isZero();
        assertThat(output()).contains("no effects");

        assertThat(run("kill", "--stream", "news", "--provider", "yahoo", "--why", "wrong price"))
                .isZero();
        assertThat(output()).contains("killed stream=news provider=yahoo: kill-");
        String id = output().strip().replaceAll(".*: ", "");
        assertThat(run("kill", "--provider", "yahoo", "--stream", "news")).isZero();
        assertThat(output()).as("killed already").contains(id);

        assertThat(run("effects")).isZero();
        assertThat(output())
                .contains(id + "  kill  stream=news provider=yahoo  until revived")
                .contains("wrong price", EffectOrders.who());
        JsonNode json = json("effects", "--json");
        assertThat(json.get("id").asText()).isEqualTo(id);
        assertThat(json.get("stream").asText()).isEqualTo("news");
        assertThat(json.get("until").isNull()).isTrue();

        assertThat(run("revive", "--stream", "news")).isEqualTo(Deliverability.USAGE);
        assertThat(errors()).contains("stream=news is not killed");
        assertThat(run("revive", "--stream", "news", "--provider", "yahoo")).isZero();
        assertThat(json("effects", "--json").get("phase").asText()).isEqualTo("recovering");
    }

    @Test
    void aKillIsNotGivenAnEnd() throws IOException {
        run("kill", "--tag", "spring sale");
        String id = output().strip().replaceAll(".*: ", "");
        assertThat(run("effect", "extend", id, "2h")).isEqualTo(Deliverability.USAGE);
        assertThat(errors())
                .contains(id + " (kill) has no end that could be moved")
                .contains("revived");
        assertThat(json("effects", "--json").get("until").isNull()).isTrue();
    }

    @Test
    void effectsGetAnotherEndAndAreCancelledTwice() throws IOException {
        String id = "slow-1";
        try (Store store = SqliteStore.open(
                file(), StoreOptions.DEFAULT, Clock.systemUTC(), new SecureRandom(), Thread::new, Runnable::run)) {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            store.effects()
                    .impose(Effect.begin(
                            id,
                            EffectKind.SUSPEND,
                            EffectKey.ofTag("spring sale"),
                            0,
                            "source-refused",
                            "refused",
                            List.of(),
                            now,
                            Optional.of(now.plusSeconds(60))))
                    .toCompletableFuture()
                    .join();
        }
        assertThat(run("effect", "extend", id, "2h")).isZero();
        assertThat(output()).contains(id + " is in force until ");
        Instant until = Instant.parse(json("effects", "--json").get("until").asText());
        assertThat(Duration.between(Instant.now(), until)).isBetween(Duration.ofMinutes(118), Duration.ofHours(2));

        assertThat(run("effect", "cancel", id)).isZero();
        assertThat(output()).contains("recovers by steps");
        assertThat(run("effect", "extend", id, "2h")).as("no longer in force").isEqualTo(Deliverability.USAGE);
        assertThat(run("effect", "cancel", id)).isZero();
        assertThat(output()).contains(": over");
        assertThat(run("effect", "cancel", id)).isEqualTo(Deliverability.USAGE);
        assertThat(errors()).contains("no effect " + id);

        assertThat(run("effects")).isZero();
        assertThat(output()).contains("no effects");
        assertThat(run("effects", "--all")).isZero();
        assertThat(output()).contains(id, "ended");
    }

    @Test
    void ordersThatCannotBeMeantAreRefused() {
        assertThat(run("kill")).isEqualTo(Deliverability.USAGE);
        assertThat(errors()).contains("say which mail");
        assertThat(run("kill", "--stream", "")).isEqualTo(Deliverability.USAGE);
        for (String time : List.of("0h", "soon", "2", "-1h", "9999999d")) {
            assertThat(run("effect", "extend", "kill-x", time))
                    .as("time %s", time)
                    .isEqualTo(Deliverability.USAGE);
        }
        assertThat(run("effect", "extend", "kill-x", "1h")).isEqualTo(Deliverability.USAGE);
        assertThat(errors()).contains("no effect kill-x");
        assertThat(run("effects")).isZero();
        assertThat(output()).contains("no effects");
    }

    private JsonNode json(String... command) throws IOException {
        assertThat(run(command)).isZero();
        return new ObjectMapper().readTree(output());
    }

    private int run(String... command) {
        out.reset();
        List<String> args = new ArrayList<>(List.of(command));
        args.add(0, "queue");
        args.addAll(List.of("--store", file().toString()));
        return Deliverability.run(new PrintStream(out), new PrintStream(err), args.toArray(String[]::new));
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path file() {
        return folder.resolve("mail.db");
    }
}
