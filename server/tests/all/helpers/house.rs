//! The server itself, as `main` runs it.

use super::{Person, within};
use leptos::config::{Env, LeptosOptions};
use server::{
    Application, Patience, Shutdown, StartError,
    config::{Config, Hsts, Limits},
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// How long the server may take to stop, whoever is connected.
const STOPS_WITHIN: Duration = Duration::from_secs(10);

pub struct House {
    folder: TempDir,
    config: Config,
    address: Address,
    shutdown: Shutdown,
    running: JoinHandle<Result<(), StartError>>,
}

/// Where the house is reached now: a restart moves it to another port.
#[derive(Debug, Clone, Default)]
pub struct Address(Arc<Mutex<String>>);

impl Address {
    /// Such as `127.0.0.1:3000`.
    pub fn host(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }
}

impl House {
    pub async fn new() -> Self {
        Self::that(|_| ()).await
    }

    /// A house that is reached at this address, through something that speaks HTTPS for it.
    pub async fn behind(url: &str) -> Self {
        Self::that(|config| config.url = Some(url.parse().unwrap())).await
    }

    /// A house with another patience for sockets.
    pub async fn with(patience: Patience) -> Self {
        Self::that(|config| config.patience = patience).await
    }

    /// A house that holds people to a rate.
    pub async fn strict() -> Self {
        Self::that(|config| config.limits = Limits::On).await
    }

    async fn that(decides: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            database_url: format!("sqlite://{}", folder.path().join("house.db").display()),
            url: None,
            trusted_proxies: Vec::new(),
            zone: "Asia/Seoul".to_owned(),
            limits: Limits::Off,
            hsts: Hsts::On,
            patience: Patience::default(),
        };
        decides(&mut config);
        Self::opens(folder, config, Address::default()).await
    }

    async fn opens(folder: TempDir, config: Config, address: Address) -> Self {
        let options = LeptosOptions::builder()
            .output_name("sarangbang")
            .site_root(folder.path().display().to_string())
            .site_addr(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .env(Env::PROD)
            .hash_files(false)
            .build();
        let application = Application::build(config.clone(), options).await.unwrap();
        *address.0.lock().unwrap() = format!("127.0.0.1:{}", application.port().unwrap());
        let shutdown = Shutdown::default();
        let running = tokio::spawn(application.run(shutdown.clone()));
        Self { folder, config, address, shutdown, running }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    pub fn database_url(&self) -> &str {
        &self.config.database_url
    }

    /// Begins to stop, as at SIGTERM.
    pub fn is_told_to_stop(&self) {
        self.shutdown.begin();
    }

    /// Stops in order, and says how long that took.
    pub async fn stops(self) -> (Stopped, Duration) {
        self.is_told_to_stop();
        let began = Instant::now();
        within(STOPS_WITHIN, self.running).await.unwrap().unwrap();
        let Self { folder, config, address, .. } = self;
        (Stopped { folder, config, address }, began.elapsed())
    }

    /// Stops and opens again, on another port.
    pub async fn restarts(self) -> Self {
        self.stops().await.0.opens_again().await
    }

    /// Somebody at the door, with a browser of their own.
    pub fn visited_by(&self, name: &str) -> Person {
        Person::new(name, self.address.clone())
    }

    /// Somebody who has just signed up.
    pub async fn welcomes(&self, name: &str) -> Person {
        let person = self.visited_by(name);
        assert_eq!(person.signs_up().await.leads_to(), "/");
        person
    }

    pub async fn welcome_all<const N: usize>(&self, names: [&str; N]) -> [Person; N] {
        let mut people = Vec::new();
        for name in names {
            people.push(self.welcomes(name).await);
        }
        people.try_into().unwrap_or_else(|_| unreachable!())
    }
}

/// A house while nobody serves it: its file, and what its operator decided.
pub struct Stopped {
    folder: TempDir,
    config: Config,
    address: Address,
}

impl Stopped {
    pub fn database_url(&self) -> &str {
        &self.config.database_url
    }

    pub async fn opens_again(self) -> House {
        House::opens(self.folder, self.config, self.address).await
    }
}
