"""The page in a real Chromium, used as a reader uses it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chromium import Chromium

_KEYS = {"Tab": 9, "Enter": 13, "Space": 32, "Delete": 46}
_TYPED = {"Enter": "\r", "Space": " "}


class Reader:
    """Someone with the page open."""

    def __init__(self, browser: Chromium) -> None:
        self.browser = browser
        self.page = Path()

    def open(self, page: Path, hash: str = "", width: int = 1200, height: int = 800) -> None:
        """In a new tab, as it were: an address that differs by its hash alone loads nothing."""
        self.page = page
        self.browser.events.clear()
        self.browser.send("Page.navigate", url="about:blank")
        self.browser.wait("Page.loadEventFired")
        self.browser.open(page, width=width, height=height, scale=1, hash=hash)

    def reload(self) -> None:
        self.browser.events.clear()
        self.browser.send("Page.reload")
        self.browser.wait("Page.loadEventFired")

    def prefers(self, **features: str) -> None:
        """Media features, e.g. `color_scheme="dark"`."""
        self.browser.send(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": f"prefers-{name.replace('_', '-')}", "value": value}
                for name, value in features.items()
            ],
        )

    def scripting(self, allowed: bool) -> None:
        self.browser.send("Emulation.setScriptExecutionDisabled", value=not allowed)

    def run(self, script: str) -> Any:
        return self.browser.run(script)

    def until(self, script: str) -> None:
        self.wait(lambda: bool(self.run(script)))

    def wait(self, happened: Callable[[], bool]) -> None:
        patience = time.monotonic() + 10
        while not happened():
            assert time.monotonic() < patience, "waited ten seconds"
            time.sleep(0.02)

    # -- what one does

    def type(self, text: str) -> None:
        """Into the search field, in place of what stands there."""
        self.run("document.querySelector('[name=q]').select()")
        if text:
            self.browser.send("Input.insertText", text=text)
        else:
            self.press("Delete")

    def press(self, key: str) -> None:
        code = {"windowsVirtualKeyCode": _KEYS[key], "key": key, "code": key}
        if key in _TYPED:
            code["text"] = _TYPED[key]
            code["key"] = key if key == "Enter" else _TYPED[key]
        self.browser.send("Input.dispatchKeyEvent", type="keyDown", **code)
        self.browser.send("Input.dispatchKeyEvent", type="keyUp", **code)

    def choose(self, name: str, value: str) -> None:
        self.run(
            f"(() => {{ const control = document.querySelector('[name={name}]');"
            f"control.value = {json.dumps(value)};"
            "control.dispatchEvent(new Event('input', {bubbles: true})) })()"
        )

    def click(self, selector: str) -> None:
        """With the mouse, in the middle of the first that is found."""
        x, y = self.run(
            f"(() => {{ const each = document.querySelector({json.dumps(selector)});"
            "each.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const box = each.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.send(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    # -- what one sees

    @property
    def shown(self) -> list[str]:
        """The codes of the questions that are there to be seen."""
        found: list[str] = self.run(
            "[...document.querySelectorAll('article')]"
            ".filter((each) => each.checkVisibility()).map((each) => each.id)"
        )
        return found

    @property
    def hash(self) -> str:
        found: str = self.run("location.hash")
        return found

    def sees(self, selector: str) -> bool:
        query = f"document.querySelector({json.dumps(selector)})"
        return bool(self.run(f"{query}?.checkVisibility({{visibilityProperty: true}})"))

    def text(self, selector: str = "body") -> str:
        """As it is rendered: nothing that is hidden or folded."""
        found: str = self.run(f"document.querySelector({json.dumps(selector)}).innerText")
        return found
