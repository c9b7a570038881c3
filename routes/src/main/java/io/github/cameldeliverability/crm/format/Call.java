package io.github.cameldeliverability.crm.format;

import java.util.Map;

/**
 * A request of a system, with templates in all parts. One of the methods is given, with the path behind the system's base
 * address, or a whole address. A body is JSON unless {@code form} is given.
 */
public record Call(
        String get,
        String post,
        String put,
        String patch,
        String delete,
        Map<String, Object> query,
        Map<String, String> headers,
        Map<String, Object> form,
        Object body) {

    public Call {
        query = query == null ? Map.of() : query;
        headers = headers == null ? Map.of() : headers;
        int methods = 0;
        for (String m : new String[] {get, post, put, patch, delete}) {
            methods += m == null ? 0 : 1;
        }
        if (methods != 1) {
            throw new IllegalArgumentException("a call needs exactly one of get, post, put, patch, delete");
        }
        if (form != null && body != null) {
            throw new IllegalArgumentException("a call has a form or a body, not both");
        }
    }

    public String method() {
        return get != null ? "GET" : post != null ? "POST" : put != null ? "PUT" : patch != null ? "PATCH" : "DELETE";
    }

    public String path() {
        return get != null ? get : post != null ? post : put != null ? put : patch != null ? patch : delete;
    }
}
