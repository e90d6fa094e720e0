# Ends a command's processes once the process that started them is gone, or doesn't say in time that they may run on.
#
# usage: sh -c SCRIPT supervisor MARK CGROUP GRACE
#   MARK    what the processes have in their environment
#   CGROUP  the folder of the control group in which they are, or nothing
#   GRACE   how long they may take to end after SIGTERM, in hundredths of a second
# Each line of standard input, "SECONDS PID", says how long to wait for the next line, and has the number of the first process, or 0.
mark=$1 cgroup=$2 grace=$3 limit=60 head=0

# what ends the one who writes the lines, such as a Ctrl-C, must not end this before
trap '' HUP INT QUIT TERM
command -v timeout >/dev/null || timeout() { shift 3 && "$@"; }

descendants() {
  for child in $(cat /proc/"$1"/task/*/children); do
    echo "$child"
    descendants "$child"
  done
}

# a number that another process has by now isn't marked
members() {
  {
    grep -lsF -e "$mark" /proc/[0-9]*/environ | cut -d / -f 3
    ! grep -qsF -e "$mark" "/proc/$head/environ" || descendants "$head"
    [ -z "$cgroup" ] || find "$cgroup" -name cgroup.procs -exec cat {} +
  } 2>/dev/null | sort -u
}

signal() {
  for process in $(members); do
    kill -s "$1" "$process" 2>/dev/null
  done
}

now() { # in hundredths of a second
  read -r up _ </proc/uptime
  echo "${up%.*}${up#*.}"
}

# a process may fork while it is being killed
end() {
  signal TERM
  deadline=$(($(now) + grace))
  while [ -n "$(members)" ] && [ "$(now)" -lt "$deadline" ]; do
    sleep 0.02
  done
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -z "$cgroup" ] || echo 1 >"$cgroup/cgroup.kill"
    signal KILL
    [ -n "$(members)" ] || break
    sleep 0.02
  done
  [ -z "$cgroup" ] || find "$cgroup" -depth -type d -exec rmdir {} +
}

while :; do
  line=$(timeout -s KILL "$limit" sh -c 'read -r line && echo "$line"')
  case $? in
    0) limit=${line% *} head=${line#* } ;;
    1 | 124 | 137) break ;; # the end of the input; the time is over
    *) sleep 0.05 ;; # a signal to all, or a lack of memory
  esac
done
end 2>/dev/null
