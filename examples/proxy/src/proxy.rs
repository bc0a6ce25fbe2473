//! [`Proxy`]: its thread, its ports and its connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{sleep, timeout};

use crate::connection;
use crate::rename::Rename;
use crate::routes::Routes;

/// The most clients at a time; further ones wait.
pub const MAX_CONNECTIONS: usize = 10_000;
/// How long it may take to connect to a broker.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait after a client could not be accepted, as when there are too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A proxy that runs in a thread of its own until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    /// Dropped to end the thread.
    running: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What all connections share.
struct Shared {
    rename: Option<Rename>,
    routes: Routes,
    connections: Arc<Semaphore>,
}

impl Proxy {
    /// Starts a proxy that listens at `listen`, port 0 for any, and leads to the broker at
    /// `broker` from there. Other brokers get ports of their own on the same address.
    ///
    /// # Errors
    /// Errors of the system, such as that the port is in use.
    pub fn start(listen: SocketAddr, broker: &str, rename: Option<Rename>) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (opened, mut to_serve) = mpsc::unbounded_channel();
        let routes = Routes::new(listen.ip(), opened);
        let port = routes.port_to(broker, listen.port())?;
        let shared = Arc::new(Shared {
            rename,
            routes,
            connections: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        });
        let (running, stopped) = oneshot::channel::<()>();
        let serve = async move {
            while let Some((listener, broker)) = to_serve.recv().await {
                match TcpListener::from_std(listener) {
                    Ok(listener) => drop(tokio::spawn(accept(listener, broker, shared.clone()))),
                    Err(error) => log::error!("no clients for {broker}: {error}"),
                }
            }
        };
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                tokio::spawn(serve);
                // An error says that the other end was dropped, and that is all it ever says.
                let _ = stopped.await;
            });
        });
        Ok(Self {
            address: SocketAddr::new(listen.ip(), port),
            running: Some(running),
            thread: Some(thread),
        })
    }

    /// Where clients connect first.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Ends all connections.
impl Drop for Proxy {
    fn drop(&mut self) {
        self.running = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the proxy panicked");
        }
    }
}

/// Serves the clients of a port.
async fn accept(listener: TcpListener, broker: String, shared: Arc<Shared>) {
    while let Ok(permit) = shared.connections.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((client, peer)) => {
                let (broker, shared) = (broker.clone(), shared.clone());
                tokio::spawn(async move {
                    log::debug!("{peer} comes for {broker}");
                    let ended = serve(client, &broker, &shared).await;
                    log::debug!("{peer} is gone: {ended:?}");
                    drop(permit);
                });
            }
            Err(error) => {
                log::warn!("no client is accepted: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(client: TcpStream, broker: &str, shared: &Arc<Shared>) -> io::Result<()> {
    let broker = timeout(CONNECT_TIMEOUT, TcpStream::connect(broker)).await??;
    client.set_nodelay(true)?;
    broker.set_nodelay(true)?;
    connection::carry(client, broker, shared.rename.as_ref(), &shared.routes).await
}
