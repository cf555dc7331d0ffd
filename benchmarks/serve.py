"""A server under load, and its page as a browser shows it.

    python benchmarks/serve.py outputs/runs/NAME [outputs/runs/OTHER] [--pictures FOLDER]

starts `scripts/serve.py` on these runs. First 100 clients ask the JSON endpoint 20 times each, all at once: it prints
what was answered, how long an answer takes (p50, p99), and the server's memory before, at its highest and after. Then
Chromium, where there is one, opens the page wide and narrow, light and dark, and asks for a text and its words: it
prints the text with the least contrast (WCAG 2.2; 4.5 is enough) and how many requests went to another machine.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
from pages import ENOUGH, WIDTHS, Browser, measured

_TEXTS = [
    "A sheriff comes out of retirement to bring three brothers to trial across two hundred miles of desert.",
    "Two friends who cannot stand each other's partners are made to plan one wedding.",
    "In an empty house by the moor a family hears steps below the floor every night at three.",
]
_ASK = """(() => {
  const text = [...document.querySelectorAll("textarea")].at(-1);
  text.value = %s;
  text.dispatchEvent(new Event("input", { bubbles: true }));
})()"""
_WORDS = "[...document.querySelectorAll('button')].find((one) => one.textContent.includes('words')).click()"


def load(port: int, clients: int, requests: int) -> list[tuple[int, float]]:
    """Status and seconds of each request; 0 for one that broke off."""
    found: list[tuple[int, float]] = []
    begin = threading.Barrier(clients)

    def client(number: int) -> None:
        begin.wait()
        connection = HTTPConnection("127.0.0.1", port, timeout=300)
        for request in range(requests):
            body = json.dumps({"text": f"{_TEXTS[request % len(_TEXTS)]} {number}"})
            start = time.perf_counter()
            try:
                connection.request("POST", "/api/predict", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except OSError:
                status = 0
                connection.close()
            found.append((status, time.perf_counter() - start))
            if status == 503:
                time.sleep(0.2)
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def memory(process: int) -> dict[str, int]:
    """MiB that a process holds, now (VmRSS) and at its highest (VmHWM)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.startswith(("VmRSS", "VmHWM"))}


def under_load(port: int, process: int, clients: int, requests: int) -> None:
    """Ask, and print."""
    load(port, 1, 20)
    before = memory(process)["VmRSS"]
    for turn in (1, 2):
        start = time.perf_counter()
        found = load(port, clients, requests)
        seconds = time.perf_counter() - start
        answered = [took for status, took in found if status == 200]
        p50, p99 = np.percentile(answered, [50, 99])
        statuses = ", ".join(f"{count:,} of {status}" for status, count in sorted(Counter(s for s, _ in found).items()))
        print(
            f"load {turn}: {clients} clients x {requests} requests in {seconds:.1f} s: {statuses}; answers: "
            f"p50 {p50:.3f} s, p99 {p99:.3f} s, {len(answered) / seconds:.0f} a second; "
            f"memory: {before} MiB before, {memory(process)['VmRSS']} after, {memory(process)['VmHWM']} at its highest"
        )


def waited(browser: Browser, expression: str) -> None:
    """Until something is there."""
    end = time.monotonic() + 300
    while not browser.value(f"!!({expression})"):
        if time.monotonic() > end:
            raise SystemExit(f"the page never had: {expression}")
        time.sleep(0.1)


def looks(address: str, pictures: Path | None) -> None:
    """Look at the page, and print."""
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        browser.call("Network.enable")
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                browser.open(address, width, scheme)
                waited(browser, "document.querySelector('textarea')")
                browser.value(_ASK % json.dumps(_TEXTS[0]))
                time.sleep(0.3)
                browser.value(_WORDS)
                waited(browser, "document.querySelector('.words')")
                time.sleep(1)  # it fades in
                wide = browser.value("document.documentElement.scrollWidth")
                if pictures:
                    pictures.mkdir(parents=True, exist_ok=True)
                    for number, tile in enumerate(browser.tiles(), 1):
                        tile.save(pictures / f"serve_{width}_{scheme}_{number}.png")
                texts = measured(browser)
                low = sum(value < ENOUGH for value, _ in texts)
                told = f"least contrast {texts[0][0]:.2f} ({texts[0][1]!r}), {low} below {ENOUGH}"
                print(f"page, {width} px, {scheme}: {len(texts):,} texts, {told}{', too wide' if wide > width else ''}")
        events = [event for event in browser.events if event.get("method") == "Network.requestWillBeSent"]
        asked = [event["params"]["request"]["url"] for event in events]
        others = [url for url in asked if not url.startswith((address, "data:", f"blob:{address}"))]
        print(f"requests: {len(asked)}, of which to another machine: {len(others)}", *others[:5])
        browser.close()


def main() -> None:
    """Serve, load, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", help="one or two run folders")
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the page")
    given = parser.parse_args()
    script = Path(__file__).parents[1] / "scripts" / "serve.py"
    settings = [f"{name}={run}" for name, run in zip(("run", "beside"), given.runs, strict=False)]
    line = [sys.executable, str(script), *settings, "port=0"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        assert server.stdout
        told = server.stdout.readline()
        print(told, end="")
        address = "http://" + told.split("http://")[1].split()[0]
        try:
            under_load(int(address.rpartition(":")[2]), server.pid, given.clients, given.requests)
            if shutil.which("chromium"):
                looks(address, given.pictures)
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
