package io.github.cameldeliverability.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.testkit.MutableClock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every limit goes through files, layers, options, merging and EXPLAIN. */
class NoLimitIsForgottenTest {

    private static final Map<Limit.Kind, List<String>> VALUES = Map.of(
            Limit.Kind.COUNT, List.of("3", "4"),
            Limit.Kind.RATE, List.of("3.0", "4.0"),
            Limit.Kind.BYTES, List.of("3.0", "4.0"),
            Limit.Kind.CAP, List.of("3", "4"),
            Limit.Kind.ZONE, List.of("Europe/Kyiv", "Asia/Tokyo"));

    @ParameterizedTest
    @EnumSource(Limit.class)
    void theUpperLayerWinsAndTheLowerOneIsSeenThrough(Limit limit) {
        String low = VALUES.get(limit.kind()).get(0);
        String high = VALUES.get(limit.kind()).get(1);
        LimitSettings lower = LimitSettings.NONE.with(limit.key(), low);
        LimitSettings upper = LimitSettings.NONE.with(limit.key(), high);
        assertThat(upper.over(lower)).isEqualTo(upper);
        assertThat(LimitSettings.NONE.over(lower)).isEqualTo(lower);
        assertThat(StreamFacts.parse(StreamFacts.NONE.withOwn(upper).format()).own())
                .isEqualTo(upper);
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void eachLayerOfAFileReachesTheLaneAndEachIsNamed(Limit limit) {
        String value = VALUES.get(limit.kind()).get(1);
        String line = "{" + limit.key() + ": " + value + "}";
        Map<String, String> files = Map.of(
                "defaults: " + line, "defaults in f.yaml",
                "providers: {google: " + line + "}", "provider google in f.yaml:1",
                "domains: {x.org: " + line + "}", "domain x.org in f.yaml:1",
                "streams: {tx: " + line + "}", "stream tx in f.yaml:1",
                "streams: {tx: {providers: {google: " + line + "}}}", "stream tx to provider google in f.yaml:1");
        files.forEach((yaml, who) -> {
            AdaptiveShaper shaper = new AdaptiveShaper(
                    new MutableClock(), LimitBook.parse("f.yaml", yaml), Counters.NONE, new LocalMeters());
            String provider = yaml.startsWith("defaults") ? "mx:mx.x.org" : "google@x.org";
            List<Explanation> lines = shaper.explain(new Lane("tx", "default", provider));
            assertThat(lines)
                    .as(yaml + " gives " + lines.stream().map(String::valueOf).collect(Collectors.joining("\n")))
                    .anySatisfy(e -> {
                        assertThat(e.limit()).isEqualTo(limit.key());
                        assertThat(e.value()).startsWith(value);
                        assertThat(e.setBy()).isEqualTo(who);
                    });
        });
    }
}
