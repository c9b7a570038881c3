package io.github.cameldeliverability.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.StringHelper;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Binds {@code camel.component.SCHEME.*} as Camel Main does: flat or nested, with dashes or without, checked. */
final class PropertiesCustomizer implements ComponentCustomizer {

    private static final Set<String> SCHEMES = Set.of("mx", "bounce", "suppression", "mailbox", "deliverability");
    private static final String OURS = "io.github.cameldeliverability.";
    /** What every starter of Camel understands and no component has as an option. */
    private static final Set<String> STARTERS_OWN = Set.of("enabled", "customizer.enabled");

    private final CamelContext context;
    private final Environment environment;

    PropertiesCustomizer(CamelContext context, Environment environment) {
        this.context = context;
        this.environment = environment;
    }

    @Override
    public boolean isEnabled(String name, Component target) {
        return SCHEMES.contains(name)
                && target.getClass().getName().startsWith(OURS)
                && environment.getProperty("camel.component.customizer.enabled", Boolean.class, true)
                && environment.getProperty("camel.component." + name + ".customizer.enabled", Boolean.class, true);
    }

    /** @throws IllegalArgumentException naming the properties that the component does not have */
    @Override
    public void configure(String name, Component target) {
        String prefix = "camel.component." + name;
        Map<String, Object> stated = new LinkedHashMap<>();
        Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, Object.class))
                .ifBound(map -> flatten("", map, stated));
        STARTERS_OWN.forEach(stated::remove);
        Map<String, Object> left = new LinkedHashMap<>();
        stated.forEach((key, value) -> left.put(StringHelper.dashToCamelCase(key), value));
        if (left.isEmpty()) {
            return;
        }
        PropertyBindingSupport.build()
                .withCamelContext(context)
                .withTarget(target)
                .withConfigurer(target.getComponentPropertyConfigurer())
                .withIgnoreCase(true)
                .withRemoveParameters(true)
                .withProperties(left)
                .bind();
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("No such properties of the " + name + " component: "
                    + String.join(
                            ", ",
                            left.keySet().stream().map(k -> prefix + "." + k).toList()));
        }
    }

    private static void flatten(String prefix, Map<?, ?> map, Map<String, Object> into) {
        map.forEach((key, value) -> {
            String name = prefix + key;
            if (value instanceof Map<?, ?> nested) {
                flatten(name + ".", nested, into);
            } else {
                into.put(name, value);
            }
        });
    }
}
