#!/bin/sh
# build_and_test.sh BUILD_DIRECTORY CMAKE_ARGUMENT...: builds and tests one configuration of the shim.
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
shift
cmake -S "$source" -B "$build" "$@"
cmake --build "$build" --parallel 2
# Most tests wait for the kernel's timers, not for a CPU, so six run at once.
cd "$build" && ctest --output-on-failure --parallel 6
