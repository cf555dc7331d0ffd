"""A page as a browser shows it, used as a person uses it."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

# what stands before the page's own script, to hear its errors, and after it, to use the page as a person does
_BEFORE = "<script>const faults = []; addEventListener('error', (event) => faults.push(event.message), true);</script>"
_AFTER = """<script>
const rows = (name) => [...document.querySelectorAll(`#table-${name} tbody tr`)].filter((row) => !row.hidden);
const head = (name, title) => [...document.querySelectorAll(`#table-${name} th`)].find(
  (one) => one.textContent.trim() === title);
const column = (name, title) => rows(name).map((row) => row.cells[head(name, title).cellIndex].textContent.trim());
const press = (name, title) => head(name, title).querySelector("button").click();
const told = {};
%s
told.faults = faults;
told.loaded = performance.getEntriesByType("resource").map((one) => one.name).filter((one) => !one.startsWith("data:"));
document.body.innerHTML = "";
document.body.append(Object.assign(document.createElement("pre"), { textContent: JSON.stringify(told) }));
</script>"""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')  # which would let none of these scripts in


def in_browser(page: Path, steps: str, folder: Path) -> Any:
    """What a page told after `steps` were done on it in headless Chromium; without that, the test is skipped.

    Args:
        page: the file.
        steps: JavaScript that puts into `told`; `rows`, `head`, `column` and `press` find their way in its tables.
        folder: for a copy of the page.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium")
    text, policies = _POLICY.subn("", page.read_text())
    assert policies == 1
    copy = folder / "used.html"
    used = text.replace("<head>", f"<head>{_BEFORE}", 1).replace("</body>", f"{_AFTER % steps}</body>", 1)
    copy.write_text(used)
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    done = subprocess.run(
        [*command, "--dump-dom", copy.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    (said,) = re.findall(r"<pre>(.*)</pre>", done.stdout, re.DOTALL)
    return json.loads(html.unescape(said))
