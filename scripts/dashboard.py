"""Make the saved view of a W&B project that compares its runs; each call makes a new one.

Needs the package wandb-workspaces (pip install -e '.[wandb]') and W&B credentials.

Examples:
  python scripts/dashboard.py
  python scripts/dashboard.py entity=my-team project=genre name="Losses compared"
"""

from genre.cli import entry_point
from genre.config import DashboardConfig


@entry_point("dashboard")
def main(cfg: DashboardConfig) -> None:
    from genre.tracking.dashboard import save_dashboard

    print(f"Dashboard: {save_dashboard(cfg)}")


if __name__ == "__main__":
    main()
