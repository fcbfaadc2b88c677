"""The text of an interview-guide page, as people copy it from a browser."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_pages import FOLDER, PAGE, guide, page_with, read

from deckgen import BankError
from deckgen.importing import Given, import_data
from deckgen.markdown import CodeBlock, List
from support import Run


def test_a_page_becomes_a_guide_that_passes_the_check_and_builds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    ran = run("import", "page.txt")
    assert ran.code == 0
    assert f"{FOLDER}/guide.yaml: written\n" in ran.out
    assert ran.out.endswith(f"{FOLDER}: 6 questions in 4 rounds: 6 new\n")
    assert run("check").code == 0
    built = run("build")
    assert built.code == 0
    assert built.out.count("written") == 3
    assert "without answer: 6" in run("stats").out


def test_every_part_of_the_page_finds_its_key(run: Run, tmp_path: Path) -> None:
    run("import", "-", input=PAGE)
    found = guide(tmp_path)
    assert found.title == "Fernweh Rail Senior Data Engineer Interview Preparation Guide"
    assert (found.company, found.role, found.level) == ("Fernweh Rail", "Data Engineer", "Senior")
    assert found.updated == date(2026, 6, 19)
    assert len(found.summary.blocks) == 2
    assert found.summary.plain.endswith("It pays $5 a mile in summer and $6 in *winter*.")
    first, second, third, fourth = found.rounds
    assert (first.id, first.duration, first.format) == (
        "recruiter-screening",
        "30 min",
        "behavioral",
    )
    assert first.summary.plain == "A call about you, and about the night trains."
    assert [tip.plain for tip in first.tips] == ["Be brief.", "Name one thing you would change."]
    assert [topic.plain for topic in first.focus] == [
        "Your Story: Two minutes, from the first job to this one.",
        "Motivation and Culture Fit: Why trains, and why now?",
    ]
    assert (second.duration, second.format) == ("45 min", "technical")
    assert (third.duration, third.format) == ("60 min", "")
    assert (fourth.duration, fourth.format) == ("45-60 min", "behavioral")


def test_labels_are_split_where_they_were_glued() -> None:
    assert [(q.category, q.difficulty, q.type, q.practiced) for q in read(PAGE).questions] == [
        ("Distributed Systems Fundamentals", "medium", "technical", 67),
        ("Hard Real-Time Systems", "hard", "technical", 1204),
        ("Architecture and Technical Trade Offs", "medium", "system-design", None),
        ("Making It Easy", "easy", "table-tennis", 3),
        ("Algorithms and Data Structures", "easy", "coding", 1200),
        ("Conflict and Feedback", "hard", "behavioral", 12),
    ]


@pytest.mark.parametrize(
    ("label", "category", "difficulty", "type"),
    [
        ("Hard SkillsHardTechnical", "Hard Skills", "hard", "technical"),
        ("Thinking HardMediumTechnical", "Thinking Hard", "medium", "technical"),
        ("Easy Wins, Hard ChoicesEasyBehavioral", "Easy Wins, Hard Choices", "easy", "behavioral"),
        ("Technical DebtMediumTechnical", "Technical Debt", "medium", "technical"),
        ("Being TechnicalHardTechnical", "Being Technical", "hard", "technical"),
        ("Too HardHardTechnical", "Too Hard", "hard", "technical"),
        ("HardwareEasyTechnical", "Hardware", "easy", "technical"),
        ("IoT HardwareHardTechnical", "IoT Hardware", "hard", "technical"),
        ("EasyMock and FriendsMediumCoding", "EasyMock and Friends", "medium", "coding"),
        ("CI/CDMediumTechnical", "CI/CD", "medium", "technical"),
        ("C++EasyCoding", "C++", "easy", "coding"),
        ("LeadershipEasyHard Skills", "Leadership", "easy", "hard-skills"),
        ("LeadershipMediumBehavioural", "Leadership", "medium", "behavioral"),
        ("Cloud (Azure)HardSystem Design", "Cloud (Azure)", "hard", "system-design"),
        ("Räume und ZeitHardCase Study", "Räume und Zeit", "hard", "case-study"),
        ("- ListsHardTechnical", "Lists", "hard", "technical"),
        ("Lists · Hard · Technical", "Lists", "hard", "technical"),
        ("Lists\nHard\nTechnical", "Lists", "hard", "technical"),
        ("Lists\nHardTechnical", "Lists", "hard", "technical"),
        ("ListsHard", "Lists", "hard", "technical"),
    ],
)
def test_a_label_is_read_in_the_likeliest_way(
    label: str, category: str, difficulty: str, type: str
) -> None:
    (found,) = read(page_with(label, "5 practiced", "Why?")).questions
    assert (found.category, found.difficulty, found.type) == (category, difficulty, type)
    assert (found.question, found.practiced) == ("Why?", 5)


def test_a_label_needs_no_count_even_with_an_unknown_type() -> None:
    found = read(
        page_with("LeadershipHardTable Tennis", "Why?", "Data ModelsEasyTechnical", "How?")
    )
    assert [(q.category, q.type, q.practiced) for q in found.questions] == [
        ("Leadership", "table-tennis", None),
        ("Data Models", "technical", None),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "How hard is it? Hard, or Medium?",
        "Which of these is Easy Technical work",
        "if (isHardMode) { return; }",
        "Compare the EasyMock and PowerMock libraries",
        "67 practiced it and failed",
    ],
)
def test_a_line_of_a_question_is_no_label(line: str) -> None:
    (found,) = read(page_with("ListsHardTechnical", "5 practiced", "Why?", line)).questions
    assert found.category == "Lists"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("67 practiced", 67),
        ("1,204 practiced", 1204),
        ("1 204 practiced", 1204),
        ("1.2k practiced", 1200),
        ("12K+ practiced", 12000),
        ("0 people practised", 0),
        ("MANY practiced", None),
    ],
)
def test_counts_are_read_as_people_write_them(written: str, number: int | None) -> None:
    (found,) = read(page_with("ListsHardTechnical", written, "Why?")).questions
    assert found.practiced == number


VARIANTS = {
    "CRLF": PAGE.replace("\n", "\r\n"),
    "blank lines everywhere": PAGE.replace("\n", "\n\n \n"),
    "non-breaking spaces": PAGE.replace(" practiced", "\u00a0practiced").replace(
        "30 min", "30\u00a0min"
    ),
    "spaces round lines": "\n".join(f"  {line}\t" for line in PAGE.splitlines()),
    "headings marked": PAGE.replace("Interview Rounds\n", "## Interview Rounds:\n"),
    "a byte order mark": f"\ufeff{PAGE}",
    "zero-width characters": PAGE.replace("Interview Rounds\n", "Interview\u200b Rounds\u00ad\n"),
    "a name of the site in the title": PAGE.replace(
        "Preparation Guide\n", "Preparation Guide | Lanternhouse\n"
    ),
    "the title in a bread crumb": PAGE.replace(
        "Lanternhouse\n", "Fernweh Rail Senior Data Engineer Interview Preparation Guide\n", 1
    ),
    "line separators": PAGE.replace("\n", "\u2028"),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS)
def test_however_a_page_was_copied_the_same_is_read(text: str) -> None:
    expected, found = read(PAGE), read(text)
    assert (found.title, found.company, found.role, found.level, found.updated) == (
        expected.title,
        expected.company,
        expected.role,
        expected.level,
        expected.updated,
    )
    assert [(r.title, r.duration, r.format, r.tips, r.focus) for r in found.rounds] == [
        (r.title, r.duration, r.format, r.tips, r.focus) for r in expected.rounds
    ]
    assert [(q.category, q.practiced, q.type) for q in found.questions] == [
        (q.category, q.practiced, q.type) for q in expected.questions
    ]
    if "\t" not in text:  # indented lines are code
        assert [q.question for q in found.questions if "def" not in q.question] == [
            q.question for q in expected.questions if "def" not in q.question
        ]


def test_lists_and_code_stay_what_they_are(run: Run, tmp_path: Path) -> None:
    run("import", "-", input=PAGE)
    by_category = {q.category: q for q in guide(tmp_path).questions}
    points = by_category["Distributed Systems Fundamentals"].question.blocks[-1]
    assert isinstance(points, List)
    assert len(points.items) == 2
    code = by_category["Hard Real-Time Systems"].question.blocks[1]
    assert isinstance(code, CodeBlock)
    assert [len(line) > 0 for line in code.lines] == [True, True, True]
    steps = by_category["Making It Easy"].question.blocks[0]
    assert isinstance(steps, List)
    assert steps.start == 1


def test_equal_questions_are_two_with_ids_of_their_own(run: Run, tmp_path: Path) -> None:
    text = page_with(
        *["ListsHardTechnical\nWhy?", "SetsHardTechnical\nWhy?", "SetsEasyCoding\nWhy?"]
    )
    run("import", "-", input=text)
    found = guide(tmp_path, "content/acme-senior-engineer-interview-preparation-guide").questions
    assert sorted(q.id for q in found) == ["why", "why-2", "why-3"]


def test_each_category_stands_on_the_round_that_fits_it(run: Run, tmp_path: Path) -> None:
    run("import", "-", input=PAGE)
    assert {r.id: r.categories for r in guide(tmp_path).rounds} == {
        "recruiter-screening": (),
        "technical-phone-screen": ("Making It Easy", "Algorithms and Data Structures"),
        "system-design-onsite": (
            "Distributed Systems Fundamentals",
            "Hard Real-Time Systems",
            "Architecture and Technical Trade Offs",
        ),
        "behavioral-onsite": ("Conflict and Feedback",),
    }


def test_what_has_no_place_is_reported_with_its_line(run: Run, tmp_path: Path) -> None:
    text = PAGE.replace("1\nRecruiter", "Nice people\n1\nRecruiter").replace(
        "6/19/2026", "yesterday"
    )
    text = text.replace("Questions\nDist", "Questions\nSorted by luck\nDist")
    text = text.replace("Additional", "PlainHardTechnical\nAdditional")
    (tmp_path / "page.txt").write_text(text, encoding="utf-8")
    ran = run("import", "page.txt")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "page.txt:1: warning: not imported: 'Lanternhouse': it stands before the title",
        "page.txt:7: warning: not imported: the date 'yesterday': expected M/D/YYYY",
        "page.txt:11: warning: not imported: 'Nice people': it belongs to no round",
        "page.txt:35: warning: not imported: 'Sorted by luck': it stands above the first question",
        "page.txt:42: warning: not imported: 'Show answer': it is no content of the page",
        "page.txt:63: warning: not imported: 'PlainHardTechnical': no question stands below it",
        "page.txt:64: warning: not imported: 'Additional Information' and 2 more lines: it stands "
        "below the questions",
    ]


def test_the_footer_is_reported_in_one_line() -> None:
    last = read(PAGE).remarks[-1]
    assert str(last) == (
        "page.txt:61: warning: not imported: 'Additional Information' and 2 more lines: "
        "it stands below the questions"
    )


@pytest.mark.parametrize(
    ("text", "questions", "rounds"),
    [
        (PAGE.split("Frequently")[0], 0, 4),
        (PAGE.split("Interview Rounds")[0], 0, 1),
        (PAGE.split("Interview Rounds")[0] + "Frequently" + PAGE.split("Frequently")[1], 6, 1),
        (PAGE.split("Additional")[0], 6, 4),
    ],
    ids=["no questions", "a head alone", "no rounds", "no footer"],
)
def test_a_page_that_lacks_a_part_passes_the_check_and_builds(
    run: Run, tmp_path: Path, text: str, questions: int, rounds: int
) -> None:
    assert run("import", "-", "-o", "content/part", input=text).code == 0
    found = guide(tmp_path, "content/part")
    assert (len(found.questions), len(found.rounds)) == (questions, rounds)
    assert run("check").code == 0
    assert run("build").code == 0


NO_PAGES = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\r\n\t", "the file is empty"),
    "prose": (b"Dear Sir,\nI have read your Interview Guide.\n", "found no questions"),
    "a title alone": (b"Acme Interview Guide\nThanks for all.", "found no questions"),
    "binary": (b"\x00\x01\x02 Interview Rounds", "this is no text: it holds binary data"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00", "this is no text in UTF-8"),
    "an empty web page": (b"<!doctype html><html></html>", "the file is empty"),
    "questions without a title": (b"ListsHardTechnical\nWhy?", "give it with --title"),
    "a broken package": (b"PK\x03\x04 and no more", "this is no whole Anki package"),
}


@pytest.mark.parametrize(("data", "message"), NO_PAGES.values(), ids=NO_PAGES)
def test_what_is_no_page_is_an_error_and_nothing_is_written(
    run: Run, tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "file").write_bytes(data)
    ran = run("import", "file")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"file: error: {message}") or message in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_that_is_not_there_is_an_error(run: Run) -> None:
    ran = run("import", "nowhere.txt")
    assert ran.code == 1
    assert ran.err == "nowhere.txt: error: can't read this file: no such file or directory\n"


def test_company_and_role_come_from_the_title_where_no_line_says_them() -> None:
    text = page_with("ListsHardTechnical", "Why?", head="Acme Baker Interview Preparation Guide")
    found = read(text)
    assert (found.company, found.role) == ("Acme", "Baker")
    assert "are guessed from the title" in str(found.remarks)
    found = read(text, Given(title="Bread", company="Acme & Sons", role="Master Baker"))
    assert (found.title, found.company, found.role) == ("Bread", "Acme & Sons", "Master Baker")
    assert "guessed" not in str(found.remarks)


def test_a_line_of_the_summary_is_no_fact() -> None:
    head = (
        "Acme Senior Baker Interview Preparation Guide\nCompany: Acme Ltd\nRole: Baker\n"
        "1 rounds\nAcme bakes.\nRole: you bake, end to end.\nCompany: old."
    )
    found = read(page_with("ListsHardTechnical", "Why?", head=head))
    assert (found.company, found.role) == ("Acme Ltd", "Baker")
    assert found.summary == "Acme bakes.\n\nRole: you bake, end to end.\n\nCompany: old."


def test_what_is_said_twice_is_not_lost() -> None:
    head = "Acme Baker Interview Preparation Guide\nRole: Baker\nRole: you bake."
    found = read(page_with("ListsHardTechnical", "Why?", head=head))
    assert (found.role, found.summary) == ("Baker", "Role: you bake.")


def test_a_folder_with_another_name_gives_the_guide_its_id(run: Run, tmp_path: Path) -> None:
    assert run("import", "-", "-o", "My Guide", input=PAGE).code == 0
    assert guide(tmp_path, "My Guide").id == FOLDER.removeprefix("content/")
    assert run("check", "My Guide").code == 0


def test_titles_in_another_script_have_a_folder_too(run: Run, tmp_path: Path) -> None:
    text = page_with("列表HardTechnical", "为什么?", "ListsHard系统", "怎么?")
    ran = run("import", "-", "--title", "面试", input=text)
    assert ran.code == 0
    assert "the type '系统' is taken as technical" in ran.err
    assert run("check").code == 0
    ids = {q.id for q in guide(tmp_path, "content/imported-guide").questions}
    run("import", "-", "--title", "面试", "--force", input=text)
    assert {q.id for q in guide(tmp_path, "content/imported-guide").questions} == ids


def test_the_same_page_makes_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for folder, seed in (("a/g", "1"), ("b/g", "2")):
        env = {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
        assert run("import", "-", "-o", folder, input=PAGE, env=env).code == 0
    one, other = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.yaml")}
        for name in "ab"
    )
    assert one == other


LINES = st.lists(
    st.one_of(
        st.sampled_from(PAGE.splitlines()),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
        st.sampled_from(
            ["", "1", "```", "- a", "2. b", "HardTechnical", "5 practiced", "  x = 1;"]
        ),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(LINES)
def test_any_text_gives_a_guide_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "guide"
    text = "\n".join(["Acme Senior Engineer Interview Preparation Guide", "2 rounds", *lines])
    import_data(
        text.encode(), "page.txt", bank=folder, output=folder, given=Given(), force=False
    )  # it loads what it has written, and raises where that has an error


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_error_and_no_traceback(data: bytes) -> None:
    with pytest.raises(BankError):
        import_data(data, "-", bank=Path("/nowhere"), output=None, given=Given(), force=False)
