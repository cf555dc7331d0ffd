"""Importing this module makes Hydra know the sweepers and the launcher of this project."""

from hydra.core.plugins import Plugins

from genre.sweep.grid import GridSweeper
from genre.sweep.local import LocalLauncher

for _plugin in (GridSweeper, LocalLauncher):
    # Hydra takes plugins by names that begin so, whether or not there is such a folder
    Plugins.instance().class_name_to_class[f"hydra_plugins.genre.{_plugin.__name__}"] = _plugin
