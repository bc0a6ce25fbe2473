//! A running Kafka.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::certificates::Certificates;
use crate::cluster::Cluster;
use crate::error::{At, Error};
use crate::guard::Guard;
use crate::listener::Listener;
use crate::mechanism::Mechanism;
use crate::ports::Ports;
use crate::process::{Output, Process};
use crate::properties::path;
use crate::server_properties::LOG4J;
use crate::settings::Settings;
use crate::version::Version;
use crate::{jars, probe, storage, zookeeper};

/// Far more than the few seconds that a start takes: a busy machine is no failure.
const START_DEADLINE: Duration = Duration::from_secs(240);
/// How long [`Kafka::stop`] leaves a broker for its orderly end.
const STOP_DEADLINE: Duration = Duration::from_secs(15);

/// One or several real brokers, which end and are removed when this is dropped, and at the latest
/// when this process ends, however it ends.
///
/// Broker ids start at 1. A method that takes an id panics for one that does not exist.
///
/// ```no_run
/// # fn main() -> Result<(), libkafka_testkafka::Error> {
/// use libkafka_testkafka::{Kafka, Listener, Version};
///
/// let kafka = Kafka::start()?;
/// println!("one broker at {}", kafka.bootstrap());
///
/// let kafka = Kafka::builder().version(Version::new(2, 8, 2)).brokers(3).start()?;
/// kafka.kill(2);
/// println!("two of three left, the first at {}", kafka.address(1, Listener::Plaintext));
/// # Ok(())
/// # }
/// ```
pub struct Kafka {
    // Dropped in this order: the brokers before what they stand on.
    brokers: Mutex<Vec<Process>>,
    _zookeeper: Option<Process>,
    certificates: Option<Certificates>,
    cluster: Cluster,
    _folder: TempDir,
}

impl Kafka {
    pub(crate) fn with(settings: Settings) -> Result<Kafka, Error> {
        let guarded = Guard::get()?.folder();
        let folder = tempfile::Builder::new()
            .prefix("kafka-")
            .tempdir_in(guarded)
            .at("creating a folder in", guarded)?;
        let cluster = Cluster {
            jars: jars::broker_jars(settings.version)?,
            tier: match settings.tiered {
                true => Some(jars::storage_tests(settings.version)?),
                false => None,
            },
            ports: Ports::claim()?,
            folder: folder.path().to_owned(),
            settings,
        };
        let certificates = if cluster.settings.tls {
            Some(Certificates::generate()?)
        } else {
            None
        };
        write_configuration(&cluster, certificates.as_ref())?;
        let zookeeper = if cluster.is_kraft() {
            storage::format(&cluster)?;
            None
        } else {
            Some(zookeeper::start(&cluster)?)
        };
        let kafka = Kafka {
            brokers: Mutex::default(),
            _zookeeper: zookeeper,
            certificates,
            cluster,
            _folder: folder,
        };
        for id in kafka.cluster.ids() {
            let process = kafka.spawn(id)?;
            kafka.brokers().push(process);
        }
        let all: Vec<i32> = kafka.cluster.ids().collect();
        for &id in &all {
            kafka.wait_until_up(id, &all)?;
        }
        Ok(kafka)
    }

    /// The release that runs.
    pub fn version(&self) -> Version {
        self.cluster.version()
    }

    /// The plain addresses of all brokers, `host:port` with commas between.
    pub fn bootstrap(&self) -> String {
        self.bootstrap_of(Listener::Plaintext)
    }

    /// The addresses of all brokers' `listener`, `host:port` with commas between.
    ///
    /// # Panics
    /// If the brokers have no such listener.
    pub fn bootstrap_of(&self, listener: Listener) -> String {
        let addresses: Vec<String> = self
            .ids()
            .map(|id| self.address(id, listener).to_string())
            .collect();
        addresses.join(",")
    }

    /// Where a broker listens. It stays the same over a restart.
    ///
    /// # Panics
    /// If the brokers have no such listener.
    pub fn address(&self, broker: i32, listener: Listener) -> SocketAddr {
        self.check(broker);
        assert!(
            self.listeners().any(|l| l == listener),
            "this Kafka was started without a listener {listener}"
        );
        (Ipv4Addr::LOCALHOST, self.cluster.port(broker, listener)).into()
    }

    /// The ids of the brokers, those that were stopped included.
    pub fn ids(&self) -> RangeInclusive<i32> {
        self.cluster.ids()
    }

    /// The listeners that every broker has.
    pub fn listeners(&self) -> impl Iterator<Item = Listener> {
        self.cluster.listeners()
    }

    /// The SASL mechanisms of the listeners that have SASL.
    pub fn mechanisms(&self) -> impl Iterator<Item = Mechanism> + use<> {
        self.cluster.mechanisms()
    }

    /// The certificates of the listeners that have TLS, and of their clients.
    ///
    /// # Panics
    /// If this Kafka was started without TLS.
    pub fn certificates(&self) -> &Certificates {
        self.certificates
            .as_ref()
            .expect("this Kafka was started without TLS")
    }

    /// Writes the file with which a Java client connects to a listener, as [`User::ADMIN`](crate::User::ADMIN) or with
    /// [`Identity::Client`](crate::Identity::Client) where the listener wants that: what the command line tools take after
    /// `--command-config`. `mechanism` counts for listeners with SASL only.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub fn client_config(
        &self,
        listener: Listener,
        mechanism: Mechanism,
    ) -> Result<PathBuf, Error> {
        let file = self
            .folder()
            .join(format!("client-{listener}-{mechanism}.properties"));
        let properties =
            self.cluster
                .client_properties(listener, mechanism, self.certificates.as_ref());
        fs::write(&file, properties.text()).at("writing", &file)?;
        Ok(file)
    }

    /// The folder with configuration, logs and data; it goes when this is dropped.
    pub fn folder(&self) -> &Path {
        &self.cluster.folder
    }

    /// The process id of a broker, its last one if it does not run.
    pub fn pid(&self, broker: i32) -> u32 {
        self.process(broker, |process| process.pid())
    }

    /// Whether a broker's process is there; a paused one is.
    pub fn is_running(&self, broker: i32) -> bool {
        self.process(broker, Process::is_running)
    }

    /// What a broker has printed so far.
    pub fn log(&self, broker: i32) -> String {
        self.process(broker, |process| process.log())
    }

    /// Ends a broker at once, as a crash would (SIGKILL), and waits for its end.
    pub fn kill(&self, broker: i32) {
        self.process(broker, Process::kill);
    }

    /// Ends a broker in its orderly way (SIGTERM), and waits for its end. One that is not gone after
    /// 15 seconds, as may happen to the last ones of a cluster, is killed.
    pub fn stop(&self, broker: i32) {
        self.process(broker, |process| {
            process.signal(Signal::TERM);
            process.resume();
            if process.wait(Instant::now() + STOP_DEADLINE).is_none() {
                process.kill();
            }
        });
    }

    /// Stops a broker if it runs, starts it again on the same ports and data, and waits until it
    /// answers and sees all that run.
    ///
    /// # Errors
    /// [`Error::Ended`] or [`Error::Deadline`] if it does not come up.
    pub fn restart(&self, broker: i32) -> Result<(), Error> {
        self.stop(broker);
        let process = self.spawn(broker)?;
        self.brokers()[broker as usize - 1] = process;
        let running: Vec<i32> = self.ids().filter(|&id| self.is_running(id)).collect();
        self.wait_until_up(broker, &running)
    }

    /// Halts a broker where it stands (SIGSTOP): its connections stay open and silent.
    pub fn pause(&self, broker: i32) {
        self.process(broker, Process::pause);
    }

    /// Lets a paused broker go on.
    pub fn resume(&self, broker: i32) {
        self.process(broker, Process::resume);
    }

    fn spawn(&self, id: i32) -> Result<Process, Error> {
        let login = self.cluster.login_file();
        let login =
            login.map(|(file, _)| format!("-Djava.security.auth.login.config={}", path(&file)));
        let java = self
            .cluster
            .java("kafka.Kafka")?
            .flags(login)
            .flags(&self.cluster.settings.jvm)
            .args([self.cluster.properties_file(id)]);
        let log = self.log_file(id);
        Process::spawn(
            &format!("broker {id} of Kafka {}", self.version()),
            &java,
            log,
            Output::Log,
        )
    }

    /// Waits until `id` answers and sees all brokers of `expected`.
    fn wait_until_up(&self, id: i32, expected: &[i32]) -> Result<(), Error> {
        let deadline = Instant::now() + START_DEADLINE;
        let address = self.address(id, Listener::Plaintext);
        loop {
            if let Ok(live) = probe::live_brokers(address)
                && expected.iter().all(|id| live.contains(id))
            {
                return Ok(());
            }
            let mut brokers = self.brokers();
            let process = &mut brokers[id as usize - 1];
            if let Some(status) = process.ended() {
                return Err(process.ended_error(status));
            }
            if Instant::now() >= deadline {
                return Err(process.deadline_error("see the whole cluster"));
            }
            drop(brokers);
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn log_file(&self, id: i32) -> PathBuf {
        self.cluster.broker_folder(id).join("log")
    }

    fn process<T>(&self, broker: i32, act: impl FnOnce(&mut Process) -> T) -> T {
        self.check(broker);
        act(&mut self.brokers()[broker as usize - 1])
    }

    fn check(&self, broker: i32) {
        assert!(
            self.ids().contains(&broker),
            "there is no broker {broker}; they are {:?}",
            self.ids()
        );
    }

    fn brokers(&self) -> MutexGuard<'_, Vec<Process>> {
        // A panic elsewhere leaves the list as it was.
        self.brokers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_configuration(
    cluster: &Cluster,
    certificates: Option<&Certificates>,
) -> Result<(), Error> {
    let write = |file: PathBuf, text: &str| fs::write(&file, text).at("writing", &file);
    if let Some(certificates) = certificates {
        cluster.write_keystores(certificates)?;
    }
    if let Some((file, text)) = cluster.login_file() {
        write(file, &text)?;
    }
    write(cluster.log4j_file(), LOG4J)?;
    for id in cluster.ids() {
        let folder = cluster.broker_folder(id);
        fs::create_dir(&folder).at("creating", &folder)?;
        write(
            cluster.properties_file(id),
            &cluster.properties(id, certificates).text(),
        )?;
    }
    Ok(())
}
