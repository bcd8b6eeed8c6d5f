"""Every code block of docs/plugin-guide.md stands verbatim in a file it names. Usage: check_quotes.py GUIDE SOURCE_FOLDER"""
import pathlib
import re
import sys

guide, source = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
text = guide.read_text()
named = [source / name for name in re.findall(r"`(tests/consumer/[^`]+\.\w+)`", text)]
files = {path: path.read_text() for path in named}
blocks = re.findall(r"```(cpp|cmake|c)\n(.*?)```", text, re.S)
if len(blocks) < 10 or len(files) < 3:
    sys.exit(f"{guide} has {len(blocks)} blocks and names {len(files)} files: this check looks at the wrong text")
missing = [block for _, block in blocks if not any(block in content for content in files.values())]
for block in missing:
    print(f"not in any file that {guide.name} names:\n{block}")
sys.exit(1 if missing else 0)
