package io.github.cameldeliverability.crm.push;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Setting;
import io.github.cameldeliverability.crm.format.SystemDescription.Target;
import io.github.cameldeliverability.crm.format.SystemDescription.Throttle;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Values;
import io.github.cameldeliverability.crm.http.Gate;
import io.github.cameldeliverability.crm.http.Mask;
import io.github.cameldeliverability.crm.http.Sleeper;
import io.github.cameldeliverability.crm.http.Transport;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;

/** A system with a user's settings, ready to be called. Immutable; thread-safe. */
public final class Connection {

    private final SystemDescription system;
    private final Scope scope;
    private final Transport transport;

    private Connection(SystemDescription system, Scope scope, Transport transport) {
        this.system = system;
        this.scope = scope;
        this.transport = transport;
    }

    /**
     * What a connection needs from the world.
     *
     * @param patience how long a call waits for its turn before the batch is given back
     */
    public record World(Clock clock, Sleeper sleeper, HttpClient client, Duration timeout, Duration patience) {}

    /**
     * Prepares a connection; nothing is called yet.
     *
     * @param given the user's settings; empty values count as not given
     * @param throttle the limits, if not those of the description
     * @throws IllegalArgumentException naming the settings that are missing or unknown
     */
    public static Connection of(
            SystemDescription system, Map<String, String> given, Throttle throttle, Ledger ledger, World world) {
        Scope scope = settings(system, given);
        List<String> secrets = new ArrayList<>();
        system.settings().forEach((name, s) -> {
            if (s.secret()) {
                secrets.add(Template.render("${settings." + name + "}", scope));
            }
        });
        Mask mask = new Mask(secrets);
        Gate gate = new Gate(
                throttle == null ? system.throttle() : throttle, world.clock(), world.sleeper(), world.patience());
        Transport transport = new Transport(
                system, scope, world.client(), gate, world.clock(), world.timeout(), mask, ledger.tokens());
        return new Connection(system, scope, transport);
    }

    private static Scope settings(SystemDescription system, Map<String, String> given) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        Scope scope = Scope.EMPTY;
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Setting> s : system.settings().entrySet()) {
            String value = given.get(s.getKey());
            if (value == null || value.isBlank()) {
                if (s.getValue().isRequired()) {
                    missing.add(s.getKey() + " (" + s.getValue().title() + ")");
                }
                // A default may use the settings before it.
                value = s.getValue().preset() == null
                        ? ""
                        : Template.render(s.getValue().preset(), scope.with("settings", all));
            }
            all.put(s.getKey(), value);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(system.title() + " needs " + String.join(", ", missing));
        }
        TreeSet<String> unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(system.settings().keySet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(system.title() + " knows no setting " + unknown + "; it knows "
                    + new TreeSet<>(system.settings().keySet()));
        }
        return scope.with("settings", all).with("each", TextNode.valueOf(""));
    }

    /** The engine that writes. */
    public PushEngine push(
            Ledger ledger, PushOptions options, DeadLetters deadLetters, ExecutorService pool, World world) {
        return new PushEngine(transport, targets(ledger, options, pool, world), options, deadLetters, source());
    }

    private List<TargetPush> targets(Ledger ledger, PushOptions options, ExecutorService pool, World world) {
        List<TargetPush> all = new ArrayList<>();
        for (Target t : system.targets()) {
            if (t.enabled() != null
                    && !Values.isTrue(Template.parse(t.enabled()).node(scope))) {
                continue;
            }
            for (Scope names : Each.of(t.each(), scope)) {
                String each = Template.render("${each}", names);
                all.add(new TargetPush(
                        each.isEmpty() ? t.id() : t.id() + ":" + each,
                        system,
                        t,
                        transport,
                        names,
                        ledger,
                        options,
                        world.clock(),
                        world.sleeper(),
                        new Parallel(pool)));
            }
        }
        return all;
    }

    /** Blocking: asks whether the system lets us write. */
    public Result probe(PushEngine engine) throws InterruptedException {
        return new Prober(system, transport, scope, engine.targets()).probe();
    }

    /** What entries of a suppression list are marked with that were read from this system. */
    public String source() {
        return "crm:" + system.system();
    }

    public SystemDescription system() {
        return system;
    }

    /** The names that templates may use: the settings. */
    public Scope scope() {
        return scope;
    }

    public Transport transport() {
        return transport;
    }
}
