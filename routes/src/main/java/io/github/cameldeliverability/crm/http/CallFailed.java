package io.github.cameldeliverability.crm.http;

/** A call could not be made; what that means is in the answer. */
final class CallFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    CallFailed(Answer answer) {
        super(answer.reason());
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
