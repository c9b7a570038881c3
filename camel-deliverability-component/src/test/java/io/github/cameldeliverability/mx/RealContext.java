package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.testkit.FakeInternet;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A Camel context whose mx component has all rooms, and an internet on loopback. */
final class RealContext extends DefaultCamelContext {

    final MxComponent mx = new MxComponent();

    static RealContext of(FakeInternet internet, Path store, RouteBuilder... routes) throws Exception {
        RealContext context = new RealContext();
        context.mx.setStore(store.toString());
        context.mx.setDnsServers(internet.dns());
        context.mx.setSmtpPort(internet.port());
        context.mx.getConfiguration().setHeloName("mail.example.com");
        context.mx.getConfiguration().setAllowPrivateAddresses(true);
        context.addComponent("mx", context.mx);
        context.getShutdownStrategy().setTimeout(10);
        for (RouteBuilder r : routes) {
            context.addRoutes(r);
        }
        context.start();
        return context;
    }

    Exchange send(String uri, Processor fill) throws Exception {
        try (var template = createFluentProducerTemplate()) {
            return template.to(uri).withProcessor(fill).send();
        }
    }
}
