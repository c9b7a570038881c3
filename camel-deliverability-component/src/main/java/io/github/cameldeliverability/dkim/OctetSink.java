package io.github.cameldeliverability.dkim;

/** Takes the octets that a canonicalisation produces, piece by piece. */
@FunctionalInterface
interface OctetSink {
    void write(byte[] b, int offset, int length);
}
