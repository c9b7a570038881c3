package io.github.cameldeliverability.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The sessions of one lane: those that are being opened, those that live, those that are being closed. Belongs to the serial executor. */
final class LaneSessions {

    private final Core core;
    private final Runnable freed;
    private final List<Connection> live = new ArrayList<>();
    private int opening;
    /** Sessions that have said QUIT: the server counts them until they are closed. */
    private int closing;

    /** @param freed run when one has ended */
    LaneSessions(Core core, Runnable freed) {
        this.core = core;
        this.freed = freed;
    }

    /** Whether any lives or is being opened. */
    boolean areThere() {
        return !live.isEmpty() || opening > 0;
    }

    /** What the server counts, and what it is about to count. */
    int all() {
        return live.size() + opening + closing;
    }

    int open() {
        return live.size();
    }

    int opening() {
        return opening;
    }

    void opening(int more) {
        opening += more;
    }

    void add(Connection c) {
        live.add(c);
        rest(c);
    }

    /** It has nothing to do now, and is closed if that lasts. */
    void rest(Connection c) {
        c.idleTimer = core.timer()
                .after(core.options().idleTimeout(), () -> core.actor().execute(() -> quitIfIdle(c)));
    }

    Connection idleFor(Destination destination) {
        for (Connection c : live) {
            if (!c.busy && c.serves(destination)) {
                return c;
            }
        }
        return null;
    }

    boolean serve(Destination destination) {
        for (Connection c : live) {
            if (c.serves(destination)) {
                return true;
            }
        }
        return false;
    }

    // ---- ends

    boolean quitOneIdle() {
        return quitOneIdle(c -> true);
    }

    /** Closes the first one that is idle and may go; false if there is none. */
    boolean quitOneIdle(Predicate<Connection> mayGo) {
        for (Connection c : live) {
            if (!c.busy && mayGo.test(c)) {
                quit(c);
                return true;
            }
        }
        return false;
    }

    void quitIdle() {
        List.copyOf(live).forEach(this::quitIfIdle);
    }

    private void quitIfIdle(Connection c) {
        if (!c.busy) {
            quit(c);
        }
    }

    void quit(Connection c) {
        if (live.remove(c)) {
            c.idleTimer.cancel();
            closing++;
            core.actor().when(c.session.quit(), (ok, error) -> {
                closing--;
                freed.run();
            });
        }
    }

    /** Closes one that cannot be used any more. */
    void drop(Connection c) {
        if (live.remove(c)) {
            c.idleTimer.cancel();
            c.session.abort();
            freed.run();
        }
    }

    /** Breaks off what these carry; their transactions say so. */
    void abort(Predicate<Connection> which) {
        for (Connection c : List.copyOf(live)) {
            if (which.test(c)) {
                c.session.abort();
            }
        }
    }
}
