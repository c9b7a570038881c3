package io.github.cameldeliverability.mx;

import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.ThreadPoolProfileBuilder;

/** Makes thread pools of Camel's executor service. */
final class Pools {

    private Pools() {}

    /**
     * A pool of so many threads that takes every task. Camel's usual pools run a task on the caller's thread when their
     * queue is full, and our callers are network and store threads; what waits here is bounded by what waits for it.
     */
    static ExecutorService fixed(CamelContext context, Object owner, String name, int threads) {
        return context.getExecutorServiceManager()
                .newThreadPool(
                        owner,
                        name,
                        new ThreadPoolProfileBuilder(name)
                                .poolSize(threads)
                                .maxPoolSize(threads)
                                // Zero or less would mean no queue at all, and the tasks on the threads of their
                                // callers.
                                .maxQueueSize(Integer.MAX_VALUE)
                                .build());
    }
}
