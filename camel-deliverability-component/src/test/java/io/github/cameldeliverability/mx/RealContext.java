package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.spi.Store;
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
        return context.started(internet, routes);
    }

    /** With a store that stays open when the context ends. */
    static RealContext of(FakeInternet internet, Store store, RouteBuilder... routes) throws Exception {
        RealContext context = new RealContext();
        context.getRegistry().bind("theStore", store);
        context.mx.setStore("theStore");
        return context.started(internet, routes);
    }

    private RealContext started(FakeInternet internet, RouteBuilder... routes) throws Exception {
        mx.setDnsServers(internet.dns());
        mx.setSmtpPort(internet.port());
        mx.getConfiguration().setHeloName("mail.example.com");
        mx.getConfiguration().setAllowPrivateAddresses(true);
        addComponent("mx", mx);
        getShutdownStrategy().setTimeout(10);
        for (RouteBuilder r : routes) {
            addRoutes(r);
        }
        start();
        return this;
    }

    Exchange send(String uri, Processor fill) throws Exception {
        try (var template = createFluentProducerTemplate()) {
            return template.to(uri).withProcessor(fill).send();
        }
    }
}
