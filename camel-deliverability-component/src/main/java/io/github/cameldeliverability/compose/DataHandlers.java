package io.github.cameldeliverability.compose;

import jakarta.activation.DataHandler;

/** Makes parts of jakarta.activation data handlers, so that no other room needs to know that library. Stateless. */
public final class DataHandlers {

    private DataHandlers() {}

    /** @param handler a {@code jakarta.activation.DataHandler} */
    public static Draft.Source source(Object handler) {
        DataHandler data = (DataHandler) handler;
        return data::getInputStream;
    }

    /**
     * The content type that the handler states.
     *
     * @param handler a {@code jakarta.activation.DataHandler}
     */
    public static String contentType(Object handler) {
        String type = ((DataHandler) handler).getContentType();
        return type == null || type.isBlank() ? "application/octet-stream" : type;
    }
}
