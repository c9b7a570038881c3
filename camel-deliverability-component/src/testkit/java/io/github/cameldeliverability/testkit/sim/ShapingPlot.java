package io.github.cameldeliverability.testkit.sim;

import java.util.List;
import java.util.Locale;

/** Draws goodput against violations, a small chart for each model, as SVG. */
final class ShapingPlot {

    private static final int COLUMNS = 4;
    private static final int WIDTH = 230;
    private static final int HEIGHT = 210;
    private static final int LEFT = 40;
    private static final int TOP = 60;
    private static final int SIDE = 150;
    private static final int DOWN = 120;
    /** Below this share violations are drawn at the left edge: the axis is logarithmic. */
    private static final double LEAST = 0.0001;

    private static final List<String> COLOURS = List.of("#0b6e4f", "#999999", "#3a6ea5", "#c0392b", "#e08e0b");

    /** One trial: shares from the beginning. */
    record Point(ProviderModels model, Strategies strategy, double goodput, double violations) {}

    private ShapingPlot() {}

    static String svg(List<Point> points) {
        int rows = (ProviderModels.values().length + COLUMNS - 1) / COLUMNS;
        StringBuilder b = new StringBuilder();
        b.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"10\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                COLUMNS * WIDTH + 10,
                rows * HEIGHT + TOP));
        text(
                b,
                10,
                18,
                13,
                "start",
                "Goodput (up) against violations (right, logarithmic), each dot a seed, six hours");
        int x = 10;
        for (Strategies s : Strategies.values()) {
            dot(b, x + 4, 34, s);
            text(b, x + 12, 38, 10, "start", ShapingTable.name(s.name()));
            x += 130;
        }
        ProviderModels[] models = ProviderModels.values();
        for (int i = 0; i < models.length; i++) {
            chart(b, i, models[i], points);
        }
        return b.append("</svg>\n").toString();
    }

    private static void chart(StringBuilder b, int place, ProviderModels model, List<Point> points) {
        int left = place % COLUMNS * WIDTH + LEFT;
        int top = place / COLUMNS * HEIGHT + TOP + 20;
        String title = ShapingTable.name(model.name()) + (model.isHeldOut() ? " (held out)" : "");
        text(b, left + SIDE / 2, top - 6, 11, "middle", title);
        b.append(String.format(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#444\"/>%n",
                left, top, SIDE, DOWN));
        for (int percent : new int[] {0, 50, 90, 100}) {
            double y = y(top, percent / 100.0);
            line(b, left, y, left + SIDE, y);
            text(b, left - 4, y + 3, 9, "end", percent + " %");
        }
        String[] names = {"0.01 %", "0.1 %", "1 %", "10 %", "100 %"};
        for (int i = 0; i < names.length; i++) {
            double at = x(left, LEAST * Math.pow(10, i));
            line(b, at, top, at, top + DOWN);
            text(b, at, top + DOWN + 12 + i % 2 * 10, 9, "middle", names[i]);
        }
        for (Point p : points) {
            if (p.model() == model) {
                dot(b, x(left, p.violations()), y(top, p.goodput()), p.strategy());
            }
        }
    }

    private static double x(int left, double violations) {
        double decades = Math.log10(Math.max(LEAST, violations) / LEAST);
        return left + SIDE * decades / 4;
    }

    private static double y(int top, double goodput) {
        return top + DOWN * (1 - Math.min(1.1, goodput) / 1.1);
    }

    private static void dot(StringBuilder b, double x, double y, Strategies strategy) {
        b.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" fill=\"%s\" fill-opacity=\"0.75\"/>%n",
                x,
                y,
                COLOURS.get(List.of(Strategies.values()).indexOf(strategy))));
    }

    private static void line(StringBuilder b, double x1, double y1, double x2, double y2) {
        b.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder b, double x, double y, int size, String anchor, String what) {
        b.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                size,
                anchor,
                what));
    }
}
