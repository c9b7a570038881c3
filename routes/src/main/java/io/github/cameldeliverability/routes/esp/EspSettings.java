package io.github.cameldeliverability.routes.esp;

import java.time.Clock;
import java.time.Duration;

/**
 * What the checks of a service need.
 *
 * @param secret the key, password or topic by which requests are checked; what it is depends on the service
 * @param url the address that the service posts to, where its signature covers that
 * @param maxAge how old a signed time may be
 */
record EspSettings(String secret, String url, Duration maxAge, Clock clock, SnsKeys snsKeys) {}
