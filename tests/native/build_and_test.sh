#!/bin/sh
# build_and_test.sh BUILD_DIRECTORY CMAKE_ARGUMENT...: one configuration of the shim, built and tested.
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
shift
cmake -S "$source" -B "$build" "$@"
cmake --build "$build" --parallel 2
# Most tests wait for the kernel's timers, not for a processor.
cd "$build" && ctest --output-on-failure --parallel 4
