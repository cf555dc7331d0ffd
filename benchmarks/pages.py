"""Every page as a browser shows it, wide and narrow, light and dark, and how well all its text can be read.

    python benchmarks/pages.py outputs --pictures FOLDER

looks for pages below a folder and prints for each the text with the least contrast (WCAG 2.2; 4.5 is enough) and
whether the page is wider than the screen; with --pictures it writes a picture of each. Text is held against what the
browser painted behind it, that in plots too, which are put into the page for it. Needs Chromium.
"""

import argparse
import base64
import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genre.report.colours import contrast

ENOUGH = 4.5
WIDTHS = (1280, 400)
_TILE = 8000  # pixels of a page that are painted at a time
_LOADED = """new Promise((done) => {
  const wait = () => (document.readyState === "complete" ? done() : setTimeout(wait, 20));
  wait();
})"""
# plots become part of the page, and nothing is folded or scrolled away
_UNFOLD = """(() => {
  for (const picture of document.querySelectorAll("figure img")) {
    const bytes = Uint8Array.from(atob(picture.src.split(",")[1]), (one) => one.charCodeAt(0));
    const holder = document.createElement("div");
    holder.innerHTML = new TextDecoder().decode(bytes);
    const svg = holder.querySelector("svg");
    svg.style.width = `${picture.clientWidth}px`;
    svg.style.height = "auto";
    picture.replaceWith(svg);
  }
  for (const part of document.querySelectorAll(".scroll, figure, pre"))
    part.style.cssText = "max-height: none; overflow: visible";
  for (const part of document.querySelectorAll("details")) part.open = true;
})()"""
# each piece of text with its colour and place
_TEXTS = """(() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const parent = node.parentElement, text = node.textContent.trim();
    if (!text || !parent.checkVisibility() || parent.closest("script, style, title, metadata, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(parent);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1)
        found.push([text.slice(0, 60), parent.closest("svg") ? style.fill : style.color,
          box.x + scrollX, box.y + scrollY, box.width, box.height]);
  }
  return found;
})()"""
_WITHOUT_TEXT = """document.head.append(Object.assign(document.createElement("style"), { textContent:
  "*, *::after { color: transparent !important } svg text { opacity: 0 !important }" }))"""


class Browser:
    """Chromium without a window, told through a pipe what to do.

    Attributes:
        events: what it told of itself, such as the requests that it made, of the domains that are enabled.
    """

    def __init__(self, profile: str) -> None:
        name = shutil.which("chromium") or shutil.which("google-chrome")
        if name is None:
            raise SystemExit("there is no Chromium here")
        (orders, self._out), (self._in, answers) = os.pipe(), os.pipe()
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
        ]
        options += [f"--user-data-dir={profile}", "--remote-debugging-pipe"]  # which are the files 3 and 4
        line = ["bash", "-c", f'exec "$@" 3<&{orders} 4>&{answers}', "bash", name, *options]
        self._process = subprocess.Popen(line, pass_fds=(orders, answers), stderr=subprocess.DEVNULL)
        for end in (orders, answers):
            os.close(end)
        self._number, self._left, self._session = 0, b"", {}
        self.events: list[dict[str, Any]] = []
        page = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]}
        self.call("Page.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """The answer to a command of the DevTools protocol."""
        self._number += 1
        order = {"id": self._number, "method": method, "params": parameters} | self._session
        os.write(self._out, json.dumps(order).encode() + b"\0")
        while (answer := self._answer()).get("id") != self._number:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _answer(self) -> Any:
        while b"\0" not in self._left:
            self._left += os.read(self._in, 1 << 20)
        message, _, self._left = self._left.partition(b"\0")
        return json.loads(message)

    def value(self, expression: str) -> Any:
        """What a script of the page gives."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def open(self, address: str, width: int, scheme: str) -> None:
        """Show a page, until it is complete."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **screen)
        self.call("Page.navigate", url=address)
        self.value(_LOADED)

    def tiles(self) -> Iterator[Image.Image]:
        """The page, as wide and as long as it is, from top to bottom."""
        width, height = self.value("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        for top in range(0, height, _TILE):
            clip = {"x": 0, "y": top, "width": width, "height": min(_TILE, height - top), "scale": 1}
            shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
            yield Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def measured(browser: Browser) -> list[tuple[float, str]]:
    """The contrast of each piece of text of the page that is open, least first."""
    browser.value(_UNFOLD)
    texts = browser.value(_TEXTS)
    browser.value(_WITHOUT_TEXT)
    ground = np.concatenate([np.asarray(tile) for tile in browser.tiles()])
    found = []
    for text, colour, x, y, width, height in texts:
        behind = ground[int(y) : int(y + height) + 1, max(0, int(x)) : int(x + width) + 1].reshape(-1, 3)
        # most of it: the lines of a grid may cross it
        shades, counts = np.unique(behind, axis=0, return_counts=True)
        red, green, blue = (shades[counts.argmax()] / 255).tolist()
        ink = [float(part) / 255 for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
        found.append((contrast((ink[0], ink[1], ink[2]), (red, green, blue)), text))
    return sorted(found)


def main() -> None:
    """Look at each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, nargs="+", help="pages, or folders with pages somewhere below them")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of them")
    given = parser.parse_args()
    pages = [page for one in given.pages for page in (sorted(one.rglob("*.html")) if one.is_dir() else [one])]
    total, low = 0, 0
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        for page in pages:
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    browser.open(page.resolve().as_uri(), width, scheme)
                    wide = browser.value("document.documentElement.scrollWidth")
                    if given.pictures:
                        given.pictures.mkdir(parents=True, exist_ok=True)
                        name = "_".join([*page.resolve().with_suffix("").parts[-3:], str(width), scheme])
                        for number, tile in enumerate(browser.tiles(), 1):
                            tile.save(given.pictures / f"{name}_{number}.png")
                    texts = measured(browser)
                    bad = [f"{value:.2f} {text!r}" for value, text in texts if value < ENOUGH]
                    total, low = total + len(texts), low + len(bad)
                    told = f"{len(texts):,} texts, least contrast {texts[0][0]:.2f} ({texts[0][1]!r})"
                    print(f"{page}, {width} px, {scheme}: {told}{f'; wider: {wide} px' if wide > width else ''}")
                    print(*(f"    {one}" for one in bad[:10]), sep="\n", end="\n" if bad else "")
        browser.close()
    print(f"{len(pages)} pages, {total:,} texts, {low} with a contrast below {ENOUGH}")


if __name__ == "__main__":
    main()
