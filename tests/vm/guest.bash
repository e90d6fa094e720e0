# What run and pause share: the packages they need, and how a guest is made.
packages=(cpio gcc-aarch64-linux-gnu kmod libc6-dev-arm64-cross mmdebstrap python3 qemu-system-arm qemu-system-x86)
suite=bookworm
guest_packages=bash,coreutils,dash,findutils,grep,iproute2,kmod,libc-bin,mount,netbase,nftables,openjdk-17-jre-headless,procps,sed,util-linux

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

# A folder tree with a kernel, Java and what the tests call, without what only an installation would run.
make_guest() { # FOLDER debian-architecture
    mmdebstrap --quiet --variant=extract --architecture="$2" --include="$guest_packages,linux-image-$2" \
        --customize-hook='ln -sf dash "$1"/bin/sh' --customize-hook='rm -rf "$1"/usr/share/{doc,man,locale,i18n} "$1"/var/{cache,lib}/apt' "$suite" "$1"
    local modules
    modules=$(echo "$1"/lib/modules/*)
    find "$modules/kernel/drivers" -name '*.ko' -not -name veth.ko -not -name dummy.ko \
        -not -name macvlan.ko -not -name net_failover.ko -not -name 'virtio*.ko' -delete
    rm -rf "$modules"/kernel/{fs,sound}
    depmod -b "$1" "$(basename "$modules")"
}

pack() { # FOLDER file
    (cd "$1" && find . | cpio --quiet -o -H newc | gzip -1) >"$2"
}
