package io.github.cameldeliverability.cli;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The root of the command line. Exit codes: 0 done, 1 the work itself failed, 2 a mistake in the call. */
@Command(
        name = "deliverability",
        description = "E-mail delivery straight to MX hosts, bounces and suppression, on Apache Camel.",
        mixinStandardHelpOptions = true,
        versionProvider = Deliverability.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SendCommand.class,
            ClassifyCommand.class,
            ReportCommand.class,
            SimulateCommand.class,
            RunCommand.class,
            QueueCommand.class,
            SuppressCommand.class,
            KeygenCommand.class,
            ConformCommand.class
        })
public final class Deliverability {

    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    private Deliverability() {}

    /** Entry point of the process. */
    public static void main(String[] args) {
        // Before the first logger: what routes log is what somebody who runs them wants to see.
        if (args.length > 0 && args[0].equals("run") && System.getProperty("deliverability.log.level") == null) {
            System.setProperty("deliverability.log.level", "info");
        }
        System.exit(run(System.out, System.err, args));
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        CommandLine line = new CommandLine(new Deliverability())
                .setOut(new java.io.PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8))
                .setErr(new java.io.PrintWriter(err, true, java.nio.charset.StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(new CommandLine.RunLast());
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
        line.setParameterExceptionHandler(Deliverability::badCall);
        return line.execute(args);
    }

    private static int failed(Exception e, CommandLine command) {
        if (e instanceof UserError) {
            command.getErr().println(command.getCommandName() + ": " + e.getMessage());
            return USAGE;
        }
        command.getErr().println(command.getCommandName() + " failed: " + reason(e));
        if (Boolean.getBoolean("deliverability.debug")) {
            e.printStackTrace(command.getErr());
        } else {
            command.getErr().println("(the whole trace: java -Ddeliverability.debug=true -jar ...)");
        }
        return FAILED;
    }

    private static int badCall(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(command.getCommandName() + ": " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("see: " + command.getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    /** The innermost message that says something. */
    static String reason(Throwable e) {
        Throwable t = e;
        while (t.getCause() != null
                && (t.getMessage() == null || t instanceof java.util.concurrent.CompletionException)) {
            t = t.getCause();
        }
        return t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
    }

    /** The version from the manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String v = Deliverability.class.getPackage().getImplementationVersion();
            return new String[] {"deliverability " + (v == null ? "(unpackaged)" : v)};
        }
    }
}
