package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.Effect;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** The effects that are not over as gauges, one for each kind, provider and stream. Loaded only where Micrometer is. */
final class EffectMeters {

    private static final String EVERY = "*";

    private EffectMeters() {}

    private record Group(String kind, String provider, String stream) {
        static Group of(Effect e) {
            return new Group(
                    e.kind().id(),
                    e.key().provider().orElse(EVERY),
                    e.key().stream().orElse(EVERY));
        }

        Tags tags() {
            return Tags.of("kind", kind, "provider", provider, "stream", stream);
        }
    }

    /** @return takes the effects of the moment; does nothing if the context has no meter registry */
    static Consumer<Collection<Effect>> register(CamelContext context) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return effects -> {};
        }
        MultiGauge gauge = MultiGauge.builder("deliverability.effects")
                .description("effects that hold mail back or slow it down")
                .register(registry);
        return effects -> gauge.register(rows(effects), true);
    }

    private static List<MultiGauge.Row<?>> rows(Collection<Effect> effects) {
        Map<String, List<Group>> groups = effects.stream()
                .map(Group::of)
                .collect(Collectors.groupingBy(Group::toString, TreeMap::new, Collectors.toList()));
        return groups.values().stream()
                .<MultiGauge.Row<?>>map(same -> MultiGauge.Row.of(same.get(0).tags(), same.size()))
                .toList();
    }
}
