"""Filters."""

from __future__ import annotations

import pytest

from deckgen import BankError, load_bank
from deckgen.selection import Selection, select
from support import BankFolder


def ids(bank: BankFolder, **chosen: tuple[str, ...]) -> list[str]:
    guides = select(load_bank(bank.path), Selection(**chosen))
    return [question.id for guide in guides for question in guide.questions]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("guide", "example"),
        ("guide", "EXAMPLE guide"),
        ("round", "onsite"),
        ("round", "ONSITE"),
        ("category", "Distributed Systems"),
        ("category", "distributed-systems"),
        ("difficulty", "Medium"),
        ("type", "technical"),
    ],
)
def test_names_are_matched_by_slug_or_spelling_in_any_case(
    bank: BankFolder, kind: str, name: str
) -> None:
    assert "caching" in ids(bank, **{kind: (name,)})


def test_filters_of_one_kind_add_and_of_two_kinds_narrow(bank: BankFolder) -> None:
    assert ids(bank, difficulty=("easy", "medium")) == ["caching", "sorting"]
    assert ids(bank, difficulty=("easy", "medium"), tag=("warm-up",)) == ["sorting"]


def test_only_the_rounds_of_what_is_chosen_remain(bank: BankFolder) -> None:
    (guide,) = select(load_bank(bank.path), Selection(tag=("warm up",)))
    assert [round.id for round in guide.rounds] == ["phone"]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"round": ("onsit",)}, "no question has the round 'onsit'; did you mean 'onsite'?"),
        ({"round": ("onsite",), "tag": ("warm up",)}, "no question matches all of these filters"),
        ({"difficulty": ("hard",)}, "no question has the difficulty 'hard'"),
    ],
)
def test_a_filter_that_matches_nothing_is_an_error(
    bank: BankFolder, chosen: dict[str, tuple[str, ...]], message: str
) -> None:
    with pytest.raises(BankError) as caught:
        ids(bank, **chosen)
    assert [problem.message for problem in caught.value.problems] == [message]


def test_a_guide_without_questions_is_found_by_its_name(bank: BankFolder) -> None:
    (bank.guide / "questions" / "all.yaml").unlink()
    (guide,) = select(load_bank(bank.path), Selection(guide=("Example",)), drafts=False)
    assert [round.id for round in guide.rounds] == ["phone", "onsite"]
    with pytest.raises(BankError, match="no guide is named 'exampl'; did you mean 'example'"):
        select(load_bank(bank.path), Selection(guide=("exampl",)))


def test_drafts_are_left_out_when_that_is_asked(bank: BankFolder) -> None:
    bank.edit("questions/all.yaml", "tags: [warm up]", "status: draft")
    (guide,) = select(load_bank(bank.path), Selection(), drafts=False)
    assert [question.id for question in guide.questions] == ["caching"]
