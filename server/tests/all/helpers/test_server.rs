//! The server itself, as `main` runs it.

use super::{User, within};
use leptos::config::{Env, LeptosOptions};
use reqwest::Url;
use server::{
    Application, Shutdown, SocketTimeouts, StartError,
    config::{Config, Hsts, Limits},
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// How long the server may take to stop, whatever clients are connected.
const STOPS_WITHIN: Duration = Duration::from_secs(10);

pub struct TestServer {
    folder: TempDir,
    config: Config,
    address: Address,
    /// The link for the first account, until there is one.
    setup: Option<String>,
    shutdown: Shutdown,
    running: JoinHandle<Result<(), StartError>>,
}

/// Where the instance listens: a restart moves it to another port.
#[derive(Debug, Clone, Default)]
pub struct Address {
    listener: Arc<Mutex<String>>,
    /// The host that browsers ask for, if it is another.
    public: Option<String>,
}

impl Address {
    fn of(config: &Config) -> Self {
        let authority = |url: &Url| url.authority().to_owned();
        Self { public: config.url.as_ref().map(authority), ..Self::default() }
    }

    pub fn at(host: String) -> Self {
        Self { listener: Arc::new(Mutex::new(host)), public: None }
    }

    /// Such as `127.0.0.1:3000`.
    pub fn host(&self) -> String {
        self.listener.lock().unwrap().clone()
    }

    /// The value of the `Host` header.
    pub fn asked_for(&self) -> String {
        self.public.clone().unwrap_or_else(|| self.host())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }
}

impl TestServer {
    pub async fn new() -> Self {
        Self::that(|_| ()).await
    }

    /// An instance that is reached at this URL, through a proxy that terminates HTTPS.
    pub async fn behind(url: &str) -> Self {
        let test_server = Self::not_set_up(url).await;
        let first = test_server.visited_by("집주인");
        assert_eq!(first.sets_up(test_server.setup_path()).await.leads_to(), "/");
        test_server
    }

    /// The same, without any account.
    pub async fn not_set_up(url: &str) -> Self {
        Self::that(|config| config.url = Some(url.parse().unwrap())).await
    }

    /// An instance with other timeouts for sockets.
    pub async fn with(timeouts: SocketTimeouts) -> Self {
        Self::that(|config| config.timeouts = timeouts).await
    }

    /// An instance with rate limits.
    pub async fn strict() -> Self {
        Self::that(|config| config.limits = Limits::On).await
    }

    /// An instance with rate limits, behind proxies of these networks.
    pub async fn strict_behind(proxies: &str) -> Self {
        Self::that(|config| {
            config.limits = Limits::On;
            config.trusted_proxies = vec![proxies.parse().unwrap()];
        })
        .await
    }

    pub async fn that(decides: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            database_url: format!("sqlite://{}", folder.path().join("instance.db").display()),
            url: None,
            trusted_proxies: Vec::new(),
            zone: "Asia/Seoul".to_owned(),
            limits: Limits::Off,
            hsts: Hsts::On,
            timeouts: SocketTimeouts::default(),
            program: env!("CARGO_BIN_EXE_sarangbang").into(),
        };
        decides(&mut config);
        let address = Address::of(&config);
        Self::opens(folder, config, address).await
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
        *address.listener.lock().unwrap() = format!("127.0.0.1:{}", application.port().unwrap());
        let setup = application.setup_url().await.unwrap();
        let setup = setup.map(|url| url.parse::<Url>().unwrap().path().to_owned());
        let shutdown = Shutdown::default();
        let running = tokio::spawn(application.run(shutdown.clone()));
        Self { folder, config, address, setup, shutdown, running }
    }

    /// The path of the link that was printed at the start.
    #[track_caller]
    pub fn setup_path(&self) -> &str {
        self.setup.as_deref().unwrap()
    }

    /// The folder of static files.
    pub fn site(&self) -> &std::path::Path {
        self.folder.path()
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

    /// Stops in order, and returns how long that took.
    pub async fn stops(self) -> (Stopped, Duration) {
        self.is_told_to_stop();
        let began = Instant::now();
        within(STOPS_WITHIN, self.running).await.unwrap().unwrap();
        let Self { folder, config, address, .. } = self;
        (Stopped { folder, config, address }, began.elapsed())
    }

    /// Stops and starts again, on another port.
    pub async fn restarts(self) -> Self {
        self.stops().await.0.opens_again().await
    }

    /// A signed-out visitor, with a browser of their own.
    pub fn visited_by(&self, name: &str) -> User {
        User::new(name, self.address.clone())
    }

    /// A new user, who has just signed up.
    pub async fn welcomes(&self, name: &str) -> User {
        let user = self.visited_by(name);
        assert_eq!(user.signs_up().await.leads_to(), "/");
        user
    }

    pub async fn welcome_all<const N: usize>(&self, names: [&str; N]) -> [User; N] {
        let mut users = Vec::new();
        for name in names {
            users.push(self.welcomes(name).await);
        }
        users.try_into().unwrap_or_else(|_| unreachable!())
    }
}

/// An instance that is not running: its file and its settings.
pub struct Stopped {
    folder: TempDir,
    config: Config,
    address: Address,
}

impl Stopped {
    pub fn database_url(&self) -> &str {
        &self.config.database_url
    }

    pub async fn opens_again(self) -> TestServer {
        TestServer::opens(self.folder, self.config, self.address).await
    }
}
