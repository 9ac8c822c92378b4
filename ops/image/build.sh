#!/usr/bin/env bash
# Builds the image where no registry is at hand, and shows that it works: a base of Debian's packages takes the place of
# RUNTIME_IMAGE, the result runs as confined as docker-compose.yml has it, and is asked and stopped.
#
# usage: ops/image/build.sh [ARCHIVE]
# With a file name the image is left there, for `docker load`. Nothing else stays.
#
# Takes target/tally.jar as it is; needs root, buildah, debootstrap and curl. Debian's mirror is that of this machine's apt,
# or MIRROR. Some 3 GB are needed for a while in TMPDIR (/var/tmp).
set -Eeuo pipefail
trap 'printf "build.sh: line %s failed\n" "$LINENO" >&2' ERR
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

suite=bookworm
image=localhost/tally
base=localhost/tally-base
archive=${1:-}
case $archive in
    '' | /*) ;;
    *) archive=$PWD/$archive ;;
esac

die() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || die 'Expected to be root'
for tool in buildah debootstrap curl unshare; do
    command -v "$tool" >/dev/null || die "Expected the command $tool; install it"
done
[ -f target/tally.jar ] || die 'Expected target/tally.jar; make it with mvn package -Dquick'

work=$(mktemp -d "${TMPDIR:-/var/tmp}/tally-image.XXXXXX")
outside=
# buildah keeps a note of blobs there, wherever its storage is.
notes=/var/lib/containers
[ ! -e "$notes" ] || notes=

clean_up() {
    if [ -n "$outside" ]; then
        kill -KILL "$outside" 2>/dev/null || true
        wait "$outside" 2>/dev/null || true
    fi
    # debootstrap leaves /proc mounted when it is interrupted. The deepest first.
    local mount
    while read -r mount; do
        umount "$mount" 2>/dev/null || true
    done < <(awk -v work="$work/" 'index($5, work) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
    if awk -v work="$work/" 'index($5, work) == 1 { found = 1 } END { exit !found }' /proc/self/mountinfo; then
        die "$work still has mounts and was left"
    fi
    rm -rf "$work"
    [ -z "$notes" ] || rm -rf "$notes"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Everything of it stands below $work.
buildah() {
    command buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"
}

mirror() {
    if [ -n "${MIRROR:-}" ]; then
        echo "$MIRROR"
        return
    fi
    # shellcheck disable=SC2016 # apt fills it in.
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $suite" 'Component: main' | sed -n 1p
}

# Debian with Java, and no trace of the machine that made it.
make_base() {
    local url container
    url=$(mirror)
    [ -n "$url" ] || die "Expected apt to know a mirror of Debian $suite; set MIRROR"
    debootstrap --variant=minbase --include=openjdk-17-jre-headless "$suite" "$work/base" "$url" >"$work/debootstrap.log" 2>&1 \
        || { tail -n 20 "$work/debootstrap.log" >&2; die 'debootstrap failed'; }
    rm -rf "$work/base"/var/cache/apt/*.bin "$work/base"/var/cache/apt/archives/*.deb "$work/base"/var/lib/apt/lists/* \
        "$work/base"/var/log/*.log "$work/base"/etc/apt/sources.list
    : >"$work/base/etc/resolv.conf"
    : >"$work/base/etc/hostname"
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$work/base" / >/dev/null
    rm -rf "$work/base"
    buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    buildah commit --quiet --rm "$container" "$base" >/dev/null
}

# Docker's format: OCI's has no HEALTHCHECK.
build() {
    buildah bud --quiet --pull-never --format docker --isolation chroot --target prebuilt \
        --build-arg RUNTIME_IMAGE="$base" \
        --build-arg REVISION="$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
        --tag "$image" . >/dev/null
}

# A field of the image's configuration, a word a line.
configured() {
    buildah inspect --type image --format "$1" "$image"
}

size() {
    buildah images --format '{{.Size}}' "$1"
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# Inside new namespaces: mounts the file system as a container has it, and becomes the container's command. The mounts go
# when it ends.
enter() {
    local root=$1 data=$2 hosts=$3 user=$4 device
    shift 4
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount --bind "$data" "$root/var/lib/tally"
    mount --bind "$hosts" "$root/etc/hosts"
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o nosuid,nodev,mode=1777,size=64m tmpfs "$root/tmp"
    mount -t tmpfs -o nosuid,mode=755,size=64k tmpfs "$root/dev"
    for device in null zero random urandom; do
        : >"$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mount -o remount,bind,ro "$root"
    exec chroot "$root" setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups --no-new-privs \
        --bounding-set=-all --inh-caps=-all -- env --ignore-environment --chdir=/var/lib/tally "$@"
}

run() {
    local container root entrypoint check user environment port started pid ready code
    container=$(buildah from --pull-never "$image")
    root=$(buildah mount "$container")
    mapfile -t entrypoint < <(configured '{{range .Docker.Config.Entrypoint}}{{println .}}{{end}}' | sed '/^$/d')
    mapfile -t check < <(configured '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' | sed '/^$/d')
    mapfile -t environment < <(configured '{{range .Docker.Config.Env}}{{println .}}{{end}}' | sed '/^$/d')
    user=$(configured '{{.Docker.Config.User}}')
    [ "$(configured '{{.Docker.Config.StopSignal}}')" = SIGTERM ] || die 'Expected the stop signal SIGTERM'
    printf '127.0.0.1 localhost\n' >"$work/hosts"
    touch "$root/etc/hosts"
    # A new volume begins as the image's directory, owner included.
    cp -a "$root/var/lib/tally" "$work/data"
    port=$(free_port)
    # It shares the network of this machine, so it listens on loopback only.
    environment+=(TALLY_HTTP_HOST=127.0.0.1 "TALLY_HTTP_PORT=$port" "TALLY_DEV_KAFKA_PORT=$(free_port)"
        "TALLY_DEV_CONTROLLER_PORT=$(free_port)")

    # What was copied until now would be written to the disk while it starts.
    sync
    started=$(date +%s%N)
    # shellcheck disable=SC2016 # The inner shell expands it.
    unshare --mount --pid --ipc --uts --fork --kill-child=KILL -- \
        bash -ec "$(declare -f enter)"'; enter "$@"' enter \
        "$root" "$work/data" "$work/hosts" "$user" "${environment[@]}" "${entrypoint[@]}" dev >"$work/log" 2>&1 &
    outside=$!
    until curl -sf -m 1 -o /dev/null "http://127.0.0.1:$port/health/ready"; do
        if ! kill -0 "$outside" 2>/dev/null || [ $(($(date +%s%N) - started)) -gt 120000000000 ]; then
            cat "$work/log" >&2
            die 'Expected it to be ready within 120 s'
        fi
        sleep 0.1
    done
    ready=$((($(date +%s%N) - started) / 1000000))
    # No line end follows it.
    read -r pid <"/proc/$outside/task/$outside/children" || [ -n "$pid" ]

    check_confinement "$pid" "$root" "${user%:*}"
    [ "${check[0]}" = CMD ] || die 'Expected a health check'
    chroot "$root" env --ignore-environment "${environment[@]}" "${check[@]:1}" || die 'Expected it to be healthy'
    use "$port"

    kill -TERM "$pid"
    code=0
    wait "$outside" || code=$?
    outside=
    [ "$code" -eq 143 ] || { cat "$work/log" >&2; die "Expected exit code 143 after SIGTERM, but got $code"; }
    buildah rm "$container" >/dev/null
    printf 'ready after  %s.%03d s\n' $((ready / 1000)) $((ready % 1000))
    printf 'exit code    %s\n' "$code"
}

# That it is Java itself, as nobody in particular, who cannot write to its own program.
check_confinement() {
    local pid=$1 root=$2 user=$3
    grep -q '^NSpid:.*[[:space:]]1$' "/proc/$pid/status" || die 'Expected process 1'
    [ "$(cat "/proc/$pid/comm")" = java ] || die "Expected java as process 1, but got $(cat "/proc/$pid/comm")"
    grep -q "^Uid:[[:space:]]${user}[[:space:]]${user}[[:space:]]" "/proc/$pid/status" || die "Expected user $user"
    grep -q '^CapBnd:[[:space:]]0*$' "/proc/$pid/status" || die 'Expected no capabilities'
    grep -q '^NoNewPrivs:[[:space:]]1$' "/proc/$pid/status" || die 'Expected no new privileges'
    awk -v root="$root" '$5 == "/" || $5 == root { options = $6 } END { exit options !~ /^ro(,|$)/ }' \
        "/proc/$pid/mountinfo" || die 'Expected a read-only root file system'
}

# A transaction, and the balance that comes of it. Sent again it would change nothing: the uid is the same.
use() {
    local url=http://127.0.0.1:$1/v1 answer
    answer=$(ask -H 'Content-Type: application/json' "$url/transaction" \
        -d '{"uid":"9d3c7a10-2f6b-4b8e-8a55-6c1f0e2d4b77","type":"DEPOSIT","user_id":"ada","amount":"10.50"}')
    case $answer in
        *'"status":"ACCEPTED"'*) ;;
        *) die "Expected the deposit to be accepted, but got $answer" ;;
    esac
    answer=$(ask "$url/user/ada/balance")
    case $answer in
        *'"balance":"10.50"'*) ;;
        *) die "Expected a balance of 10.50, but got $answer" ;;
    esac
    printf 'balance      %s\n' "$answer"
}

ask() {
    curl -sS --fail-with-body -m 20 --retry 3 --retry-all-errors "$@" || true
}

make_base
build
run
printf 'size         %s, base %s\n' "$(size "$image")" "$(size "$base")"
if [ -n "$archive" ]; then
    rm -f "$archive"
    buildah push --quiet "$image" "docker-archive:$archive:tally:local"
    printf 'archive      %s\n' "$archive"
fi
