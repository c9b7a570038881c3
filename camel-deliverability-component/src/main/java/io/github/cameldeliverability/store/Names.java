package io.github.cameldeliverability.store;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Small numbers for names that come often. Thread-safe; whoever got a number may ask for its name at any time. */
final class Names {

    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private final int most;
    private volatile String[] names = new String[16];
    private int size;

    Names(int most) {
        this.most = most;
    }

    /** The number, or -1 for a name that none was given. */
    int known(String name) {
        Integer number = numbers.get(name);
        return number == null ? -1 : number;
    }

    synchronized int number(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        if (size == most) {
            throw new IllegalStateException("more than " + most + " different names");
        }
        String[] all = size == names.length ? Arrays.copyOf(names, size * 2) : names;
        all[size] = name;
        names = all;
        numbers.put(name, size);
        return size++;
    }

    String name(int number) {
        return names[number];
    }
}
