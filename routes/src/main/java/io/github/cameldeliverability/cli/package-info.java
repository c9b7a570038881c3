/**
 * The {@code deliverability} command line: send, read returned mail, operate a store, run routes.
 *
 * <p>Start with {@link io.github.cameldeliverability.cli.Deliverability}. One class a command; plain text for people,
 * {@code --json} for programs; a user's mistake ends with exit code 2 and one line, never with a stack trace.
 *
 * <p>Must not be here: anything that a route could need too; that belongs to the component.
 */
package io.github.cameldeliverability.cli;
