package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Throttle;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.http.Transport;
import io.github.cameldeliverability.crm.push.Connection;
import io.github.cameldeliverability.crm.push.Connection.World;
import io.github.cameldeliverability.crm.push.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;

/** What {@link CrmSink} and {@link CrmSource} have in common: bean properties, and a connection to one system. */
public abstract class CrmStep extends ServiceSupport implements Processor, CamelContextAware {

    final Clock clock;

    private final Sleeper sleeper;
    private final CrmSinkOptions options = new CrmSinkOptions();
    private CamelContext context;
    private Map<String, Object> settings = new LinkedHashMap<>();

    CrmStep(Clock clock, Sleeper sleeper) {
        this.clock = clock;
        this.sleeper = sleeper;
    }

    final String name(SystemDescription system) {
        return options.getName().isEmpty() ? system.system() : options.getName();
    }

    final Throttle throttle(SystemDescription system) {
        return options.throttle(system.throttle());
    }

    final Ledger ledger(SystemDescription system) throws Exception {
        return CrmSettings.ledger(context, options.getState(), name(system), clock);
    }

    /** @param patience how long a call waits for its turn before it is given back */
    final World world(Duration patience) {
        Duration timeout = Duration.ofMillis(CrmSink.millis(options.getTimeout()));
        return new World(clock, sleeper, Transport.newClient(timeout), timeout, patience);
    }

    final Connection connect(SystemDescription system, Ledger ledger, World world) throws Exception {
        return Connection.of(system, CrmSettings.given(context, system, settings), throttle(system), ledger, world);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    public Map<String, Object> getSettings() {
        return settings;
    }

    /** The settings of the system, by name. */
    public void setSettings(Map<String, Object> settings) {
        this.settings = settings;
    }

    public CrmSinkOptions getOptions() {
        return options;
    }
}
