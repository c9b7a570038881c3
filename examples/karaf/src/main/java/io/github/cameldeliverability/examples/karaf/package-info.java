/** A Karaf bundle: start with {@link io.github.cameldeliverability.examples.karaf.Activator} and the YAML routes. */
package io.github.cameldeliverability.examples.karaf;
