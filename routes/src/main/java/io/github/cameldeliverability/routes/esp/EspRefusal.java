package io.github.cameldeliverability.routes.esp;

/** A request that is not taken, with the HTTP status that says so. It changes nothing. */
public class EspRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    EspRefusal(int status, String why) {
        super(why);
        this.status = status;
    }

    /** Nothing proves who sent it. */
    static EspRefusal unauthorized(String why) {
        return new EspRefusal(401, why);
    }

    /** Who sent it is known, or pretends to be, and may not. */
    static EspRefusal forbidden(String why) {
        return new EspRefusal(403, why);
    }

    /** It cannot be read. */
    static EspRefusal unreadable(String why) {
        return new EspRefusal(400, why);
    }

    public int status() {
        return status;
    }
}
