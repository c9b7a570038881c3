package io.github.cameldeliverability.dns;

/** Which addresses of a host are asked for and used, and in which order. */
public enum AddressFamily {
    V4_FIRST,
    V6_FIRST,
    V4_ONLY,
    V6_ONLY;

    boolean usesV4() {
        return this != V6_ONLY;
    }

    boolean usesV6() {
        return this != V4_ONLY;
    }
}
