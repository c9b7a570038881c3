package io.github.cameldeliverability.cli.conform;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.mail.spi.MxResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Leaves of a domain's mail hosts those that an MTA-STS policy names. Thread-safe. */
final class PolicyHosts implements MxResolver {

    /** @param mx patterns, lower case */
    record Policy(boolean isEnforced, List<String> mx) {
        Policy {
            mx = List.copyOf(mx);
        }

        static Policy of(JsonNode json) {
            List<String> mx = new ArrayList<>();
            json.path("mx").forEach(p -> mx.add(p.asText().toLowerCase(Locale.ROOT)));
            // RFC 8461 5: "testing" and "none" hold nothing back.
            return new Policy(json.path("mode").asText().equals("enforce"), mx);
        }

        /** RFC 8461 4.1: a wildcard stands for the whole leftmost label, and for no more. */
        boolean names(String host) {
            String name = host.toLowerCase(Locale.ROOT);
            int dot = name.indexOf('.');
            return mx.stream()
                    .anyMatch(p -> p.equals(name)
                            || (p.startsWith("*.") && dot > 0 && p.substring(1).equals(name.substring(dot))));
        }
    }

    private final MxResolver all;
    private final Policy policy;

    PolicyHosts(MxResolver all, Policy policy) {
        this.all = all;
        this.policy = policy;
    }

    @Override
    public CompletionStage<MxAnswer> mx(String asciiDomain) {
        return all.mx(asciiDomain).thenApply(answer -> {
            if (answer instanceof MxAnswer.Hosts h) {
                List<MxHost> named = h.hosts().stream()
                        .filter(host -> policy.names(host.name()))
                        .toList();
                // RFC 8461 5: not delivered to hosts that do not match; for now, since policies and hosts change.
                return named.isEmpty()
                        ? new MxAnswer.TemporaryFailure("the MTA-STS policy names none of its mail hosts")
                        : new MxAnswer.Hosts(named, h.implicit(), h.authentic(), h.ttl());
            }
            return answer;
        });
    }

    @Override
    public CompletionStage<AddressAnswer> addresses(String host) {
        return all.addresses(host);
    }
}
