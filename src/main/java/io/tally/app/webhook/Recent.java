package io.tally.app.webhook;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was asked for longest ago, beyond {@link #CAPACITY} entries. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
    /** Of the longest ids that are taken, some 40 MB. */
    static final int CAPACITY = 100_000;

    private static final long serialVersionUID = 1L;

    Recent() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > CAPACITY;
    }
}
