# What the scripts beside this one share; they source it.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
target=${CARGO_TARGET_DIR:-$root/target}

# One cache for all clones: these tools take minutes to build, and must never replace the versions
# in ~/.cargo/bin that other projects need. First on PATH, where cargo-leptos looks for
# wasm-bindgen and wasm-opt.
tools=${XDG_CACHE_HOME:-$HOME/.cache}/sarangbang/tools
export PATH="$root/bin/on-path:$tools/bin:$root/end2end/node_modules/.bin:$PATH"

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

have() {
    command -v "$1" >/dev/null
}

could_not_install() {
    die "Could not install $1: see above. If the network was away, run this again when it is back."
}

# cargo_tool PACKAGE VERSION COMMAND MINUTES OPT_LEVEL [OPTION…]
cargo_tool() {
    [[ $("$tools/bin/$3" --version 2>&1) == "$3 $2" ]] && return
    echo "Installing $1 $2 into $tools (about $4 minutes, once)…"
    if have cargo-binstall && cargo binstall --no-confirm --force --disable-strategies compile \
        --root "$tools" "$1@$2"; then
        return
    fi
    mkdir -p "$tools"
    scratch=$(mktemp -d "$tools/build.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    CARGO_TARGET_DIR=$scratch CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=$5 \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo install --force --root "$tools" "${@:6}" "$1@$2" || could_not_install "$1"
    rm -rf "$scratch"
}

# Without LEPTOS_SITE_ADDR, which is meant for the server: cargo-leptos would refuse to build for an
# address whose port is that of its own reload socket.
build_release() {
    env -u LEPTOS_SITE_ADDR cargo leptos build --release --precompress
}
