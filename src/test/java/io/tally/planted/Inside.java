package io.tally.planted;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.IntStream;

/** Reaches what other packages keep to themselves. */
final class Inside {
    private Inside() {}

    /** Calls the method of this name that takes these arguments, declared or inherited by the object's class. */
    static Object call(Object target, String name, Object... arguments) {
        try {
            Method method = method(target.getClass(), name, arguments);
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("Expected to call " + name + " of " + target.getClass(), e);
        }
    }

    static Object field(Object target, String name) {
        try {
            Field field = target.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(target);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("Expected a field " + name + " of " + target.getClass(), e);
        }
    }

    private static Method method(Class<?> type, String name, Object... arguments) throws NoSuchMethodException {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && !method.isBridge()
                        && takes(method.getParameterTypes(), arguments)) {
                    return method;
                }
            }
        }
        throw new NoSuchMethodException(name + " of " + type + " for " + List.of(arguments));
    }

    private static boolean takes(Class<?>[] parameters, Object... arguments) {
        return parameters.length == arguments.length
                && IntStream.range(0, arguments.length).allMatch(i -> parameters[i].isInstance(arguments[i]));
    }
}
