# What the scripts beside this one share; they source it.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
target=${CARGO_TARGET_DIR:-$root/target}

# One cache for all clones: these tools take minutes to build, and must never replace the versions
# that somebody keeps in ~/.cargo/bin for other projects. First on PATH, where cargo-leptos looks for
# wasm-bindgen and wasm-opt.
tools=${XDG_CACHE_HOME:-$HOME/.cache}/sarangbang/tools
export PATH="$tools/bin:$root/end2end/node_modules/.bin:$PATH"

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

have() {
    command -v "$1" >/dev/null
}

# Without LEPTOS_SITE_ADDR, which is meant for the server: cargo-leptos would refuse to build for an
# address whose port is that of its own reload socket.
build_release() {
    env -u LEPTOS_SITE_ADDR cargo leptos build --release --precompress
}
