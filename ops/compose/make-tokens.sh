#!/usr/bin/env bash
# Makes two random tokens, once: one for people, who may do everything, and one for Prometheus, which may read.
#
# usage: make-tokens.sh TALLY_DIRECTORY PROMETHEUS_DIRECTORY
# The first gets the file `tokens` (what Tally reads: hashes) and `operator` (a token), the second `token`.
set -euo pipefail
umask 022

random_token() {
    od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'
}

# The line of a token in Tally's file: its SHA-256 and what it may do.
entry() {
    printf '%s %s\n' "$(printf %s "$1" | sha256sum | cut -d' ' -f1)" "$2"
}

if [ -s "$1/tokens" ] && [ -s "$1/operator" ] && [ -s "$2/token" ]; then
    exit 0
fi
operator=$(random_token)
prometheus=$(random_token)
printf %s "$operator" >"$1/operator"
printf %s "$prometheus" >"$2/token"
{
    entry "$operator" read,write,admin
    entry "$prometheus" read
} >"$1/tokens.new"
mv "$1/tokens.new" "$1/tokens"
