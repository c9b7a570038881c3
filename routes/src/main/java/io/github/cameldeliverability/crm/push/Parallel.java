package io.github.cameldeliverability.crm.push;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Does a few things at a time. */
public final class Parallel {

    /** What is done with one thing. */
    public interface Task<T, R> {
        R run(T in) throws Exception;
    }

    private final ExecutorService pool;

    public Parallel(ExecutorService pool) {
        this.pool = pool;
    }

    /** Blocking: the results in the order of the things. The first fault is thrown after all are done. */
    <T, R> List<R> all(List<T> things, Task<T, R> task) throws InterruptedException {
        if (things.size() == 1) {
            return List.of(alone(things.get(0), task));
        }
        List<R> results = new ArrayList<>();
        List<Future<R>> futures = pool.invokeAll(things.stream()
                .map(t -> (java.util.concurrent.Callable<R>) () -> task.run(t))
                .toList());
        for (Future<R> f : futures) {
            try {
                results.add(f.get());
            } catch (ExecutionException e) {
                throw unchecked(e.getCause());
            }
        }
        return results;
    }

    private static <T, R> R alone(T thing, Task<T, R> task) throws InterruptedException {
        try {
            return task.run(thing);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw unchecked(e);
        }
    }

    private static RuntimeException unchecked(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return t instanceof RuntimeException r ? r : new IllegalStateException(t.getMessage(), t);
    }

    static <T> List<List<T>> chunks(List<T> all, int size) {
        List<List<T>> chunks = new ArrayList<>();
        for (int i = 0; i < all.size(); i += size) {
            chunks.add(List.copyOf(all.subList(i, Math.min(all.size(), i + size))));
        }
        return chunks;
    }
}
