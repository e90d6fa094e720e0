"""list_tests.py: reads what `ctest --show-only=json-v1` says, and prints a line for each test that needs no tool of the
build, and asserts no time: an emulated machine keeps none. Of each its name and its command, as xargs reads them."""
import json
import shlex
import sys

OF_THE_BUILD = {"clang_format", "library"}
OF_TIMES = {
    "detector",
    "flood",
    "local_queue_monitor",
    "local_queue_pause",
    "monitor_stress",
    "probe",
    "suspicion",
    "timeout",
}

for test in json.load(sys.stdin)["tests"]:
    if test["name"] not in OF_THE_BUILD | OF_TIMES:
        print(shlex.join([test["name"], *test["command"]]))
