package io.github.cameldeliverability.mx;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A Camel context whose mx component has a scripted engine and a store in memory. */
final class ScriptedContext extends DefaultCamelContext {

    final ScriptedEngine engine = new ScriptedEngine();
    final MemoryEvents store = new MemoryEvents();
    final MxComponent mx = new MxComponent();

    static ScriptedContext started(RouteBuilder... routes) throws Exception {
        ScriptedContext context = prepared();
        for (RouteBuilder r : routes) {
            context.addRoutes(r);
        }
        context.start();
        return context;
    }

    static ScriptedContext prepared() {
        ScriptedContext context = new ScriptedContext();
        context.getRegistry().bind("memory", context.store);
        context.mx.setStore("memory");
        context.mx.getConfiguration().setHeloName("mail.example.com");
        context.mx.setEngineFactory((c, settings, s) -> context.engine);
        context.addComponent("mx", context.mx);
        context.getShutdownStrategy().setTimeout(5);
        return context;
    }

    /** Sends through an endpoint and gives the exchange, whatever became of it. */
    Exchange send(String uri, org.apache.camel.Processor fill) {
        try (var template = createFluentProducerTemplate()) {
            return template.to(uri).withProcessor(fill).send();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
