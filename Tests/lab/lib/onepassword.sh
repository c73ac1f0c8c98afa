# What the op stand-in answers from: op/items/NAME.json, in the shape of the real `op item get --format json`.
op_item=ktrdr-homelab-core
op_vault='KTRDR Homelab Secrets'

write_item() {
  mkdir -p "$root/op/items"
  "$python" "$lab_home/lib/item.py" new "$op_item" "$op_vault" "$root/secrets/registry-password" \
    >"$root/op/items/$op_item.json"
}

lab_set_field() {
  use_root "$@"
  [ $# -eq 3 ] || { usage >&2; exit 64; }
  local file=$root/op/items/$2.json
  [ -f "$file" ] || die "no item '$2' in $root/op/items"
  "$python" "$lab_home/lib/item.py" set "$file" "$3" >"$file.new"
  mv "$file.new" "$file"
}
