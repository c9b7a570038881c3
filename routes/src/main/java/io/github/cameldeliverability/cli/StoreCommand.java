package io.github.cameldeliverability.cli;

import io.github.cameldeliverability.mail.spi.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that opens a store beside its engine, does one thing with it, and closes it. */
abstract class StoreCommand implements Callable<Integer> {

    @Mixin
    private StoreOption store;

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() throws IOException, InterruptedException {
        check();
        try (Store opened = store.open()) {
            run(opened, spec.commandLine().getOut());
        }
        return Deliverability.OK;
    }

    /** Before the store is opened: throws {@link UserError} for a mistake in the call. */
    void check() {}

    abstract void run(Store opened, PrintWriter out) throws IOException, InterruptedException;
}
