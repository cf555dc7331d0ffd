"""What `--help` prints, without composing anything."""

import re
from dataclasses import fields

from genre.config.schema import SCHEMAS, RunConfig
from genre.paths import CONF_DIR, program


def help_text(config_name: str, purpose: str) -> str:
    """A script's own docstring, then its groups with their options and its single settings.

    Args:
        config_name: of the script's contents page, conf/`config_name`.yaml.
        purpose: the script's docstring.
    """
    names = [field.name for field in fields(SCHEMAS[config_name])]
    groups = [name for name in names if (CONF_DIR / name).is_dir()]
    lines = [re.sub(r"python scripts/(\w+)\.py", lambda found: program(found[1]), purpose.strip()), ""]
    if groups:
        lines += ["Groups (group=option, then group.setting=value):"]
        # what a run's contents page names beside the groups of settings
        run = issubclass(SCHEMAS[config_name], RunConfig)
        beside = ["experiment", "sweep", "hydra/sweeper", "hydra/launcher"] if run else []
        for name in [*groups, *beside]:
            folder = CONF_DIR / name
            options = sorted(file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("*.yaml"))
            lines += [f"  {name}: {', '.join(options)}"]
    lines += [f"Settings: {', '.join(name for name in names if name not in groups)}", ""]
    return "\n".join([*lines, "--cfg job shows every setting with its value; --hydra-help shows Hydra's own flags."])
