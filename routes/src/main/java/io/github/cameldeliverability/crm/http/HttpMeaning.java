package io.github.cameldeliverability.crm.http;

import io.github.cameldeliverability.crm.format.Outcome;

/** What an answer means by HTTP alone, where no rule of the system speaks. */
final class HttpMeaning {

    private HttpMeaning() {}

    static Outcome of(Answer answer) {
        int s = answer.status();
        if (s >= 200 && s < 300) {
            return Outcome.DONE;
        }
        return switch (s) {
            case 401 -> Outcome.RENEW;
            // Not this record's fault: nothing can be written until somebody gives the right.
            case 402, 403, 405, 407, 421, 451 -> Outcome.STOP;
            case 404, 410 -> Outcome.NOT_FOUND;
            // RFC 9110 15.5.9 (408), RFC 8470 5.2 (425), RFC 9110 15.5.10 (409): time heals them.
            case 408, 409, 423, 425 -> Outcome.RETRY;
            // RFC 6585 4
            case 429 -> Outcome.THROTTLED;
            // RFC 9110 10.2.3: a 503 that says when to come back means all of us.
            case 503 -> answer.headers().containsKey("retry-after") ? Outcome.THROTTLED : Outcome.RETRY;
            default -> s >= 500 ? Outcome.RETRY : s >= 400 ? Outcome.TERMINAL : Outcome.STOP;
        };
    }
}
