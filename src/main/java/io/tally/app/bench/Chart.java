package io.tally.app.bench;

import java.util.List;
import java.util.Locale;

/** A chart of lines with linear axes that begin at 0, as SVG. */
record Chart(String title, String xLabel, String yLabel, List<Series> series) {
    static final int WIDTH = 720;
    static final int HEIGHT = 400;

    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int TICKS = 5;
    private static final List<String> COLOURS = List.of("#0b6fa4", "#c8501e", "#3a8a3a", "#7a4fa0");
    private static final String TEXT = "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>%n";

    /** Points that belong together, joined in their order. */
    record Series(String name, List<Point> points) {}

    record Point(double x, double y) {}

    /** The whole file: several charts, one below the other. */
    static String file(List<Chart> charts) {
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">%n",
                WIDTH,
                HEIGHT * charts.size());
        append(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n");
        for (int i = 0; i < charts.size(); i++) {
            append(svg, "<g transform=\"translate(0,%d)\" fill=\"#222222\">%n", i * HEIGHT);
            charts.get(i).draw(svg);
            append(svg, "</g>%n");
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg) {
        text(svg, WIDTH / 2.0, TOP - 25.0, "middle", 16, title);
        text(svg, LEFT + width() / 2.0, HEIGHT - 15.0, "middle", 13, xLabel);
        append(svg, "<g transform=\"rotate(-90)\">");
        text(svg, -(TOP + height() / 2.0), 18, "middle", 13, yLabel);
        append(svg, "</g>%n");
        double mostX = top(series.stream()
                .flatMap(one -> one.points().stream())
                .mapToDouble(Point::x)
                .max()
                .orElse(1));
        double mostY = top(series.stream()
                .flatMap(one -> one.points().stream())
                .mapToDouble(Point::y)
                .max()
                .orElse(1));
        for (int tick = 0; tick <= TICKS; tick++) {
            double part = (double) tick / TICKS;
            double x = LEFT + part * width();
            double y = TOP + (1 - part) * height();
            append(
                    svg,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
                    LEFT,
                    y,
                    WIDTH - RIGHT,
                    y);
            text(svg, LEFT - 8.0, y + 4, "end", 11, number(part * mostY));
            text(svg, x, HEIGHT - BOTTOM + 18.0, "middle", 11, number(part * mostX));
        }
        for (int i = 0; i < series.size(); i++) {
            draw(svg, series.get(i), COLOURS.get(i % COLOURS.size()), new Point(mostX, mostY), i);
        }
    }

    private static void draw(StringBuilder svg, Series series, String colour, Point most, int index) {
        StringBuilder path = new StringBuilder();
        for (Point point : series.points()) {
            double x = LEFT + point.x() / most.x() * width();
            double y = TOP + (1 - point.y() / most.y()) * height();
            append(path, "%.1f,%.1f ", x, y);
            append(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x, y, colour);
        }
        append(
                svg,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>%n",
                path.toString().strip(),
                colour);
        append(svg, "<g fill=\"%s\">", colour);
        text(svg, WIDTH - RIGHT, TOP + 14.0 * index - 22, "end", 12, series.name());
        append(svg, "</g>%n");
    }

    private static int width() {
        return WIDTH - LEFT - RIGHT;
    }

    private static int height() {
        return HEIGHT - TOP - BOTTOM;
    }

    /** The next number of one digit or one and a half, so that all ticks are short. */
    static double top(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-9))));
        for (double factor : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10}) {
            if (most <= factor * power * (1 + 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return value >= 1e6 ? trimmed(value / 1e6) + " M" : value >= 1e4 ? trimmed(value / 1e3) + " k" : trimmed(value);
    }

    private static String trimmed(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, int size, String text) {
        String safe = text.replace("&", "&amp;").replace("<", "&lt;");
        append(svg, TEXT, x, y, anchor, size, safe);
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
