//! ZooKeeper, for the Kafkas that need it.

use std::fs;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::cluster::Cluster;
use crate::error::At;
use crate::error::Error;
use crate::mechanism::Mechanism;
use crate::process::{Output, Process};
use crate::properties::path;
use crate::user::User;

/// Far more than a start of Java takes: a busy machine is no failure.
const DEADLINE: Duration = Duration::from_secs(240);

/// Starts ZooKeeper, and puts the users of SCRAM into it.
pub(crate) fn start(cluster: &Cluster) -> Result<Process, Error> {
    let folder = cluster.folder.join("zookeeper");
    fs::create_dir(&folder).at("creating", &folder)?;
    let config = folder.join("zoo.cfg");
    let (host, port) = cluster.zookeeper();
    let text = format!(
        "dataDir={}\nclientPortAddress={host}\nclientPort={port}\ntickTime=1000\nmaxClientCnxns=0\n\
         admin.enableServer=false\nforceSync=no\n",
        path(&folder.join("data")),
    );
    fs::write(&config, text).at("writing", &config)?;
    let java = cluster
        .java("org.apache.zookeeper.server.quorum.QuorumPeerMain")?
        .flag("-Xmx128m")
        // ZooKeeper 3.4 wants classes of log4j that reload4j lacks.
        .flag("-Dzookeeper.jmx.log4j.disable=true")
        .args([config]);
    let mut process = Process::spawn("ZooKeeper", &java, folder.join("log"), Output::Log)?;

    let deadline = Instant::now() + DEADLINE;
    while TcpStream::connect((host, port)).is_err() {
        if let Some(status) = process.ended() {
            return Err(process.ended_error(status));
        }
        if Instant::now() >= deadline {
            return Err(process.deadline_error("listen"));
        }
        thread::sleep(Duration::from_millis(20));
    }
    if cluster.settings.sasl {
        add_users(cluster, deadline)?;
    }
    Ok(process)
}

fn add_users(cluster: &Cluster, deadline: Instant) -> Result<(), Error> {
    let (host, port) = cluster.zookeeper();
    let mut commands = Vec::new();
    for User { name, password } in User::ALL {
        let credentials: Vec<String> = Mechanism::ALL
            .into_iter()
            .filter(|mechanism| mechanism.is_scram())
            .map(|mechanism| format!("{mechanism}=[iterations=4096,password={password}]"))
            .collect();
        let java = cluster
            .java("kafka.admin.ConfigCommand")?
            .args([
                "--zookeeper",
                &format!("{host}:{port}"),
                "--alter",
                "--entity-type",
                "users",
            ])
            .args([
                "--entity-name",
                name,
                "--add-config",
                &credentials.join(","),
            ]);
        let log = cluster.folder.join(format!("zookeeper/user-{name}.log"));
        commands.push(Process::spawn(
            &format!("ConfigCommand for {name}"),
            &java,
            log,
            Output::Log,
        )?);
    }
    commands
        .iter_mut()
        .try_for_each(|command| command.succeed(deadline))
}
