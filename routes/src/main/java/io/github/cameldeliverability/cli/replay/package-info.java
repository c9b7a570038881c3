/**
 * Recorded delivery events, and what other limits would have made of them: the engine's shaper on a simulated clock against
 * the answers that the servers gave.
 */
package io.github.cameldeliverability.cli.replay;
