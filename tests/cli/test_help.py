"""What `--help` says of settings."""

from genre.cli.help import help_text


def test_every_setting_stands_there_with_its_value_and_meaning() -> None:
    lines = help_text("train", "Train.").splitlines()
    assert "  seed=1                                    of weights, batches and dropout" in lines
    assert "    loss.label_smoothing=0.0                targets become 1 - s/2 and s/2" in lines
    # of the sample, and of the source that it builds on
    assert any(line.startswith("    data.source=invented") for line in lines)
    assert any(line.startswith("    data.rules.html=true") for line in lines)
    for group in ("loss: asymmetric, bce,", "sweep: dataset_size,", "hydra/launcher: local,", "experiment: best,"):
        assert any(line.startswith(f"  {group}") for line in lines), group
    assert max(map(len, lines)) <= 120


def test_a_command_that_trains_nothing_knows_no_sweeps() -> None:
    lines = help_text("compare", "Compare.").splitlines()
    assert any(line.startswith("  against=null ") for line in lines)
    assert not any("hydra/launcher" in line for line in lines)
