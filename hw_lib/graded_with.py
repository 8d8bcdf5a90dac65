"""What `hw release` writes into the hw_lib of a hand-out: the versions that the course grades with, and which library this is."""

VERSIONS: dict[str, str] = {}  # "python", or the name of a package -> the version, for example "3.11"
LIBRARY = ""  # a digest of the library's source; the notebooks of the same hand-out name it
