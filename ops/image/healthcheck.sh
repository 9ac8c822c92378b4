#!/usr/bin/env bash
# Succeeds when the Tally of this container answers 200 at the path that is given, as /health/live. With bash alone: the
# image has no curl, and a Java program at each check would take more than the service does when it rests.
set -euo pipefail

host=${TALLY_HTTP_HOST:-127.0.0.1}
case $host in
    0.0.0.0 | ::) host=127.0.0.1 ;;
esac
exec 3<>"/dev/tcp/$host/${TALLY_HTTP_PORT:-8080}"

# Bash speaks no TLS: of a server that does, this sees only that it listens.
[ -z "${TALLY_TLS_CERTIFICATE_FILE:-}" ] || exit 0

printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
read -r -t 5 _ status _ <&3
[ "$status" = 200 ]
