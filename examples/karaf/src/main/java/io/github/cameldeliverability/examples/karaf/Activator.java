package io.github.cameldeliverability.examples.karaf;

import java.io.File;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Starts a Camel context with the bundle's YAML routes. Settings come from {@code etc/deliverability-example.properties}.
 */
public class Activator implements BundleActivator {

    private OsgiDefaultCamelContext camel;

    @Override
    public void start(BundleContext bundle) throws Exception {
        camel = new OsgiDefaultCamelContext(bundle);
        camel.setApplicationContextClassLoader(Activator.class.getClassLoader());
        camel.getPropertiesComponent()
                .setLocation("file:" + new File(System.getProperty("karaf.etc"), "deliverability-example.properties"));
        camel.build();
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveMandatoryResource(camel, "classpath:routes/example.yaml"));
        camel.start();
    }

    @Override
    public void stop(BundleContext bundle) {
        camel.stop();
    }
}
