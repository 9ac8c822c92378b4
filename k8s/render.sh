#!/bin/sh
# Renders the overlays of k8s/ with kubectl (KUBECTL names another one), into what the tests read or into the folder given.
# kubectl 1.21 or newer. The sum over the sources lets a test notice files that were changed and not rendered.
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
[ "$#" -eq 0 ] || mkdir -p "$1"
target=$(CDPATH='' cd -- "${1:-$home/src/test/resources/k8s}" && pwd -P)

cd "$home"
sum=$(find k8s -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
for overlay in dev prod; do
    {
        printf '# Made by k8s/render.sh. Sum of the sources: %s\n' "$sum"
        "${KUBECTL:-kubectl}" kustomize "k8s/overlays/$overlay"
    } >"$target/$overlay.yaml.new"
    mv "$target/$overlay.yaml.new" "$target/$overlay.yaml"
done
