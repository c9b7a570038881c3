package io.github.cameldeliverability.mailbox;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.spi.ScheduledPollConsumerScheduler;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Polls until no mail waits, then until the servers tell of news or the pause is over, on one thread.
 */
final class MailboxScheduler extends ServiceSupport implements ScheduledPollConsumerScheduler {

    private static final long STOP_SECONDS = 15;

    private final MailboxConsumer consumer;
    private final Duration initialDelay;
    private final Semaphore wake = new Semaphore(0);
    private CamelContext context;
    private volatile boolean running;
    private Runnable poll;
    private ExecutorService thread;
    private Future<?> loop;

    MailboxScheduler(MailboxConsumer consumer, Duration initialDelay) {
        this.consumer = consumer;
        this.initialDelay = initialDelay;
    }

    /** Ends the present pause. */
    void wake() {
        wake.release();
    }

    private void run() {
        try {
            if (!initialDelay.isZero()) {
                wake.tryAcquire(initialDelay.toMillis(), TimeUnit.MILLISECONDS);
            }
            while (running) {
                poll.run();
                if (!running || consumer.takeMoreWaits()) {
                    continue;
                }
                Duration pause = consumer.pause();
                // The polls ended all waits, and those said so: what is told from here on is new.
                wake.drainPermits();
                if (running && !pause.isZero()) {
                    consumer.awaitNews(this::wake);
                    wake.tryAcquire(pause.toMillis() + 1, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onInit(Consumer c) {
        // There is nothing to prepare.
    }

    @Override
    public void scheduleTask(Runnable task) {
        poll = task;
    }

    @Override
    public synchronized void startScheduler() {
        if (loop == null) {
            thread = context.getExecutorServiceManager()
                    .newSingleThreadExecutor(this, "Mailbox-" + consumer.getRouteId());
            running = true;
            loop = thread.submit(this::run);
        }
    }

    @Override
    public boolean isSchedulerStarted() {
        return loop != null;
    }

    @Override
    public synchronized void unscheduleTask() {
        running = false;
        wake();
        Future<?> l = loop;
        loop = null;
        if (l != null) {
            try {
                l.get(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                // The server or the route takes its time: the connection is closed next, and what is not settled is
                // found again.
                MailboxFaults.ignored(e);
            }
            context.getExecutorServiceManager().shutdownNow(thread);
        }
    }

    @Override
    protected void doStop() {
        unscheduleTask();
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }
}
