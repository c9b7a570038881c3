package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.mail.EmailAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects findings, one per recipient, in order of first mention. */
final class Findings {

    private final Map<String, Finding> byKey = new LinkedHashMap<>();

    void add(Finding f) {
        byKey.merge(f.address().key(), f, Finding::merge);
    }

    void add(EmailAddress address, String text) {
        add(Finding.of(address, text));
    }

    boolean has(EmailAddress address) {
        return byKey.containsKey(address.key());
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    List<Finding> list() {
        return new ArrayList<>(byKey.values());
    }
}
