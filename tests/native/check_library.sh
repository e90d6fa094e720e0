#!/bin/sh
# check_library.sh LIBRARY PLATFORM: checks for which machine the library is, how it is linked, what it exports and which
# C library it needs: glibc 2.17 or musl. PLATFORM is linux-x86-64 or linux-aarch64.
set -eu
library=$1
platform=$2
musl=/usr/lib/x86_64-linux-musl/libc.so # Debian's package musl; it has the same functions on each machine
status=0

fail() {
    echo "$library: $1" >&2
    status=1
}

case $platform in
    linux-x86-64) machine='Advanced Micro Devices X86-64' ;;
    linux-aarch64) machine=AArch64 ;;
    *) fail "platform $platform is none of linux-x86-64 and linux-aarch64" ;;
esac
readelf --file-header "$library" | grep -q "Machine: *$machine\$" || fail "not for $platform"

program_headers=$(readelf --wide --program-headers "$library")
dynamic=$(readelf --wide --dynamic "$library")
symbols=$(readelf --wide --dyn-syms "$library")

echo "$program_headers" | grep -q GNU_RELRO || fail "no RELRO"
echo "$dynamic" | grep -Eq 'BIND_NOW|FLAGS.*NOW' || fail "no BIND_NOW"
echo "$program_headers" | grep -Eq 'GNU_STACK.* RW ' || fail "executable stack"
if echo "$program_headers" | grep -Eq 'LOAD.* RWE'; then
    fail "a segment both writable and executable"
fi
if echo "$dynamic" | grep -q TEXTREL; then
    fail "text relocations"
fi

needed=$(echo "$dynamic" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ "$needed" = libc.so.6 ] || fail "needs other than libc.so.6: $needed"

exported=$(echo "$symbols" | awk '$7 ~ /^[0-9]+$/ && $5 != "LOCAL" { print $8 }')
echo "$exported" | grep -q '^ka_' || fail "exports nothing"
foreign=$(echo "$exported" | grep -v '^ka_' || true)
[ -z "$foreign" ] || fail "exports other than ka_*: $foreign"

# Unnumbered versions (GLIBC_PRIVATE, GLIBC_ABI_DT_RELR) sort after the limit, so they fail, too.
newest=$(readelf --wide --version-info "$library" | grep -o 'GLIBC_[A-Z0-9._]*' | sort --version-sort | tail -n 1)
newest_or_limit=$(printf '%s\nGLIBC_2.17\n' "$newest" | sort --version-sort | tail -n 1)
[ "$newest_or_limit" = GLIBC_2.17 ] || fail "requires $newest"

undefined=$(echo "$symbols" | awk '$7 == "UND" && $5 != "WEAK" && NF > 7 { sub("@.*", "", $8); print $8 }' | sort -u)
if [ -e "$musl" ]; then
    provided=$(readelf --wide --dyn-syms "$musl" | awk '$7 ~ /^[0-9]+$/ { print $8 }' | sort -u)
    for symbol in $undefined; do
        # In glibc for aarch64 it is in the dynamic loader, in musl for x86-64 the compiler needs none.
        [ "$symbol" = __stack_chk_guard ] && continue
        echo "$provided" | grep -qx "$symbol" || fail "musl has no $symbol"
    done
elif [ "${CI-}" = true ]; then
    fail "no $musl to compare with (Debian's package musl)"
fi

exit $status
