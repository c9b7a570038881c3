package io.github.cameldeliverability.routes.esp;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as it was posted.
 *
 * @param headers by name, without regard to case
 * @param body the bytes as received; of a form, which the HTTP server has taken apart, empty
 * @param form the fields of a form, else empty
 */
record EspRequest(TreeMap<String, String> headers, byte[] body, Map<String, String> form) {

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(String::strip).filter(h -> !h.isEmpty());
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
