"""dockerfile.py FILE FOLDER: the RUN steps of each stage, as FOLDER/0, FOLDER/1.

Reads what ours uses: stages, continued lines, comments.  A word that it does not
know is an error, so that a new step is not left out of the test.
"""
import sys

KNOWN = {"WORKDIR", "COPY", "USER", "ENTRYPOINT", "CMD"}


def instructions(path):
    whole = ""
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.lstrip().startswith("#"):
                continue
            whole += line.rstrip("\n")
            if whole.endswith("\\"):
                whole = whole[:-1]
                continue
            if whole.strip():
                yield whole.split(None, 1)
            whole = ""


def main():
    stages = []
    for word, rest in instructions(sys.argv[1]):
        if word == "FROM":
            assert rest.startswith("debian:12"), rest
            stages.append([])
        elif word == "RUN":
            stages[-1].append(rest)
        else:
            assert word in KNOWN, word
    assert len(stages) == 2 and all(stages), stages
    for number, steps in enumerate(stages):
        with open(f"{sys.argv[2]}/{number}", "w", encoding="utf-8") as f:
            f.write(" && ".join(steps))


if __name__ == "__main__":
    main()
