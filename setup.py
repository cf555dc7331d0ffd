"""A wheel has inside the package what stands beside it in a clone: settings, scripts and the sample."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ["conf/**/*.yaml", "scripts/*.py", "data/sample/raw/*.csv", "data/sample/crawl_data.csv"]


class Build(build_py):
    """Copies it, but for `pip install -e`, which finds it where it is."""

    def run(self) -> None:
        super().run()
        for file in () if self.editable_mode else (file for pattern in SHIPPED for file in Path().glob(pattern)):
            target = Path(self.build_lib) / "genre" / file
            self.mkpath(str(target.parent))
            self.copy_file(str(file), str(target))


setup(cmdclass={"build_py": Build})
