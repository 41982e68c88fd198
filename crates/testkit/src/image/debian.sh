# Makes an archive of a Debian that people could work in. $1: where; $2: the mirror.
set -e
packages=bash,bash-completion,ca-certificates,curl,git,htop,less,locales,nano,ncurses-base,ncurses-bin,openssh-client,procps,tmux,vim-tiny
root=$1/root
mmdebstrap --quiet --variant=minbase --include="$packages" --aptopt='Acquire::Languages "none"' \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
	--dpkgopt='path-exclude=/usr/share/man/*' bookworm "$root" "$2"
rm -f "$root/etc/resolv.conf"
# There is no network where it runs: its apt knows one folder of its own, with one package that is not installed.
package=$1/package
mkdir -p "$package/DEBIAN" "$package/usr/bin" "$root/srv/packages"
printf '#!/bin/sh\necho greetings from a package\n' >"$package/usr/bin/greet"
chmod 0755 "$package/usr/bin/greet"
cat >"$package/DEBIAN/control" <<-EOF
	Package: greet
	Version: 1.0
	Architecture: all
	Maintainer: nobody <nobody@example.org>
	Description: says something
EOF
deb=$root/srv/packages/greet.deb
dpkg-deb --root-owner-group --build "$package" "$deb" >"$1/log"
{
	cat "$package/DEBIAN/control"
	echo 'Filename: ./greet.deb'
	echo "Size: $(stat -c %s "$deb")"
	echo "SHA256: $(sha256sum "$deb" | cut -d' ' -f1)"
} >"$root/srv/packages/Packages"
rm -rf "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*
echo 'deb [trusted=yes] file:/srv/packages ./' >"$root/etc/apt/sources.list"
tar -C "$root" --numeric-owner -cf "$1/image.tar" .
rm -rf --one-file-system "$root" "$package"
