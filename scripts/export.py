"""Write the network of a finished run for other programs: a Hugging Face folder, or an ONNX file, with its model card.

Examples:
  python scripts/export.py                                                the newest finished run, for transformers
  python scripts/export.py run=outputs/runs/NAME output=FOLDER
  python scripts/export.py run=outputs/runs/NAME format=onnx              for any ONNX runtime
  python scripts/export.py run=outputs/runs/NAME format=onnx_int8         a quarter of the size
"""

from genre.cli import entry_point
from genre.config import ExportConfig
from genre.config.overrides import command
from genre.console import say_next


@entry_point("export")
def main(cfg: ExportConfig) -> None:
    # heavy imports: only when there is something to export
    from genre.report.card import model_card, models_table
    from genre.use.export import export

    folder, exported = export(cfg, model_card)
    print(models_table(exported).to_string(index=False))
    if exported.format == "huggingface" and not exported.plain:
        print("Plain transformers refuses this folder: it has no network that reads the mean of the tokens.")
    print(f"Exported to {folder} (README.md is its model card)")
    say_next("To use it", command("predict", run=folder, text="A detective looks for her missing brother."))


if __name__ == "__main__":
    main()
