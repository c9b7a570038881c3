/**
 * The test kit: the other side of the mail, under control. Shipped as the {@code testkit} artifact, so that users test
 * their routes with what the project itself is tested with.
 *
 * <p>Start with {@link io.github.cameldeliverability.testkit.FakeMx}, an SMTP server that can be told to misbehave, and
 * {@link io.github.cameldeliverability.testkit.MutableClock}, a clock that only moves when told.
 *
 * <p>Everything listens on loopback addresses only. Must not be here: test cases, third-party types, the insides of rooms.
 */
package io.github.cameldeliverability.testkit;
