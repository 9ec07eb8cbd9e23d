#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""plot_mix_cost.py BENCH.JSON OUT.SVG: what mixing N full-HD inputs costs, from mix_bench's figures.

Two curves (this mixer, libyuv alone with its box filter), ms of processor time per 1920x1080
picture. The cells of the grid (full, 2x2, 3x3, 4x4) set how much of the canvas N inputs fill, so
the cost goes up in a straight line within each grid.
"""
import json
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    figures = {f["name"]: f["value"] for f in json.load(open(sys.argv[1], encoding="utf-8"))}
    curves = [("this mixer", "#0b63b0", "mix.n%d"), ("libyuv alone, box", "#b05a0b", "floor.n%d.box"),
              ("libyuv alone, bilinear", "#808080", "floor.n%d.bilinear")]
    counts = [n for n in range(1, 17) if "mix.n%d" % n in figures]
    if not counts:
        sys.exit("%s: no figure is called mix.n1; run mix_bench with this file first" % sys.argv[1])
    most = max(figures[c % n] for _, _, c in curves for n in counts if c % n in figures)
    top = next(t for t in (1, 2, 4, 6, 8, 10, 15, 20, 30, 50, 100, 1000) if t >= most)
    left, right, upper, lower = 60, 700, 30, 330

    def at(n, ms):
        return (left + (right - left) * (n - 1) / 15, lower - (lower - upper) * ms / top)

    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 390" '
           'font-family="sans-serif" font-size="13">',
           '<rect width="740" height="390" fill="#fff"/>']
    for i in range(5):
        ms = top * i / 4
        y = at(1, ms)[1]
        out.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#ddd"/>' % (left, right, y, y))
        out.append('<text x="%d" y="%.1f" text-anchor="end">%g</text>' % (left - 8, y + 4, ms))
    for n in counts:
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%d</text>' % (at(n, 0)[0], lower + 20, n))
    out.append('<text x="%d" y="%d" text-anchor="middle">full-HD inputs on a full-HD canvas, '
               'with a title</text>' % ((left + right) // 2, lower + 45))
    out.append('<text x="%d" y="18">ms of processor time per picture</text>' % (left - 40))
    for i, (name, colour, key) in enumerate(curves):
        points = [at(n, figures[key % n]) for n in counts if key % n in figures]
        out.append('<polyline fill="none" stroke="%s" stroke-width="2.5" points="%s"/>'
                   % (colour, " ".join("%.1f,%.1f" % p for p in points)))
        out += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (x, y, colour) for x, y in points]
        out.append('<text x="%d" y="%d" fill="%s">%s</text>' % (left + 20, upper + 22 + 20 * i, colour, name))
    out.append("</svg>")
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")


main()
