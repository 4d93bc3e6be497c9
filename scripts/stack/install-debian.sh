#!/bin/sh
# Installs Debian packages, as root, without letting any of them start a server for the whole system:
# not now (policy-rc.d), not as a database cluster (createcluster.conf), not at the next boot (the links of systemd and sysvinit).
# What it changes for that is put back when it ends, however it ends.
set -eu
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.conf

# A file is set aside under another name; an empty mark stands for "there was none".
set_aside() {
  if [ -e "$1.before-twolane" ]; then return; fi
  mkdir -p "$(dirname "$1")"
  if [ -e "$1" ]; then cp -p "$1" "$1.before-twolane"; else : > "$1.before-twolane"; fi
}
put_back() {
  [ -e "$1.before-twolane" ] || return 0
  if [ -s "$1.before-twolane" ]; then mv "$1.before-twolane" "$1"; else rm -f "$1" "$1.before-twolane"; fi
}
restore() {
  put_back "$policy"
  put_back "$cluster"
}
trap restore EXIT
trap 'exit 130' INT TERM HUP

# What is enabled already is somebody else's and stays.
units='postgresql.service redis-server.service rabbitmq-server.service epmd.service epmd.socket prometheus.service gearman-job-server.service'
is_enabled() { ls /etc/systemd/system/*.wants/"$1" > /dev/null 2>&1; }
before=' '
for unit in $units; do
  if is_enabled "$unit"; then before="$before$unit "; fi
done

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
apt-get update -qq
set_aside "$policy"
printf '#!/bin/sh\nexit 101\n' > "$policy"
chmod 755 "$policy"

case " $* " in
  *' postgresql '*)
    # Its own package brings the file first, so that the one we set aside is the packaged one.
    apt-get install -y -qq --no-install-recommends postgresql-common
    set_aside "$cluster"
    printf 'create_main_cluster = false\n' > "$cluster"
    ;;
esac

apt-get install -y -qq --no-install-recommends "$@"

for unit in $units; do
  if ! is_enabled "$unit" || [ "${before#* "$unit" }" != "$before" ]; then continue; fi
  rm -f /etc/systemd/system/*.wants/"$unit"
  if [ -e "/etc/init.d/${unit%.service}" ]; then update-rc.d "${unit%.service}" disable; fi
done
