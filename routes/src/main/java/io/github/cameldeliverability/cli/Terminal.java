package io.github.cameldeliverability.cli;

import java.io.Console;
import java.util.Optional;

/** Whether a person looks at the output. */
public final class Terminal {

    private Terminal() {}

    /** True if input and output of this process are a terminal. */
    public static boolean isAttached() {
        return Optional.ofNullable(System.console()).map(Terminal::isTerminal).orElse(false);
    }

    /** From JDK 22 on there is a console object without a terminal too, and a method that tells. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
