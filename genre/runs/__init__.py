"""What a run is: its folder, its identity, and the files in the folder."""

from genre.runs.command import commands as commands
from genre.runs.command import option as option
from genre.runs.command import spelled_out as spelled_out
from genre.runs.environment import environment as environment
from genre.runs.folder import RunFolder as RunFolder
from genre.runs.identity import changed_settings as changed_settings
from genre.runs.identity import config_name as config_name
from genre.runs.identity import default_settings as default_settings
from genre.runs.identity import essential_overrides as essential_overrides
from genre.runs.identity import essential_settings as essential_settings
from genre.runs.identity import flatten as flatten
from genre.runs.identity import folder_name as folder_name
