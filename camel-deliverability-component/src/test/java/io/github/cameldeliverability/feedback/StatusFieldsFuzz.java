package io.github.cameldeliverability.feedback;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Fuzz target: the fields of a delivery status notification, and the codes and words of their diagnostics. */
public final class StatusFieldsFuzz {

    private StatusFieldsFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        List<String> lines = new String(octets, StandardCharsets.UTF_8).lines().toList();
        for (Finding f : DeliveryStatus.parse(lines).findings(Optional.empty())) {
            Diagnostic.of(f.text()).evidence(StatusChoice.ofField(f.status()), f.phase());
        }
        DeliveryStatus.isIn(lines);
        lines.forEach(Addresses::ofField);
    }
}
