package io.github.cameldeliverability.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Nothing but the routes of {@code camel/orders.yaml}. */
@SpringBootApplication
public class OrdersApplication {

    /** Runs until it is stopped. */
    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }
}
