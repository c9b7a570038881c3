package io.github.cameldeliverability.routes;

import io.github.cameldeliverability.mx.MxComponent;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Moves the warm-ups of the context's mx component on; the body becomes where they are, a text a target. Thread-safe. */
public final class WarmupTick implements Processor {

    @Override
    public void process(Exchange exchange) {
        MxComponent mx = exchange.getContext().getComponent("mx", MxComponent.class);
        exchange.getMessage().setBody(mx.tickWarmups());
    }
}
