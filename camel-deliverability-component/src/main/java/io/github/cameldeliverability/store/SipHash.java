package io.github.cameldeliverability.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012), a keyed hash made for short inputs: nobody without the key can find inputs
 * that collide, or try addresses against a hash. 64 bits for tables, 128 bits where the hash stands for its input.
 * Thread-safe.
 */
final class SipHash {

    static final int KEY_OCTETS = 16;

    private final long k0;
    private final long k1;

    /** @param key its first 16 octets are used */
    SipHash(byte[] key) {
        ByteBuffer b = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        k0 = b.getLong();
        k1 = b.getLong();
    }

    long hash64(byte[] in, int from, int length) {
        return new State(0).absorb(in, from, length).finish(0xff);
    }

    /** 16 octets. */
    byte[] hash128(byte[] in) {
        State s = new State(0xee).absorb(in, 0, in.length);
        ByteBuffer out = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(s.finish(0xee));
        s.v1 ^= 0xdd;
        return out.putLong(s.rounds(4).mixed()).array();
    }

    /** On the stack, once the compiler has seen it. */
    private final class State {
        private long v0 = k0 ^ 0x736f6d6570736575L;
        private long v1 = k1 ^ 0x646f72616e646f6dL;
        private long v2 = k0 ^ 0x6c7967656e657261L;
        private long v3 = k1 ^ 0x7465646279746573L;

        State(int width) {
            v1 ^= width;
        }

        State absorb(byte[] in, int from, int length) {
            int whole = from + (length & ~7);
            for (int i = from; i < whole; i += 8) {
                word(Words.at(in, i));
            }
            long last = (long) length << 56;
            for (int i = whole; i < from + length; i++) {
                last |= (in[i] & 0xffL) << (8 * (i - whole));
            }
            word(last);
            return this;
        }

        private void word(long m) {
            v3 ^= m;
            rounds(2);
            v0 ^= m;
        }

        long finish(int mark) {
            v2 ^= mark;
            return rounds(4).mixed();
        }

        long mixed() {
            return v0 ^ v1 ^ v2 ^ v3;
        }

        State rounds(int n) {
            for (int i = 0; i < n; i++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            return this;
        }
    }

    private static final class Words {
        private static final VarHandle LONG =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

        static long at(byte[] in, int index) {
            return (long) LONG.get(in, index);
        }
    }
}
