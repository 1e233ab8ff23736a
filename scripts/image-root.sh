#!/bin/sh
# Lays out the root folder of the image below $1, from the Debian image that it runs in: Node, the libraries that Node, its
# addons below $2 and the C library load, the packages they are of, and a user. Fails when anything is not there.
set -eu
root=$1
app=$2
node=$(command -v node)

mkdir -p "$root/usr/local/bin" "$root/usr/lib64" "$root/etc/avro-scim" "$root/tmp" "$root/var/lib/avro-scim" "$root/var/lib/dpkg/status.d"
# Where an engine mounts what is the kernel’s.
mkdir "$root/proc" "$root/sys" "$root/dev" "$root/run"
for folder in lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
cp "$node" "$root/usr/local/bin/node"
chmod 1777 "$root/tmp"

# What Node and its addons name, and what the C library loads by itself, to find addresses.
multiarch=$(dirname "$(ldd "$node" | sed -n 's|.*=> \(/.*/libc\.so\.6\) .*|\1|p')")
named=$(find "$app" -name '*.node' -exec ldd {} + | grep -o '=> /[^ ]*' | cut -c4- | sort -u)
for library in $(ldd "$node" | grep -o '/[^ ]*\.so[^ ]*') $named "$multiarch"/libresolv.so.2 "$multiarch"/libnss_dns.so.2 "$multiarch"/libnss_files.so.2; do
  folder=$(dirname "$library")
  mkdir -p "$root/usr/${folder#/usr}"
  cp --dereference "$library" "$root/usr/${folder#/usr}/"
done

for package in libc6 libgcc-s1 libstdc++6; do
  dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$root/usr/share/doc/$package"
  cp --dereference "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/"
done
if [ -f /usr/local/LICENSE ]; then install -D -m 644 /usr/local/LICENSE "$root/usr/share/doc/node/LICENSE"; fi
cp /etc/os-release "$root/etc/os-release"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'avro-scim:x:10001:10001::/tmp:/nonexistent' >"$root/etc/passwd"
echo 'avro-scim:x:10001:' >"$root/etc/group"
