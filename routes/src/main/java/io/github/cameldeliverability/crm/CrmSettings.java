package io.github.cameldeliverability.crm;

import io.github.cameldeliverability.crm.format.SystemDescription;
import io.github.cameldeliverability.crm.push.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;

/** What sinks and sources take from their Camel context. */
final class CrmSettings {

    private CrmSettings() {}

    /** The settings of the bean, else Camel's properties {@code deliverability.crm.SYSTEM.SETTING}. */
    static Map<String, String> given(CamelContext context, SystemDescription system, Map<String, Object> bean) {
        Map<String, String> all = new LinkedHashMap<>();
        bean.forEach((k, v) -> all.put(k, v == null ? "" : v.toString()));
        for (String name : system.settings().keySet()) {
            if (all.getOrDefault(name, "").isBlank()) {
                context.getPropertiesComponent()
                        .resolveProperty("deliverability.crm." + system.system() + "." + name)
                        .ifPresent(v -> all.put(name, v));
            }
        }
        return all;
    }

    /** The ledger of a name, in a bean of the registry or in a file. */
    static Ledger ledger(CamelContext context, String state, String name, Clock clock)
            throws IOException, SQLException {
        Object bean = context.getRegistry().lookupByName(state);
        return new Ledger(bean instanceof DataSource d ? d : LedgerFile.open(Path.of(state)), name, clock);
    }
}
