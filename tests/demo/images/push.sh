# Layers and images into a registry over its HTTP API, without an engine: a layer that all versions
# share is packed and sent once, and the engine has to pull as it does in the field.
# Sourced by images.sh, which sets $work (a scratch folder) and $registry (HOST:PORT).

sha256 () {
  sha256sum "$1" | cut -d' ' -f1
}

# Packs the folder $2 as the layer called $1: the same content makes the same layer.
pack_layer () {
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$2" -cf "$work/$1.tar" .
  sha256 "$work/$1.tar" >"$work/$1.diff"
  gzip -n -1 -f "$work/$1.tar"
  sha256 "$work/$1.tar.gz" >"$work/$1.digest"
  stat -c %s "$work/$1.tar.gz" >"$work/$1.size"
}

# Sends the file $2 to the repository $1 unless it is there.
push_blob () {
  digest=sha256:$(sha256 "$2")
  blobs=http://$registry/v2/$1/blobs
  curl -fs -o /dev/null -I "$blobs/$digest" && return
  location=$(curl -fsS -X POST -D - -o /dev/null "$blobs/uploads/" | tr -d '\r' |
    sed -n 's/^[Ll]ocation: //p')
  case $location in *\?*) separator='&' ;; *) separator='?' ;; esac
  curl -fsS -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$2" \
    "$location${separator}digest=$digest"
}

# Prints the items, each made by the command $1 from one of the other arguments, with commas.
join_with_commas () {
  command=$1
  shift
  separator=
  for item in "$@"; do
    printf '%s' "$separator"
    "$command" "$item"
    separator=,
  done
}

format_diff_id () {
  printf '"sha256:%s"' "$(cat "$work/$1.diff")"
}

format_layer () {
  printf '{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%s,' \
    "$(cat "$work/$1.size")"
  printf '"digest":"sha256:%s"}' "$(cat "$work/$1.digest")"
}

# push_image REPOSITORY TAG CONFIGURATION LAYER...: CONFIGURATION is the JSON object of the image's
# settings, each LAYER the name of a packed one.
push_image () {
  repository=$1 tag=$2 configuration=$3
  shift 3
  printf '{"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z","config":%s,' \
    "$(dpkg --print-architecture)" "$configuration" >"$work/config.json"
  printf '"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$(join_with_commas format_diff_id "$@")" >>"$work/config.json"
  {
    printf '{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",'
    printf '"config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%s,' \
      "$(stat -c %s "$work/config.json")"
    printf '"digest":"sha256:%s"},"layers":[%s]}' "$(sha256 "$work/config.json")" \
      "$(join_with_commas format_layer "$@")"
  } >"$work/manifest.json"
  for layer in "$@"; do push_blob "$repository" "$work/$layer.tar.gz"; done
  push_blob "$repository" "$work/config.json"
  curl -fsS -o /dev/null -X PUT --data-binary "@$work/manifest.json" \
    -H 'Content-Type: application/vnd.docker.distribution.manifest.v2+json' \
    "http://$registry/v2/$repository/manifests/$tag"
}
