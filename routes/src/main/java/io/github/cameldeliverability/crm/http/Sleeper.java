package io.github.cameldeliverability.crm.http;

import java.time.Duration;

/** Lets time pass; tests have one that moves their clock. */
public interface Sleeper {

    Sleeper SYSTEM = d -> Thread.sleep(d.toMillis(), d.toNanosPart() % 1_000_000);

    void sleep(Duration d) throws InterruptedException;
}
