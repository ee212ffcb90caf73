// SPDX-License-Identifier: Apache-2.0
//! Where the built programs are, and how one is run, watched and stopped.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{bail, ensure, Context, Result};

/// How long anything that must happen may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a program may take to stop when asked.
const STOP: Duration = Duration::from_secs(12);

/// The program of this name that was built with the tests.
pub fn program(name: &str) -> Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.parent().and_then(Path::parent).context("tests lie in target/<profile>/deps")?;
    let path = folder.join(name);
    ensure!(path.exists(), "{} is not built: cargo build --workspace --all-targets", path.display());
    Ok(path)
}

/// Looks until `look` finds something; `what` is named when it does not.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = look();
        match seen {
            Ok(Some(found)) => return Ok(found),
            Err(cause) if Instant::now() > end => return Err(cause.context(format!("waited for {what}"))),
            Ok(None) if Instant::now() > end => bail!("waited {} s for {what}", PATIENCE.as_secs()),
            _ => std::thread::sleep(PAUSE),
        }
    }
}

/// A port nobody listens on.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A running program whose output goes to a file; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a program.
    pub(crate) fn start(command: &mut Command, log: PathBuf) -> Result<Self> {
        let out = File::options().create(true).append(true).open(&log)?;
        let child = command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).spawn()?;
        Ok(Self { child, log })
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Fails, with the end of what it said, if it has stopped by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            let log = self.log();
            let end: Vec<&str> = log.lines().rev().take(15).collect();
            bail!("stopped with {status}: {}", end.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
        Ok(())
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop; whether it did so by itself.
    pub(crate) fn stop(&mut self) -> bool {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        let end = Instant::now() + STOP;
        while asked.is_ok() && Instant::now() < end {
            if let Ok(Some(_)) = self.child.try_wait() {
                return true;
            }
            std::thread::sleep(PAUSE);
        }
        drop(self.kill());
        false
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.stop();
        }
    }
}
