"""Every test that docs/traps.md names is there. Usage: check_traps.py GUIDE SOURCE_FOLDER"""
import pathlib
import re
import sys

guide, source = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
tests = set()
for folder in ("tests", "plugins", "sdk/tests"):
    for path in (source / folder).rglob("*_test.cpp"):
        text = path.read_text()
        tests |= set(re.findall(r"TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", text))
        tests |= {("Traps", name) for name in re.findall(r'Trap\{"(\w+)"', text)}
named = re.findall(r"`(\w+)\.(\w+)`", "".join(line for line in guide.read_text().splitlines(True) if line.startswith("|")))
if len(named) < 50:
    sys.exit(f"{guide} names {len(named)} tests: this check looks at the wrong text")
missing = [f"{suite}.{name}" for suite, name in named if (suite, name) not in tests]
for test in missing:
    print(f"{guide.name} names a test that is not there: {test}")
sys.exit(1 if missing else 0)
