package io.github.cameldeliverability.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.camel.main.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs routes on Camel Main, with the project's templates at hand. */
@Command(
        name = "run",
        description = {
            "Runs routes (YAML files, properties files) on Camel Main until it is stopped.",
            "The route templates are loaded; a properties file alone can start them:",
            "  camel.route-template[0].template-id=deliverability-bounce-mailbox",
            "  camel.route-template[0].host=imap.example.com"
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "routes (.yaml) and settings (.properties)")
    private List<Path> files = List.of();

    @Option(
            names = "--http",
            paramLabel = "PORT",
            defaultValue = "0",
            description =
                    "serve health and metrics under /observe on this port of the loopback address (default: not at all)")
    private int httpPort;

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            description = "serve the routes' own HTTP endpoints (platform-http) here (default host: 127.0.0.1)")
    private String listen;

    @Option(names = "--property", paramLabel = "KEY=VALUE", description = "a setting, stronger than those of files")
    private List<String> properties = List.of();

    @Override
    public Integer call() throws Exception {
        Main main = new Main();
        List<String> routes = new ArrayList<>(List.of("classpath:camel-deliverability/templates/*.yaml"));
        List<String> settings = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new UserError("cannot read " + file);
            }
            String name = file.toString().toLowerCase(Locale.ROOT);
            if (name.endsWith(".properties")) {
                settings.add("file:" + file.toAbsolutePath());
            } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
                routes.add("file:" + file.toAbsolutePath());
            } else {
                throw new UserError("run takes .yaml and .properties files, not " + file);
            }
        }
        main.configure().withRoutesIncludePattern(String.join(",", routes));
        if (!settings.isEmpty()) {
            main.setPropertyPlaceholderLocations(String.join(",", settings));
        }
        for (String property : properties) {
            int equals = property.indexOf('=');
            if (equals < 1) {
                throw new UserError("--property wants KEY=VALUE, not " + property);
            }
            main.addOverrideProperty(property.substring(0, equals), property.substring(equals + 1));
        }
        if (httpPort > 0) {
            main.addInitialProperty("camel.management.enabled", "true");
            main.addInitialProperty("camel.management.host", "127.0.0.1");
            main.addInitialProperty("camel.management.port", Integer.toString(httpPort));
            main.addInitialProperty("camel.management.healthCheckEnabled", "true");
            main.addInitialProperty("camel.management.metricsEnabled", "true");
            main.addInitialProperty("camel.metrics.enabled", "true");
            main.addInitialProperty("camel.health.producersEnabled", "true");
        }
        // What the templates call their secrets, beside Camel's own list of what its log and consoles must not show.
        main.addInitialProperty(
                "camel.main.additionalSensitiveKeywords", "secret,oauth2ClientSecret,oauth2RefreshToken");
        if (listen != null) {
            int colon = listen.lastIndexOf(':');
            String port = listen.substring(colon + 1);
            if (!port.matches("[0-9]{1,5}")) {
                throw new UserError("--listen wants [HOST:]PORT, not " + listen);
            }
            main.addInitialProperty("camel.server.enabled", "true");
            main.addInitialProperty("camel.server.host", colon < 0 ? "127.0.0.1" : listen.substring(0, colon));
            main.addInitialProperty("camel.server.port", port);
        }
        main.run();
        return main.getExitCode();
    }
}
