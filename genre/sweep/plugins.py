"""Importing this module makes Hydra know the sweepers and launchers of this project."""

from hydra.core.plugins import Plugins

from genre.sweep.grid import GridSweeper
from genre.sweep.local import LocalLauncher
from genre.sweep.ray import RayLauncher
from genre.sweep.search import SearchSweeper

for _plugin in (GridSweeper, SearchSweeper, LocalLauncher, RayLauncher):
    # Hydra takes plugins by names that begin so, whether or not there is such a folder
    Plugins.instance().class_name_to_class[f"hydra_plugins.genre.{_plugin.__name__}"] = _plugin
