package io.github.cameldeliverability.crm.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.cameldeliverability.crm.format.Call;
import io.github.cameldeliverability.crm.format.JsonPath;
import io.github.cameldeliverability.crm.format.Outcome;
import io.github.cameldeliverability.crm.format.Rule;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription.Next;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A call whose answer may come in pages. Blocking; for one thread. */
public final class Pages {

    private final Transport transport;
    private final Call call;
    private final Scope scope;
    private final Next next;
    private final List<Rule> rules;

    private JsonNode page;
    private String link = "";
    private boolean more = true;
    private long counted;

    public Pages(Transport transport, Call call, Scope scope, Next next, List<Rule> rules) {
        this.transport = transport;
        this.call = call;
        this.scope = scope;
        this.next = next;
        this.rules = rules;
        this.counted = next == null ? 0 : next.first();
        this.page = next != null && next.size() > 0 ? LongNode.valueOf(counted) : TextNode.valueOf("");
    }

    public boolean hasNext() {
        return more;
    }

    /** The next page. After a page that failed there is no other; the caller asks again from the start. */
    public Answer next(JsonPath records) throws InterruptedException {
        Scope with = scope.with("page", page);
        Call now = link.isEmpty() ? call : new Call(link, null, null, null, null, null, call.headers(), null, null);
        Answer answer = transport.call(now, with, rules);
        try {
            more = answer.isOk() && next != null && advance(answer, records, with);
        } catch (IllegalArgumentException e) {
            more = false;
            // Half a list must not be taken for all of it.
            return answer.ruled(Outcome.STOP, e.getMessage(), Optional.empty());
        }
        return answer;
    }

    /** A link is followed on the same server only: the key must not go to whomever an answer names. */
    private String here(String to, Scope with) {
        if (to.isEmpty()) {
            return "";
        }
        URI first = transport.prepare(call, with).toUri();
        URI target = first.resolve(to);
        if (!Objects.equals(first.getRawAuthority(), target.getRawAuthority())
                || !Objects.equals(first.getScheme(), target.getScheme())) {
            throw new IllegalArgumentException(
                    "the link to the next page leads to another server: " + target.getHost());
        }
        return target.toString();
    }

    private boolean advance(Answer answer, JsonPath records, Scope with) {
        if (next.link() != null) {
            if (next.size() > 0 && records.all(answer.json(), with).size() < next.size()) {
                // Mailgun has a link on every page, the last one too.
                return false;
            }
            String before = link;
            link = here(JsonPath.parse(next.link()).first(answer.json(), with).asText(""), with);
            return !link.isEmpty() && !link.equals(before);
        }
        if (next.cursor() != null) {
            JsonNode cursor = JsonPath.parse(next.cursor()).first(answer.json(), with);
            boolean on =
                    cursor.isValueNode() && !cursor.asText("").isEmpty() && !cursor.isNull() && !cursor.equals(page);
            page = cursor;
            return on;
        }
        int count = records.all(answer.json(), with).size();
        counted += next.number() ? 1 : count;
        page = LongNode.valueOf(counted);
        return count >= next.size();
    }
}
