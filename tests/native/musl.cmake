# The shim and its tests with musl: cmake -DCMAKE_TOOLCHAIN_FILE=tests/native/musl.cmake
set(CMAKE_C_COMPILER musl-gcc)
# Debian's musl comes without the kernel's headers.
set(CMAKE_C_FLAGS_INIT "-idirafter /usr/include -idirafter /usr/include/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu")
