//! The instance's port, and its health check.

use crate::{Result, wait::within};
use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub async fn is_healthy(host: &str) -> Result<()> {
    let asking = async {
        let mut stream = TcpStream::connect(host).await?;
        let ask = format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(ask.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let ok = answer.starts_with(b"HTTP/1.1 200");
        if ok { Ok(()) } else { Err("not healthy".into()) }
    };
    within(Duration::from_secs(1), asking).await?
}

pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
