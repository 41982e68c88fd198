# Makes the disk of a whole machine. $1: where; $2: the mirror; $3: what runs in it and does what a test says.
set -e
packages=systemd,systemd-sysv,libpam-systemd,dbus,udev,kmod,linux-image-cloud-amd64,iproute2,iptables,nftables,docker.io,busybox-static
root=$1/root
mmdebstrap --quiet --variant=minbase --include="$packages" --aptopt='Acquire::Languages "none"' \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
	--dpkgopt='path-exclude=/usr/share/man/*' bookworm "$root" "$2"
# There is no network, and what this machine asks is nobody's business there.
rm -f "$root/etc/resolv.conf"
mkdir -p "$root/etc/docker"
echo '{"userns-remap": "default"}' >"$root/etc/docker/daemon.json"
echo machine >"$root/etc/hostname"
printf '%s' "$3" >"$root/usr/local/sbin/agent"
chmod 0755 "$root/usr/local/sbin/agent"
cat >"$root/etc/systemd/system/agent.service" <<-EOF
	[Service]
	ExecStart=/usr/local/sbin/agent
	[Install]
	WantedBy=multi-user.target
EOF
# Nothing that waits for a network or a person, or works by the clock.
chroot "$root" systemctl --quiet enable agent.service
chroot "$root" systemctl --quiet mask getty@tty1.service serial-getty@ttyS0.service systemd-timesyncd.service \
	apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
for account in alice bob; do chroot "$root" useradd --create-home --shell /bin/sh "$account"; done
mv "$root"/boot/vmlinuz-* "$1/kernel"
mv "$root"/boot/initrd.img-* "$1/initrd"
mke2fs -q -F -t ext4 -d "$root" "$1/disk" 3G
rm -rf --one-file-system "$root"
