// SPDX-License-Identifier: Apache-2.0
//! How a part of the measurement runs as a process of its own, and what it used.

use std::{
    error::Error,
    fmt, fs,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdout, Command, Stdio},
    str::FromStr,
};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

pub(crate) const MIB: u64 = 1 << 20;
/// The kernel tells processor time in hundredths of a second, on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// A transfer: how long it took, and the processor time of both sides together.
pub(crate) struct Transfer {
    pub(crate) seconds: f64,
    pub(crate) processor: f64,
}

/// What a process has used since its start, by the kernel's own record.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// Seconds of processor time.
    pub(crate) processor: f64,
    /// The most memory it had at one time.
    peak_kib: u64,
}

impl Usage {
    /// Of this process.
    pub(crate) fn own() -> Outcome<Self> {
        let status = fs::read_to_string("/proc/self/status")?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        let peak_kib = peak.trim().trim_end_matches(" kB").parse()?;
        let stat = fs::read_to_string("/proc/self/stat")?;
        // The second field is the program's name in brackets; user and system time are the 14th and 15th.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
        let ticks = fields.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Self { processor: ticks as f64 / TICKS_PER_SECOND, peak_kib })
    }

    pub(crate) fn peak_mib(&self) -> f64 {
        self.peak_kib as f64 / 1024.0
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.processor, self.peak_kib)
    }
}

impl FromStr for Usage {
    type Err = Box<dyn Error + Send + Sync>;

    fn from_str(text: &str) -> Outcome<Self> {
        let (processor, peak) = text.split_once(' ').ok_or("not two numbers")?;
        Ok(Self { processor: processor.parse()?, peak_kib: peak.parse()? })
    }
}

/// A child process that tells its figures line by line.
pub(crate) struct Part {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Part {
    /// Starts this program again with other arguments.
    pub(crate) fn start(arguments: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no output")?);
        Ok(Self { child, lines })
    }

    /// The next line it tells.
    pub(crate) fn hear(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.lines.read_line(&mut line)? == 0 {
            return Err("a part ended early; its error is above".into());
        }
        Ok(line.trim().to_owned())
    }

    /// What a part that [`answers`] has used so far.
    pub(crate) fn usage(&mut self) -> Outcome<Usage> {
        self.child.stdin.as_mut().ok_or("no input")?.write_all(b"\n")?;
        self.hear()?.parse()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // A part that ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tells what this process has used whenever it is asked, until nobody can ask any more.
pub(crate) fn answers() -> Outcome<()> {
    for _ in io::stdin().lines() {
        println!("{}", Usage::own()?);
    }
    Ok(())
}
