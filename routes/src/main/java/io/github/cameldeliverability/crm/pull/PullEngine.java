package io.github.cameldeliverability.crm.pull;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.crm.format.JsonPath;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Rule;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.format.SystemDescription.Pull;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Values;
import io.github.cameldeliverability.crm.http.Answer;
import io.github.cameldeliverability.crm.http.Pages;
import io.github.cameldeliverability.crm.http.Transport;
import io.github.cameldeliverability.crm.push.Connection;
import io.github.cameldeliverability.crm.push.Each;
import io.github.cameldeliverability.crm.push.Strictness;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads all addresses that a system does not mail, whole or since a time. Blocking. */
public final class PullEngine {

    /** Against a system whose pages never end. */
    private static final int MAX_PAGES = 100_000;

    private final SystemDescription system;
    private final Scope scope;
    private final Transport transport;
    private final Clock clock;
    private int unreadable;

    public PullEngine(Connection connection, Clock clock) {
        this.system = connection.system();
        this.scope = connection.scope();
        this.transport = connection.transport();
        this.clock = clock;
    }

    /**
     * Reads the lists; an address that stands in several is told once, with the strictest kind.
     *
     * @param since what came at or after this time, where a list can tell it; empty: all
     */
    public List<Pulled> pull(Optional<Instant> since) throws InterruptedException, PullFailed {
        Map<String, Pulled> all = new LinkedHashMap<>();
        unreadable = 0;
        for (Pull p : system.pull()) {
            if (p.enabled() != null
                    && !Values.isTrue(Template.parse(p.enabled()).node(scope))) {
                continue;
            }
            for (Scope names : Each.of(p.each(), scope)) {
                for (Pulled one :
                        list(p, names.with("since", since.map(Instant::toString).orElse("")))) {
                    all.merge(one.address().key(), one, PullEngine::stricter);
                }
            }
        }
        return new ArrayList<>(all.values());
    }

    /** How many records of the last pull had no address that can be one. */
    public int unreadable() {
        return unreadable;
    }

    private List<Pulled> list(Pull p, Scope names) throws InterruptedException, PullFailed {
        List<Pulled> all = new ArrayList<>();
        JsonPath records = JsonPath.parse(p.records());
        Pages pages = new Pages(transport, p.call(), names, p.next(), p.answers());
        for (int page = 0; pages.hasNext(); page++) {
            if (page == MAX_PAGES) {
                throw new PullFailed(p.id() + ": there is no end to the pages");
            }
            Answer answer = pages.next(records);
            if (answer.outcome() == Outcome.NOT_FOUND) {
                break;
            }
            if (!answer.isOk()) {
                throw new PullFailed(system.title() + ", " + p.id() + ": " + answer.reason());
            }
            for (JsonNode record : records.all(answer.json(), names)) {
                if (p.where() == null || Rule.where(p.where(), record, names)) {
                    one(p, record, names).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private Optional<Pulled> one(Pull p, JsonNode record, Scope names) {
        String address = JsonPath.parse(p.address() == null ? "" : p.address())
                .first(record, names)
                .asText("");
        Scope with = names.with("record", record);
        try {
            return Optional.of(new Pulled(
                    EmailAddress.parse(address),
                    SuppressionKind.valueOf(Template.render(p.kind(), with).toUpperCase(Locale.ROOT)),
                    p.id(),
                    p.reason() == null ? "" : Template.render(p.reason(), with),
                    p.at() == null ? clock.instant() : time(Template.render(p.at(), with))));
        } catch (IllegalArgumentException e) {
            // Lists of suppressions are where addresses end up that never were any.
            unreadable++;
            return Optional.empty();
        }
    }

    private Instant time(String text) {
        try {
            if (text.matches("[A-Z][a-z]{2}, .* (UTC|GMT)")) {
                // Mailgun: Fri, 21 Oct 2011 11:02:55 UTC
                return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.replaceFirst("UTC$", "GMT")));
            }
            // SES: seconds with a fraction, 1.7723664E9
            return text.matches("\\d{1,11}|\\d{1,11}\\.\\d{1,10}(E\\d{1,2})?")
                    ? Instant.ofEpochSecond(new BigDecimal(text).longValue())
                    : OffsetDateTime.parse(text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"))
                            .toInstant();
        } catch (DateTimeException e) {
            return clock.instant();
        }
    }

    static Pulled stricter(Pulled a, Pulled b) {
        return Strictness.isStricter(b.kind(), a.kind()) ? b : a;
    }
}
