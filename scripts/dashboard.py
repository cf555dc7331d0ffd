"""Make a saved view and a report of a W&B project that compare its runs; each call makes new ones.

Without W&B credentials (or with WANDB_MODE=offline) both are written into a file. Needs the package wandb-workspaces
(pip install -e '.[wandb]').

Examples:
  python scripts/dashboard.py
  python scripts/dashboard.py entity=my-team project=genre name="Losses compared"
"""

from genre.cli import entry_point
from genre.config import DashboardConfig


@entry_point("dashboard")
def main(cfg: DashboardConfig) -> None:
    from genre.tracking.dashboard import save_dashboard

    made = save_dashboard(cfg)
    for name, place in made.items():
        print(f"{name.capitalize()}: {place}")
    if "file" in made:
        print("To send them: the same command after `wandb login` or with WANDB_API_KEY.")


if __name__ == "__main__":
    main()
