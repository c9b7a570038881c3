package io.github.cameldeliverability.crm.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.SystemDescription.Auth;
import io.github.cameldeliverability.crm.format.Template;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the proof of who calls onto a call. */
final class Credentials {

    private final Auth auth;
    private final Scope settings;
    private final AccessToken token;
    private final SigV4 signature;

    Credentials(Auth auth, Scope settings, AccessToken token, SigV4 signature) {
        this.auth = auth;
        this.settings = settings;
        this.token = token;
        this.signature = signature;
    }

    /** @param token the access token that was used; empty if none was */
    record Proven(HttpCall call, String token) {}

    /** Blocking: may have to fetch a token first. */
    Proven prove(HttpCall call) throws InterruptedException, CallFailed {
        String used = auth.type() == Auth.Type.OAUTH2 ? token.current() : "";
        return new Proven(prove(call, used), used);
    }

    private HttpCall prove(HttpCall call, String used) {
        Scope scope = settings;
        HttpCall proven = call;
        switch (auth.type()) {
            case BASIC -> {
                String pair = Template.render(auth.user(), scope) + ":" + Template.render(auth.password(), scope);
                proven = call.withHeader(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            }
            case OAUTH2 -> scope = settings.with("token", used);
            case SIGV4 -> {
                return signature.sign(call);
            }
            default -> {
                // KEY and NONE: what is given below.
            }
        }
        for (Map.Entry<String, String> h : auth.headers().entrySet()) {
            String value = Template.render(h.getValue(), scope);
            if (!value.isEmpty()) {
                proven = proven.withHeader(h.getKey(), value);
            }
        }
        if (!auth.query().isEmpty()) {
            proven = proven.withQuery(rendered(auth.query(), scope));
        }
        return auth.form().isEmpty() ? proven : intoBody(proven, rendered(auth.form(), scope));
    }

    private static HttpCall intoBody(HttpCall call, Map<String, List<String>> more) {
        if (call.json() instanceof ObjectNode object) {
            JsonNode with = object.deepCopy();
            more.forEach((k, v) -> ((ObjectNode) with).put(k, v.get(0)));
            return call.withBody(null, with);
        }
        Map<String, List<String>> form = new LinkedHashMap<>(call.form() == null ? Map.of() : call.form());
        form.putAll(more);
        return call.withBody(form, null);
    }

    private static Map<String, List<String>> rendered(Map<String, String> from, Scope scope) {
        Map<String, List<String>> to = new LinkedHashMap<>();
        from.forEach((k, v) -> to.put(k, new ArrayList<>(List.of(Template.render(v, scope)))));
        return to;
    }

    /** Whether a refused call may be made again with a new token. */
    boolean canRenew() {
        return auth.type() == Auth.Type.OAUTH2;
    }

    /** A token is refused: the next call fetches another, unless a call beside us did so meanwhile. */
    void renew(String refused) {
        token.refused(refused);
    }
}
