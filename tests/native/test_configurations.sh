#!/bin/sh
# test_configurations.sh DIRECTORY SHIPPED_LIBRARY: builds and tests all configurations of the shim in DIRECTORY. Two go side
# by side, so that one is compiled while the tests of the other wait.
set -eu
sources=$(cd "$(dirname "$0")" && pwd)
directory=$1
shipped=$2
mkdir -p "$directory"

configuration() { # NAME CMAKE_ARGUMENT...
    name=$1
    shift
    echo "$name"
    "$sources/build_and_test.sh" "$directory/$name" "$@"
}

optimized() {
    configuration plain -DCMAKE_BUILD_TYPE=Release &&
        configuration musl -DCMAKE_BUILD_TYPE=Release "-DCMAKE_TOOLCHAIN_FILE=$sources/musl.cmake" \
            "-DKA_SHIPPED_LIBRARY=$shipped"
}

sanitized() {
    configuration asan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DKA_SANITIZE=address,undefined &&
        configuration tsan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DKA_SANITIZE=thread
}

sanitized >"$directory/sanitized.log" 2>&1 &
status=0
optimized || status=1
wait $! || status=1
cat "$directory/sanitized.log"
exit "$status"
