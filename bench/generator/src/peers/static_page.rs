//! The limit for pages: the same bytes to every request, and nothing else. Who asks and for what is not even read. Where
//! it compresses, it does so for each answer, as pages are: with the parameters of `server/src/compress.rs`.

use crate::{Result, process::Launch};
use brotli::enc::BrotliEncoderParams;
use memchr::memmem;
use std::{
    path::{Path, PathBuf},
    rc::Rc,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::spawn_local,
};

const BROTLI_QUALITY: i32 = 3;
const BROTLI_WINDOW: i32 = 16;

#[derive(Debug)]
pub struct StaticPage {
    /// The file of the bytes.
    pub file: PathBuf,
    pub compressed: bool,
}

impl StaticPage {
    pub fn launch(&self, port: u16) -> Result<Launch> {
        let launch = Launch::new(std::env::current_exe()?).argument("page");
        let launch = launch.argument(port.to_string()).argument(&self.file);
        Ok(if self.compressed { launch.argument("--compressed") } else { launch })
    }
}

/// Serves until it is killed.
pub async fn serve(port: u16, file: &Path, compressed: bool) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let page: Rc<[u8]> = std::fs::read(file)?.into();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let page = page.clone();
        spawn_local(async move {
            // Whoever goes is not missed: the run is over.
            let _ = answer(stream, &page, compressed).await;
        });
    }
}

async fn answer(mut stream: TcpStream, page: &[u8], compressed: bool) -> Result<()> {
    let mut unread = Vec::new();
    while stream.read_buf(&mut unread).await? > 0 {
        let Some(at) = memmem::find(&unread, b"\r\n\r\n") else { continue };
        unread.drain(..at + 4);
        let packed = if compressed { Some(compress(page)?) } else { None };
        let encoding = if compressed { "content-encoding: br\r\n" } else { "" };
        let body = packed.as_deref().unwrap_or(page);
        let head = format!("HTTP/1.1 200 OK\r\n{encoding}content-length: {}\r\n\r\n", body.len());
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        stream.write_all(&bytes).await?;
    }
    Ok(())
}

fn compress(page: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW,
        size_hint: page.len(),
        ..BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*page, &mut packed, &params)?;
    Ok(packed)
}
