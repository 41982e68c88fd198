#!/bin/sh
# Does what comes over the second serial line: the length of a script, then the script. Answers with its exit status, the
# length of what it said, and that.
stty -F /dev/ttyS1 raw -echo
exec 3<>/dev/ttyS1
echo ready >&3
while read -r length <&3; do
	head -c "$length" <&3 >/run/agent.script
	timeout -k 1 300 sh /run/agent.script >/run/agent.said 2>&1 </dev/null 3>&-
	echo "$? $(stat -c %s /run/agent.said)" >&3
	cat /run/agent.said >&3
done
