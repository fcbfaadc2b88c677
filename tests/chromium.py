"""A real Chromium, driven over its DevTools pipe (https://chromedevtools.github.io/devtools-protocol).

The pipe takes JSON messages that end in a zero byte: written to the browser's file descriptor 3,
read from 4. Driving it directly needs no driver of the browser's very version.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)


MISSING = "needs Chromium, which is not installed: apt-get install chromium"


def installed() -> str | None:
    """The browser's program, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Chromium:
    """One browser with one page."""

    def __init__(self, profile: Path) -> None:
        program = installed()
        assert program, MISSING
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()
        # A shell puts the pipes where Chromium expects them (dash knows no descriptor above 9).
        self.process = subprocess.Popen(
            [
                *("bash", "-c", f'exec "$@" 3<&{from_us} 4>&{to_us}', "bash"),
                *(program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"),
            ],
            pass_fds=(from_us, to_us),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        self.to_browser = os.fdopen(to_browser, "wb", buffering=0)
        self.from_browser = os.fdopen(from_browser, "rb")
        self.numbers = itertools.count(1)
        self.session = ""
        self.events: list[dict[str, Any]] = []
        page = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=page, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        self.session = ""
        self.send("Browser.close")
        self.process.wait(timeout=20)
        self.to_browser.close()
        self.from_browser.close()

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.to_browser.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer)
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        received = bytearray()
        while (byte := self.from_browser.read(1)) != b"\0":
            assert byte, "Chromium went away"
            received += byte
        message: dict[str, Any] = json.loads(received)
        if "method" in message:
            self.events.append(message)
        return message

    def open(
        self, path: Path, width: int = 360, height: int = 740, scale: int = 2, hash: str = ""
    ) -> None:
        """Show a file in a window of that size, in CSS pixels, and wait until all is loaded."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        self.events.clear()
        self.send("Page.navigate", url=path.as_uri() + hash)
        self.wait("Page.loadEventFired")

    def wait(self, method: str) -> None:
        """Until there has been an event of that name."""
        while not any(event["method"] == method for event in self.events):
            self._read()

    def run(self, script: str) -> Any:
        """What an expression of JavaScript gives."""
        answer = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def requests(self) -> list[str]:
        """The addresses asked for since the page was opened."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def screenshot(self) -> bytes:
        """A PNG of the window."""
        return base64.b64decode(self.send("Page.captureScreenshot")["data"])

    def contrast(self, element: str, inset: float = 0) -> float:
        """Of the lightest pixel to the darkest in an element, given as an expression: as WCAG
        counts it. What lies near its edges can be left out, as a share of its size."""
        clip = self.run(
            f"(() => {{ const {{ x, y, width, height }} = {element}.getBoundingClientRect();"
            f"const cut = {inset}; return {{ x: x + cut * width, y: y + cut * height,"
            "width: (1 - 2 * cut) * width, height: (1 - 2 * cut) * height, scale: 1 } })()"
        )
        png = base64.b64decode(self.send("Page.captureScreenshot", clip=clip)["data"])
        colours = Image.open(BytesIO(png)).convert("RGB").getcolors(1 << 24)
        lights = [_light(colour) for _, colour in colours]
        return (max(lights) + 0.05) / (min(lights) + 0.05)


def _light(colour: tuple[int, int, int]) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    shares = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]


# What is measured of a page, as expressions of JavaScript.

UNFOLD = "for (const each of document.querySelectorAll('details')) each.open = true"


OVERFLOWING = """(() => {
  const width = document.documentElement.clientWidth;
  const boxes = 'pre, .table, math, mjx-container, p:has(> img[src*="svg"])';
  const wide = [...document.body.querySelectorAll('*')].filter((node) => {
    const box = node.getBoundingClientRect();
    const free = !node.closest(boxes) || node.matches(boxes);
    return free && (box.right > width + 1 || box.left < -1);
  });
  return {
    page: document.scrollingElement.scrollWidth - width,
    wide: wide.map((node) => node.outerHTML.slice(0, 80)),
  };
})()"""
"""What is wider than the window, but for what is in code, tables, formulas and paragraphs with a
drawing, which scroll by themselves."""

CONTRASTS = """(() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const [r, g, b, alpha = 1] = parse(getComputedStyle(node).backgroundColor);
      if (alpha === 1) return [r, g, b];
      if (alpha > 0) throw new Error('a translucent background');
    }
    return [255, 255, 255];
  };
  const poor = [];
  let measured = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || node.closest('style, script')) continue;
    const style = getComputedStyle(node);
    const pair = [light(parse(style.color)), light(ground(node))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    measured += 1;
    if (ratio < 4.5) poor.push([node.outerHTML.slice(0, 60), style.color, ratio]);
  }
  return { measured, poor };
})()"""
"""Texts that have less than the contrast of WCAG AA, 4.5 to 1, and how many were measured."""

LINES_OF_FACTS = (
    "[...document.querySelectorAll('.about span:not(:last-of-type)')]"
    ".map((each) => new Set([...each.getClientRects()].map((box) => box.top)).size)"
)
"""How many lines each part of the line on top takes, the dot after it included."""


def line_begins(text: str) -> str:
    """The letters that begin the lines of a text node, given as an expression, but the first."""
    return f"""(() => {{
  const text = {text};
  const top = (at) => {{
    const one = document.createRange();
    one.setStart(text, at);
    one.setEnd(text, at + 1);
    return one.getBoundingClientRect().top;
  }};
  return [...text.data].filter((letter, at) => at && top(at) > top(at - 1) + 5).join('');
}})()"""
