"""Writes until the disk is full."""


def run(spec, folder, progress):
    with (folder / "big").open("wb") as file:
        while True:
            file.write(b"x" * 65_536)
            progress.report("fitting", file.tell(), 1e9)
