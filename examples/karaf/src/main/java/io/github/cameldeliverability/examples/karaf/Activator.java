package io.github.cameldeliverability.examples.karaf;

import java.io.File;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.ResourceHelper;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts a Camel context with the bundle's YAML routes. Settings come from {@code etc/deliverability.properties}. */
public class Activator implements BundleActivator {

    private OsgiDefaultCamelContext camel;

    @Override
    public void start(BundleContext bundle) throws Exception {
        camel = new OsgiDefaultCamelContext(bundle);
        camel.setApplicationContextClassLoader(Activator.class.getClassLoader());
        camel.getPropertiesComponent()
                .setLocation("file:" + new File(System.getProperty("karaf.etc"), "deliverability.properties"));
        camel.build();
        for (String component : new String[] {"mx", "bounce", "suppression"}) {
            configure(camel, component);
        }
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(camel, "classpath:routes/example.yaml"));
        camel.start();
    }

    /** Camel Main and Spring Boot set {@code camel.component.NAME.*} by themselves; a plain context does not. */
    private static void configure(CamelContext camel, String component) {
        String prefix = "camel.component." + component + ".";
        Properties stated = camel.getPropertiesComponent().loadProperties(key -> key.startsWith(prefix));
        Map<String, Object> options = new HashMap<>();
        // The working directory of Karaf is its home; what it writes belongs below data.
        options.put("store", new File(System.getProperty("karaf.data"), "deliverability.db").getPath());
        // Camel's Properties keep their entries in a map of their own, which forEach does not see.
        for (String key : stated.stringPropertyNames()) {
            options.put(key.substring(prefix.length()), stated.getProperty(key));
        }
        PropertyBindingSupport.build()
                .withCamelContext(camel)
                .withTarget(camel.getComponent(component))
                .withProperties(options)
                .withIgnoreCase(true)
                .withMandatory(true)
                .bind();
    }

    @Override
    public void stop(BundleContext bundle) {
        camel.stop();
    }
}
