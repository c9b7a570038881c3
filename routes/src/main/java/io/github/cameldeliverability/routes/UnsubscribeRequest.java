package io.github.cameldeliverability.routes;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Makes a request for the unsubscribe page into an operation of the suppression endpoint: POST with the field of RFC 8058
 * unsubscribes, every other method only looks at the token. All other headers of the request are dropped. Thread-safe.
 */
public class UnsubscribeRequest implements Processor {

    /** RFC 8058 3.1: what a one-click request posts. */
    private static final String FIELD = "List-Unsubscribe";

    private static final String VALUE = "One-Click";
    private static final int MOST_FORM = 16_384;

    @Override
    public void process(Exchange exchange) {
        Message m = exchange.getMessage();
        String method = m.getHeader(Exchange.HTTP_METHOD, "GET", String.class);
        String token = m.getHeader("t", "", String.class);
        String languages = m.getHeader("Accept-Language", String.class);
        boolean post = method.equals("POST");
        boolean complete = !post || saysOneClick(m);
        // A stranger's header must not choose an operation, a list or a file.
        m.removeHeaders("*");
        m.setBody(null);
        m.setHeader(Exchange.HTTP_METHOD, method);
        if (languages != null) {
            m.setHeader("Accept-Language", languages);
        }
        m.setHeader("CamelSuppressionToken", token);
        if (complete) {
            m.setHeader("CamelSuppressionOperation", post ? "UNSUBSCRIBE" : "INSPECT");
        } else {
            m.setHeader("CamelSuppressionTokenState", "incomplete");
        }
    }

    /** The form's field, whichever way the server hands it over: as a header, in a map, or as text of either encoding. */
    private static boolean saysOneClick(Message m) {
        if (VALUE.equals(m.getHeader(FIELD, String.class))) {
            return true;
        }
        Object body = m.getBody();
        if (body instanceof Map<?, ?> form) {
            return String.valueOf(form.get(FIELD)).contains(VALUE);
        }
        String text = m.getBody(String.class);
        return text != null && text.length() <= MOST_FORM && text.contains(FIELD) && text.contains(VALUE);
    }
}
