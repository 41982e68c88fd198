# Ends everything that ran in one private engine and removes it. Runs when the engine's owner has dropped it or died.
# $1: its name, also of its network namespace and its control group. $2: its directory.
# dockerd, containerd, shims and proxies are in the namespace; containers are in the control group.
everyone() {
	{
		ip netns pids "$1"
		find /sys/fs/cgroup -path "*/$1/*" -name cgroup.procs -exec cat {} +
	} 2>/dev/null | sort -u
}
# Shims put their sockets outside the engine's directory; a namespace lists only its own.
sockets=$(nsenter --net="/run/netns/$1" sed -n 's|^.* \(/run/containerd/s/[0-9a-f]*\)$|\1|p' /proc/net/unix | sort -u)
round=0
while [ $round -lt 100 ]; do
	pids=$(everyone "$1")
	[ -n "$pids" ] || break
	kill -9 $pids
	sleep 0.05
	round=$((round + 1))
done
awk -v directory="$2/" 'index($2, directory) == 1 { print $2 }' /proc/self/mounts | sort -r |
	while read -r mount; do umount -l "$mount"; done
find /sys/fs/cgroup -depth -type d -path "*/$1*" -exec rmdir {} +
[ -z "$sockets" ] || rm -f $sockets
ip netns del "$1"
rm -rf --one-file-system "$2"
