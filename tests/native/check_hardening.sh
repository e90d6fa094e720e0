#!/bin/sh
# check_hardening.sh LIBRARY: checks how the library is linked, what it exports and which C library it needs.
set -eu
library=$1
status=0

fail() {
    echo "$library: $1" >&2
    status=1
}

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

exit $status
