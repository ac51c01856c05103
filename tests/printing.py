"""What a figure must be to be printed."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.text import Text

from diffusion.report.figures.sheet import TALLEST, points_wide, styled


def texts_of(figure):
    """Return the texts that are seen."""
    unseen = {id(label) for axes in figure.axes for label in unseen_labels(axes)}
    hidden = {id(axes) for axes in figure.axes if not axes.get_visible()}
    found = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [text for text in found if id(text) not in unseen and id(text.axes) not in hidden]


def unseen_labels(axes):
    """Return the labels of ticks that are not drawn: beyond the axis, or of an axis that is not there."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not axes.axison or not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                yield from (tick.label1, tick.label2)


def check_print(figure, width_mm):
    """Check that texts are large enough, on the page, and not on one another."""
    with styled():
        renderer = figure._get_renderer()  # noqa: SLF001 - there is no other way to measure texts
        boxes = [(text, text.get_window_extent(renderer)) for text in texts_of(figure)]
        page = figure.bbox
    assert figure.get_figwidth() * 72 == pytest.approx(points_wide(width_mm))
    assert figure.get_figheight() * 72 <= TALLEST + 1e-6
    assert len(boxes) > 3
    assert [text.get_text() for text, _ in boxes if text.get_fontsize() < 6.5] == []
    slack = figure.dpi / 72
    outside = [
        text.get_text()
        for text, box in boxes
        if box.x0 < -slack or box.y0 < -slack or box.x1 > page.x1 + slack or box.y1 > page.y1 + slack
    ]
    assert outside == []
    overlapping = [
        (first.get_text(), second.get_text())
        for (first, one), (second, other) in itertools.combinations(boxes, 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 1.2 * slack
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 1.2 * slack
    ]
    assert overlapping == []
