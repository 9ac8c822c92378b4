package io.tally.ops;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that a PromQL expression reads: identifiers that are no functions, keywords, labels or label values. */
final class MetricNames {
    /** Strings, label matchers, ranges and lists of labels name no metric. */
    private static final Pattern STRING = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'");

    private static final Pattern BRACES = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
    private static final Pattern LABELS =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern NUMBER = Pattern.compile("(?<![a-zA-Z0-9_:])[0-9][a-zA-Z0-9_.]*");
    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "unless", "bool", "offset", "group_left", "group_right", "Inf", "NaN");
    /** Aggregations may stand before their labels, and so without a parenthesis. */
    private static final Set<String> AGGREGATIONS =
            Set.of("sum", "min", "max", "avg", "count", "topk", "bottomk", "quantile", "stddev", "stdvar", "group");

    private MetricNames() {}

    static Set<String> in(String expression) {
        String bare = STRING.matcher(expression).replaceAll("''");
        bare = BRACES.matcher(bare).replaceAll(" ");
        bare = LABELS.matcher(bare).replaceAll(" ");
        bare = NUMBER.matcher(bare).replaceAll("0");
        Set<String> names = new TreeSet<>();
        Matcher identifier = IDENTIFIER.matcher(bare);
        while (identifier.find()) {
            String name = identifier.group();
            boolean isFunction = bare.substring(identifier.end()).stripLeading().startsWith("(");
            if (!isFunction && !KEYWORDS.contains(name) && !AGGREGATIONS.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }
}
