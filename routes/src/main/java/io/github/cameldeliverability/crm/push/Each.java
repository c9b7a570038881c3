package io.github.cameldeliverability.crm.push;

import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.Template;
import java.util.ArrayList;
import java.util.List;

/** The scopes that an {@code each} of a description leads to: one for each value of its list, or one if there is none. */
public final class Each {

    private Each() {}

    public static List<Scope> of(String each, Scope scope) {
        if (each == null) {
            return List.of(scope.with("each", ""));
        }
        List<Scope> all = new ArrayList<>();
        Template.parse(each).node(scope).forEach(v -> all.add(scope.with("each", v)));
        return all;
    }
}
