"""Tables for a paper."""

import shutil
import subprocess

import pandas as pd
import pytest

from genre.report.latex import PREAMBLE, escaped, latex

TABLE = pd.DataFrame(
    {
        "run": ["loss=focal_1", "loss=bce"],
        "F1": [0.5, 0.625],
        "F1_low": [0.4, 0.5],
        "F1_high": [0.6, 0.75],
        "Hamming loss": [0.1, 0.2],
        "difference": [float("nan"), -0.125],
        "difference_low": [float("nan"), -0.25],
        "difference_high": [float("nan"), 0.0],
    }
)


def made(table: pd.DataFrame = TABLE, **changes) -> str:
    settings = {"name": "runs", "caption": "95 % intervals", "best": {"F1": "high", "Hamming loss": "low"}}
    return latex(table, **(settings | {"daggers": {"difference": [1]}} | changes))


def test_a_table_worked_by_hand() -> None:
    lines = made().splitlines()
    start = lines.index(r"\toprule")
    assert lines[start - 1] == r"\begin{tabular}{lrrr}"
    assert lines[start + 1 : -2] == [
        r"run & F1 & Hamming loss & difference \\",
        r"\midrule",
        r"loss=focal\_1 & 0.500 {\scriptsize(0.400--0.600)} & \textbf{0.100} & -- \\",
        r"loss=bce & \textbf{0.625} {\scriptsize(0.500--0.750)} & 0.200 "
        r"& $-$0.125$^\dagger$ {\scriptsize($-$0.250 to 0.000)} \\",
        r"\bottomrule",
    ]
    assert r"\caption{95 \% intervals}" in lines
    assert r"\label{tab:runs}" in lines


def test_nothing_is_best_where_all_are_equal() -> None:
    equal = TABLE.assign(F1=0.5)
    assert "textbf{0.500}" not in latex(equal, name="runs", caption="", best={"F1": "high"})


def test_long_texts_are_wrapped() -> None:
    assert r"\begin{tabular}{p{0.3\linewidth}rrr}" in made(wrapped=["run"])


def test_what_means_something_to_latex_is_escaped() -> None:
    assert escaped(r"a_b & 5 % \x {~^} p < 0.05") == (
        r"a\_b \& 5 \% \textbackslash{}x \{\textasciitilde{}\textasciicircum{}\} p \textless{} 0.05"
    )


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no LaTeX here")
@pytest.mark.slow
def test_it_compiles(tmp_path) -> None:
    preamble = r"\documentclass{article}\usepackage{booktabs,graphicx}\begin{document}"
    wide = TABLE.assign(run=["loss=focal_1 " * 6, "loss=bce"])
    tables = made(caption="a_b & 5 % < {x}~^", wrapped=["run"]) + made(wide)
    text = f"{preamble}\n{PREAMBLE}{tables}\n\\end{{document}}\n"
    (tmp_path / "paper.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Overfull" not in done.stdout
    assert (tmp_path / "paper.pdf").is_file()
