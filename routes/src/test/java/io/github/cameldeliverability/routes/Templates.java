package io.github.cameldeliverability.routes;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.support.PluginHelper;

/** Loads the templates as an application does and makes routes of them. */
final class Templates {

    private Templates() {}

    static void load(CamelContext context, String name) throws Exception {
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("classpath:camel-deliverability/templates/" + name + ".yaml"));
    }

    static void add(CamelContext context, String template, String routeId, Map<String, Object> parameters) {
        TemplatedRouteBuilder builder =
                TemplatedRouteBuilder.builder(context, template).routeId(routeId);
        parameters.forEach(builder::parameter);
        builder.add();
    }
}
