//! The program itself in a process of its own, whose memory can be read.

use super::{Address, User, soon};
use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub const MIB: u64 = 1024 * 1024;

pub struct Program {
    child: Child,
    address: Address,
    _folder: TempDir,
}

impl Program {
    /// Starts it with these environment variables, and waits for its first response.
    pub async fn starts(environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("pkg")).unwrap();
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let address = Address::at(format!("127.0.0.1:{port}"));
        let child = Command::new(env!("CARGO_BIN_EXE_sarangbang"))
            .env(
                "DATABASE_URL",
                format!("sqlite://{}", folder.path().join("instance.db").display()),
            )
            .env("LEPTOS_SITE_ADDR", address.host())
            .env("LEPTOS_SITE_ROOT", folder.path())
            .env("LEPTOS_HASH_FILES", "false")
            .env("SARANGBANG_LIMITS", "off")
            .env("RUST_LOG", "warn")
            .env_remove("SARANGBANG_URL")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let program = Self { child, address, _folder: folder };
        soon(async {
            while TcpStream::connect(program.address.host()).await.is_err() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        program
    }

    pub fn visited_by(&self, name: &str) -> User {
        User::new(name, self.address.clone())
    }

    /// Resets the peak of its memory, and returns the memory that it has now.
    pub fn memory_from_now_on(&self) -> u64 {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
        self.memory("VmRSS:")
    }

    /// The peak of its memory since then, in bytes.
    pub fn most_memory(&self) -> u64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, kind: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(kind)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Sends these bytes over a connection of its own, and returns what comes back until it is over.
    pub async fn hears(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address.host()).await.unwrap();
        // The server may stop reading early.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = soon(stream.read_to_end(&mut answer)).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
