package io.github.cameldeliverability.crm.http;

import java.time.Instant;
import java.util.Optional;

/**
 * Keeps the tokens of a sink over restarts. A system that rotates refresh tokens makes the old one worthless with each use:
 * a new one must be on the disk before anything is done with it.
 */
public interface TokenStore {

    /**
     * @param access empty if there is none
     * @param refresh empty if the system gave none
     * @param origin the first refresh token's fingerprint, as the user configured it: a new one in the settings wins
     */
    record Tokens(String access, Instant expires, String refresh, String origin) {}

    Optional<Tokens> load();

    /** Blocking: returns when the tokens are on the disk, all of them or none. */
    void save(Tokens tokens);
}
