package io.github.cameldeliverability.mx;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;

/**
 * The threads on which routes go on after a message was queued or tried. A route that waits there for another mail of ours
 * gets its answer on a second, growing pool, so that waiting threads cannot use up the threads they wait for.
 */
final class ReplyThreads implements Executor {

    private final CamelContext context;
    private final ExecutorService threads;
    private final ExecutorService nested;
    private final ThreadLocal<Boolean> onReplyThread = ThreadLocal.withInitial(() -> false);

    ReplyThreads(CamelContext context, Object owner, int size) {
        this.context = context;
        this.threads = Pools.fixed(context, owner, "MxReply", size);
        this.nested = context.getExecutorServiceManager().newCachedThreadPool(owner, "MxNestedReply");
    }

    /** Whether the calling thread is one of those that may be waited for. */
    boolean isReplyThread() {
        return onReplyThread.get();
    }

    /** Runs a task that no reply thread waits for. */
    @Override
    public void execute(Runnable task) {
        run(threads, () -> {
            onReplyThread.set(true);
            try {
                task.run();
            } finally {
                onReplyThread.set(false);
            }
        });
    }

    /** Runs a task that a reply thread may be waiting for. */
    void executeNested(Runnable task) {
        run(nested, task);
    }

    private static void run(ExecutorService pool, Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            // The context is stopping. The exchange must complete all the same, or its caller waits for ever.
            task.run();
        }
    }

    void stop() {
        context.getExecutorServiceManager().shutdownGraceful(threads);
        context.getExecutorServiceManager().shutdownGraceful(nested);
    }
}
