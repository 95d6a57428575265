//! Scripts, styles and images. Names under /pkg carry a hash, so browsers may cache them for ever; each file is
//! stored compressed too.

use crate::security;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::config::LeptosOptions;
use std::{
    convert::Infallible,
    env,
    io::{self, ErrorKind},
    path::PathBuf,
};
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile, fs::ServeFileSystemResponseBody},
    set_header::SetResponseHeaderLayer,
};

/// The files in public/, by name: any other address belongs to a page.
const PUBLIC: [&str; 5] =
    ["favicon.svg", "icon-180.png", "icon-512.png", "manifest.webmanifest", "robots.txt"];

/// The scripts of pages without WASM. They belong to the page of this version and have no hash in their names,
/// so browsers revalidate them each time.
const SCRIPTS: [&str; 3] = ["people.js", "picture.js", "share.js"];

/// Without these files pages would have neither style nor scripts, and the log would not say why.
#[derive(Debug, thiserror::Error)]
pub enum MissingFiles {
    #[error("no scripts and styles in {}: LEPTOS_SITE_ROOT says where target/site was put", .0.display())]
    Site(PathBuf),
    #[error("there is no {}: it is built together with this program, and belongs beside it", .0.display())]
    Hashes(PathBuf),
    #[error("this program does not know where it lies: {0}")]
    Nowhere(#[from] io::Error),
}

/// Checks that the build's output is where it will be looked for.
pub fn find(options: &LeptosOptions) -> Result<(), MissingFiles> {
    let site = PathBuf::from(options.site_root.as_ref()).join(options.site_pkg_dir.as_ref());
    if !site.is_dir() {
        return Err(MissingFiles::Site(site));
    }
    let hashes = env::current_exe()?.with_file_name(options.hash_file.as_ref());
    if options.hash_files && !hashes.is_file() {
        return Err(MissingFiles::Hashes(hashes));
    }
    Ok(())
}

pub fn before(options: &LeptosOptions, router: Router) -> Router {
    let root = PathBuf::from(options.site_root.as_ref());
    let pkg = options.site_pkg_dir.as_ref();
    // Without hashes, as under bin/dev, a name stays the same while the content changes.
    let keep = if options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let built = ServeDir::new(root.join(pkg)).precompressed_br().precompressed_gzip();
    // Otherwise it would redirect from a folder to the same path with a slash, and `slashes` back.
    let built = built.append_index_html_on_directories(false);
    let built = tower::service_fn(move |request: Request| {
        let mut built = built.clone();
        async move { Ok::<_, Infallible>(found(built.try_call(request).await)) }
    });
    let built = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, kept(keep)))
        .service(built);
    let mut router = router.nest_service(&format!("/{pkg}"), built);
    let public = PUBLIC.map(|name| (name, "public, max-age=86400"));
    for (name, keep) in public.into_iter().chain(SCRIPTS.map(|name| (name, "no-cache"))) {
        let file = ServeFile::new(root.join(name)).precompressed_br().precompressed_gzip();
        let file = ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, kept(keep)))
            .service(file);
        router = router.route_service(&format!("/{name}"), file);
    }
    router
}

/// A name that no file can have is not found either: one too long for the file system, or with a NUL in it.
fn found(answer: io::Result<Response<ServeFileSystemResponseBody>>) -> Response {
    match answer {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => nothing(),
        Ok(response) => response.map(Body::new),
        Err(error) => match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput => nothing(),
            _ => security::plain(StatusCode::INTERNAL_SERVER_ERROR, &chat::internal_error(&error)),
        },
    }
}

fn nothing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// Found files are cached; that a file is missing is not.
fn kept<B>(value: &'static str) -> impl Fn(&Response<B>) -> Option<HeaderValue> + Clone {
    move |response| {
        let status = response.status();
        let is_there = status.is_success() || status == StatusCode::NOT_MODIFIED;
        is_there.then(|| HeaderValue::from_static(value))
    }
}
