"""A service desk that lives in Git: records are Markdown files, checked, timed and published by this package."""

# A constant, because importlib.metadata costs more than the whole `version` command may.
__version__ = "0.1.0"

_digests: "dict[tuple[tuple[str, ...], str], str]" = {}
"""What `digest_of_code` told this process, which goes on with the code that it began with."""


def digest_of_code(rooms: "tuple[str, ...]", also: str = "") -> str:
    """Return a word that changes with the code of some rooms and of the single modules (names, sizes, times of files).

    also: a text that it changes with too. What is kept between processes carries such a word, so that an upgrade
    makes it anew. Within a process the first answer stands, because its modules stay what they are.
    """
    if known := _digests.get((rooms, also)):
        return known
    import os
    import zlib  # two checksums are enough to notice an upgrade, and hashlib takes 3 ms to import

    package = __path__[0]
    seen = [also]
    for folder in (package, *(f"{package}/{room}" for room in rooms)):
        with os.scandir(folder) as files:
            for file in files:
                if file.name.endswith((".py", ".toml")):
                    about = file.stat()
                    seen.append(f"{folder[len(package) :]}/{file.name} {about.st_size} {about.st_mtime_ns}")
    data = "\n".join(sorted(seen)).encode()
    found = _digests[rooms, also] = f"{len(data):x}.{zlib.crc32(data):08x}{zlib.adler32(data):08x}"
    return found
