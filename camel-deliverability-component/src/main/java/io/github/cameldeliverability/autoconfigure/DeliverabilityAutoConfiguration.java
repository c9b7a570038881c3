package io.github.cameldeliverability.autoconfigure;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.util.ConditionalOnCamelContextAndAutoConfigurationBeans;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Makes our components obey the properties of a Spring Boot application. */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@Conditional(ConditionalOnCamelContextAndAutoConfigurationBeans.class)
public class DeliverabilityAutoConfiguration {

    /** Configures each of our components when Camel makes it. */
    @Lazy
    @Bean
    public ComponentCustomizer deliverabilityComponentCustomizer(CamelContext context, Environment environment) {
        return new PropertiesCustomizer(context, environment);
    }
}
