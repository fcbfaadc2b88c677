"""One question as an article of the page."""

from __future__ import annotations

from ...html import NO_ANSWER
from ...markdown import Paragraph
from ...model import Card, Guide, Question
from .rendering import HiddenHtml, PageHtml, fold, lines, part, template


def anchor(question: Question) -> str:
    """What stands behind the `#` of its address: its code."""
    return question.code or f"question-{question.id}"


def article(guide: Guide, question: Question, html: PageHtml, *, cards: bool) -> str:
    """The question with all that is known about answering it, folded."""
    heading, rest = _asked(question, html)
    return template("question.html").substitute(
        anchor=anchor(question),
        code=html.text(question.code),
        about=_about(html, question),
        asked=heading,
        rest=rest,
        folded=lines(
            fold("Hint", html.blocks(question.hint.blocks)),
            fold("Answer", _answer(guide, question, html)),
            _cards(question, html) if cards else "",
        ),
    )


def _asked(question: Question, html: PageHtml) -> tuple[str, str]:
    """What stands in the heading, by which a screen reader finds its way, and what below it."""
    match question.question.blocks:
        case (Paragraph(content), *rest):
            return html.inlines(content), html.blocks(rest)
        case blocks:
            return "", html.blocks(blocks)


def _about(html: PageHtml, question: Question) -> str:
    """The quiet line above it."""
    facts = [f"<span>{html.text(question.category)}</span>"]
    facts += [f'<span lang="en">{word}</span>' for word in (question.difficulty, question.type)]
    if question.practiced:
        facts.append(f'<span lang="en">practised by {question.practiced:,}</span>')
    if question.status != "published":
        facts.append(f'<span lang="en">{question.status}</span>')
    return "\n".join(facts)


def _answer(guide: Guide, question: Question, html: PageHtml) -> str:
    report = f"Report a mistake in {question.code}" if question.code else "Report a mistake"
    return lines(
        part("Key points", html.texts(question.key_points), kind="key"),
        part("Model answer", html.blocks(question.answer.blocks) or NO_ANSWER),
        part("What sets a strong answer apart", html.texts(question.strong)),
        fold("Follow-up questions", html.bullets(map(html.follow_up, question.follow_ups))),
        fold("Pitfalls", html.texts(question.pitfalls)),
        fold("References", html.bullets(html.link(p.url, p.title) for p in question.references)),
        f'<p class="links" lang="en">{html.link(guide.report, report)}</p>' if guide.report else "",
    )


def _cards(question: Question, html: PageHtml) -> str:
    hidden = HiddenHtml(html.media, html.warn, html.shown_times)
    asked = html.bullets(_card(card, html, hidden) for card in question.cards)
    return fold(f"Ask me ({len(question.cards)})", asked)


def _card(card: Card, html: PageHtml, hidden: HiddenHtml) -> str:
    front, back = (card.cloze, card.cloze) if card.cloze else (card.front, card.back)
    return hidden.compact(front.blocks) + fold("Show", html.compact(back.blocks))
