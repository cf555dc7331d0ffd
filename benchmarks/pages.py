"""Every page as a browser shows it, wide and narrow, light and dark, and the contrast of all its text.

    python benchmarks/pages.py outputs --pictures FOLDER

looks for the pages below a folder, writes a picture of each, and prints the text with the least contrast. Text on pages is
measured against the ground that the browser painted; text in plots too, as the page shows it. Needs Chromium.
"""

import argparse
import base64
import io
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genre.report.colours import contrast

WIDTHS = (1280, 400)
ENOUGH = 4.5
_TALLEST = 16000  # pixels of a picture
# every piece of text with its place and colour; the SVG of plots is put into the page first, so that it is seen
_TEXTS = """(() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.textContent.trim();
    const parent = node.parentElement;
    if (!text || !parent.checkVisibility() || parent.closest("script, style, noscript, title, metadata")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(parent);
    const colour = parent.closest("svg") ? style.fill : style.color;
    for (const box of [...range.getClientRects()].slice(0, 2))
      if (box.width > 1 && box.height > 1)
        found.push([text.slice(0, 60), colour, box.x + scrollX, box.y + scrollY, box.width, box.height]);
  }
  return found;
})()"""
_INLINE = """(() => {
  for (const picture of document.querySelectorAll("figure img")) {
    const holder = document.createElement("div");
    holder.innerHTML = new TextDecoder().decode(Uint8Array.from(atob(picture.src.split(",")[1]), (one) => one.charCodeAt(0)));
    const svg = holder.querySelector("svg");
    svg.style.width = `${picture.clientWidth}px`;
    svg.style.height = "auto";
    picture.replaceWith(svg);
  }
  for (const part of document.querySelectorAll(".scroll")) part.style.maxHeight = "none";
  for (const part of document.querySelectorAll("details")) part.open = true;
})()"""
_HIDE = "* { color: transparent !important; caret-color: transparent !important } svg text { opacity: 0 !important } ::placeholder { opacity: 0 } th button::after { opacity: 0 }"


class Browser:
    """Chromium without a window, told what to do through a pipe."""

    def __init__(self, folder: str) -> None:
        name = shutil.which("chromium") or shutil.which("google-chrome")
        if name is None:
            raise SystemExit("no Chromium here")
        (theirs, self._out), (self._in, answers) = os.pipe(), os.pipe()
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
        ]
        options += [f"--user-data-dir={folder}", "--remote-debugging-pipe"]
        line = f'exec "$@" 3<&{theirs} 4>&{answers}'
        self._process = subprocess.Popen(
            ["bash", "-c", line, "bash", name, *options], pass_fds=(theirs, answers), stderr=subprocess.DEVNULL
        )
        os.close(theirs), os.close(answers)
        self._number, self._left, self._session = 0, b"", ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """The answer to a command of the DevTools protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _read(self) -> Any:
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

    def open(self, page: Path, width: int, *, dark: bool) -> None:
        """Show a page."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        self.call("Page.navigate", url=page.resolve().as_uri())
        self.value(
            "new Promise((done) => { const wait = () => document.readyState === 'complete' ? done() : setTimeout(wait, 20); wait(); })"
        )

    def picture(self) -> Image.Image:
        """The whole page."""
        height = min(_TALLEST, self.value("document.documentElement.scrollHeight"))
        width = self.value("document.documentElement.clientWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def measured(browser: Browser) -> list[tuple[float, str]]:
    """The contrast of each piece of text of the page that is open, least first."""
    browser.value(_INLINE)
    texts = browser.value(_TEXTS)
    browser.value(f"document.head.append(Object.assign(document.createElement('style'), {{ textContent: `{_HIDE}` }}))")
    ground = np.asarray(browser.picture()) / 255
    found = []
    for text, colour, left, top, width, height in texts:
        parts = [float(part) for part in colour.removeprefix("rgba(").removeprefix("rgb(").rstrip(")").split(",")]
        ink = tuple(part / 255 for part in parts[:3])
        x, y = int(left), int(top)
        cells = ground[y : y + max(1, int(height)), max(0, x) : x + max(1, int(width))].reshape(-1, 3)
        if not len(cells):
            continue  # below the end of the picture, or beyond a page's edge
        # what most of the ground is: lines of a grid cross it
        common, counts = np.unique((cells * 255).astype(int), axis=0, return_counts=True)
        under = tuple(common[counts.argmax()] / 255)
        found.append((contrast(ink, under), text))
    return sorted(found)


def main() -> None:
    """Look at each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    pages = sorted(given.folder.rglob("*.html")) if given.folder.is_dir() else [given.folder]
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        for page in pages:
            for width in WIDTHS:
                for dark in (False, True):
                    browser.open(page, width, dark=dark)
                    wide = browser.value("document.documentElement.scrollWidth")
                    if given.pictures:
                        name = f"{page.parent.parent.name}_{page.parent.name}_{page.stem}_{width}_{'dark' if dark else 'light'}"
                        given.pictures.mkdir(parents=True, exist_ok=True)
                        browser.picture().save(given.pictures / f"{name}.png")
                    texts = measured(browser)
                    low = [f"{value:.2f} {text!r}" for value, text in texts if value < ENOUGH]
                    print(
                        page,
                        width,
                        "dark" if dark else "light",
                        f"{len(texts)} texts, least {texts[0][0]:.2f};",
                        f"page {wide} px",
                        *low[:8],
                    )
        browser.close()


if __name__ == "__main__":
    main()
