"""The versions that the course grades with. `hw release` writes them into the hw_lib of a hand-out; the source has none."""

VERSIONS: dict[str, str] = {}  # "python", or the name of a package -> the version, for example "3.11"
