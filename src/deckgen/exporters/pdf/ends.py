"""Where the lines of a paragraph end, chosen together in the manner of Knuth and Plass ("Breaking
Paragraphs into Lines", 1981): the ends that cost least over all its lines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from math import inf

from .items import Paragraph

LOOSE = 1.6
"""Looser lines than this, in stretches of their spaces, are worth hyphenating for."""

LOOSER = 2.2
"""With words divided, lines up to twice as wide in their spaces are looked at, too."""

HOPELESS = 6.0
"""Looser ones than this are only looked at where there is nothing better."""

_STRETCH = 0.45  # of a space, in a good line
_SHRINK = 0.22
_HYPHEN_COST = 60.0
_STUB = 0.88  # a last line emptier than this is a stub, and so is what is left of a divided word
_STUB_COST = 120.0
_SCRAP_COST = 1000.0  # of a last line that is both: as much as of a line nearly too loose
_RAGGED = 6.0  # an unjustified line a sixth too short is as bad as one stretched fully


def line_ends(
    paragraph: Paragraph, measure: float, justify: bool, loosest: float
) -> list[int] | None:
    """Where the lines end at the least cost: for each line, the number of its last item plus one.

    None where there is no way to set the paragraph with no line looser than `loosest`, which is
    counted in stretches of a line's spaces. The lower it is, the fewer breaks there are to look at.

    cost[n] is the least cost of setting the first n items in whole lines, before[n] the start of
    the last of these. A line's looseness, cubed, is its badness, as TeX has it.
    """
    items, edges, springs = paragraph.items, paragraph.edges, paragraph.springs
    count = len(items)
    cost = [0.0] + [inf] * count
    before = [0] * (count + 1)
    shrink = _SHRINK if justify else 0.0
    next_end = _next_end(paragraph, measure, justify, loosest)
    starts = [0]
    end = 0
    while end < count and starts:
        latest = end
        end = next_end(starts[0], end)
        while items[end - 1].glued and end < count:
            end += 1
        item = items[end - 1]
        fullest = edges[end] - item.space + item.hyphen - measure
        spring = springs[end - 1]
        useless = 0
        for start in starts:
            if fullest <= edges[start] + shrink * (spring - springs[start]):
                break
            if start == latest and loosest == inf:
                break  # there is no other way: a hyphen may stand out
            useless += 1
        del starts[:useless]
        least = inf
        for start in starts:
            slack = edges[start] - fullest
            if end == count and slack >= 0:
                loose = 0.0  # the last line need not be full
            elif not justify:
                loose = slack / measure * _RAGGED
            elif slack < 0:
                loose = slack / (shrink * (spring - springs[start]) or 0.01)
            else:
                loose = slack / (_STRETCH * (spring - springs[start]) or 1.0)
            if loose > loosest or (loose > HOPELESS and least < inf):
                break
            badness = 10 + 100 * abs(loose * loose * loose)
            if item.hyphen:
                badness += _HYPHEN_COST
            if end == count:
                stub, divided = slack > measure * _STUB, items[start - 1].hyphen > 0
                if stub and divided:
                    badness += _SCRAP_COST
                elif stub or divided:
                    badness += _STUB_COST
            total = cost[start] + badness * badness
            if total < least:
                least, before[end] = total, start
        if least < inf:
            cost[end] = least
            starts.append(end)
    return _traced(before) if cost[count] < inf else None


def _next_end(
    paragraph: Paragraph, measure: float, justify: bool, loosest: float
) -> Callable[[int, int], int]:
    """A function of a line's start and an end that was looked at: the first end after that one at
    which the line is not too short. Most items are passed over so: no line can end there."""
    if loosest == inf:
        return lambda start, end: end + 1
    items, edges, springs = paragraph.items, paragraph.edges, paragraph.springs
    # A line may fall short by so much, and by so much of its spaces. One without spaces that should
    # be full may by as many points as stretches, as line_ends counts.
    short = loosest * (1.0 if justify else measure / _RAGGED)
    share = loosest * _STRETCH if justify else 0.0
    hyphen = max([item.hyphen for item in items])
    reach = [
        edge - item.space + share * spring
        for item, edge, spring in zip(items, edges[1:], springs, strict=False)
    ]
    lack = measure - short - hyphen
    last = len(items) - 1
    return lambda start, end: (
        bisect_left(reach, edges[start] + lack + share * springs[start], end, last) + 1
    )


def _traced(before: Sequence[int]) -> list[int]:
    """The ends of all lines, found from the last one back."""
    ends = [len(before) - 1]
    while before[ends[-1]]:
        ends.append(before[ends[-1]])
    return ends[::-1]
