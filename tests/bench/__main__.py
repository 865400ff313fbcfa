"""``make bench``: measures, and writes docs/benchmarks.md; ``python -m tests.bench PART …`` measures parts anew."""

import argparse
import sys
import time
import traceback

from tests.bench import report
from tests.bench.databases import Databases, make_databases
from tests.bench.parts import PARTS


def main() -> int:
    """How many parts failed; the document holds everything else, and says which ones did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of: {', '.join(PARTS)}; all if left out")
    names = parser.parse_args().parts or list(PARTS)
    if unknown := set(names) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    databases = make_databases()
    return sum(not _measured(name, databases) for name in names)


def _measured(name: str, databases: Databases) -> bool:
    """Whether the part could be measured; either way its section is in the document before the next part begins."""
    begun = time.monotonic()
    try:
        text, measured = PARTS[name](databases), True
    except Exception as error:
        # Whatever it is, the other parts go on.
        traceback.print_exc()
        text, measured = report.not_measured(name, error), False
    report.keep(name, text)
    report.write(PARTS)
    sys.stdout.write(f"{name}: {'done' if measured else 'FAILED'} after {time.monotonic() - begun:,.0f} s\n")
    sys.stdout.flush()
    return measured


if __name__ == "__main__":
    sys.exit(main())
