package io.github.cameldeliverability.mx;

/** What an exchange waits for. */
public enum DeliveryMode {
    /** The message is on disk and will be delivered, retried and reported by events. */
    QUEUE,
    /** One attempt was made for every recipient; nothing is kept, a deferral is the route's to retry. */
    DIRECT
}
