package io.github.cameldeliverability.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in octets, least significant first. */
final class Octets {

    private static final VarHandle TWO = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Octets() {}

    /** 0 to 65,535. */
    static int two(byte[] in, int at) {
        return (short) TWO.get(in, at) & 0xffff;
    }

    static void two(byte[] out, int at, int value) {
        TWO.set(out, at, (short) value);
    }

    static int four(byte[] in, int at) {
        return (int) FOUR.get(in, at);
    }

    static void four(byte[] out, int at, int value) {
        FOUR.set(out, at, value);
    }

    static long eight(byte[] in, int at) {
        return (long) EIGHT.get(in, at);
    }

    static void eight(byte[] out, int at, long value) {
        EIGHT.set(out, at, value);
    }
}
