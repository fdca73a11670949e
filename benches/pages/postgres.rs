//! A PostgreSQL server of our own, as `tests/run` makes one; but what is committed is on the disk, for saves are measured.

use std::fs::{self, DirBuilder, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use diesel::connection::SimpleConnection as _;
use quarterdeck::db;

/// The name of its one user.
const USER: &str = "quarterdeck";

/// A server on which databases may be made.
pub struct Postgres {
    /// The address of one of its databases.
    url: String,
    child: Option<Child>,
}

/// Who runs the server: PostgreSQL refuses to run as root.
struct Runner {
    programs: PathBuf,
    user: Option<(u32, u32)>,
}

impl Postgres {
    /// Uses a server that is there.
    pub fn at(url: &str) -> Self {
        Postgres { url: url.to_owned(), child: None }
    }

    /// Starts one on the cluster in a folder, which is made when it is not there.
    pub fn start(folder: &Path) -> Result<Self> {
        let runner = Runner::find()?;
        let (data, secret, log) =
            (folder.join("postgres"), folder.join("postgres.password"), folder.join("postgres.log"));
        if !data.join("PG_VERSION").exists() {
            runner.make_cluster(&data, &secret, &log)?;
        }
        let password = fs::read_to_string(&secret)?;
        for _ in 0..5 {
            // Somebody else may take it in between: then another.
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let mut command = runner.command("postgres");
            command.arg("-D").arg(&data).args(["-p", &port.to_string()]);
            command.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
            command.stdout(fs::File::create(&log)?).stderr(fs::File::options().append(true).open(&log)?);
            let child = command.stdin(Stdio::null()).spawn()?;
            let url = format!("postgres://{USER}:{}@127.0.0.1:{port}/postgres", password.trim());
            let mut server = Postgres { url, child: Some(child) };
            if server.answers()? {
                return Ok(server);
            }
        }
        bail!("PostgreSQL does not start: {}", fs::read_to_string(log)?)
    }

    /// The address of a database, which is made when it is not there.
    pub fn database(&self, name: &str) -> Result<String> {
        let mut conn = db::open(&self.url)?;
        if let Err(cause) = conn.batch_execute(&format!("CREATE DATABASE {name}")) {
            ensure!(cause.to_string().contains("already exists"), cause);
        }
        let mut url = url::Url::parse(&self.url)?;
        url.set_path(name);
        Ok(url.into())
    }

    /// Drops a database.
    pub fn drop_database(&self, name: &str) -> Result<()> {
        Ok(db::open(&self.url)?.batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))?)
    }

    /// Waits until it answers; false when it has ended.
    fn answers(&mut self) -> Result<bool> {
        for _ in 0..300 {
            if db::open(&self.url).is_ok() {
                return Ok(true);
            }
            if self.child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None))) {
                return Ok(false);
            }
            sleep(Duration::from_millis(100));
        }
        bail!("PostgreSQL does not answer")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It ends its connections, writes what is to be written, and ends.
            let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            let _ = child.wait();
        }
    }
}

impl Runner {
    fn find() -> Result<Self> {
        // Debian keeps the programs out of PATH, one folder a version.
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
        let newest = versions.max_by_key(|path| path.file_name()?.to_str()?.parse::<u32>().ok());
        let path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
        let mut folders = newest.map(|version| version.join("bin")).into_iter().chain(path);
        let programs = folders.find(|folder| folder.join("initdb").exists());
        let programs = programs.context("PostgreSQL's initdb is not installed; or give a server with --postgres")?;
        let user = if id(&["-u"])? == 0 { Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)) } else { None };
        Ok(Runner { programs, user })
    }

    fn make_cluster(&self, data: &Path, secret: &Path, log: &Path) -> Result<()> {
        DirBuilder::new().mode(0o700).create(data)?;
        fs::write(secret, quarterdeck::token::new().map_err(|cause| anyhow::anyhow!("{cause}"))?)?;
        fs::set_permissions(secret, Permissions::from_mode(0o600))?;
        if let Some((user, group)) = self.user {
            chown(data, Some(user), Some(group))?;
            chown(secret, Some(user), Some(group))?;
        }
        let mut command = self.command("initdb");
        command.arg("-D").arg(data).args(["--username", USER, "--auth", "scram-sha-256", "--pwfile"]).arg(secret);
        command.args(["--encoding", "UTF8", "--locale", "C.UTF-8"]).stdout(fs::File::create(log)?);
        ensure!(command.status()?.success(), "initdb fails: {}", fs::read_to_string(log)?);
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let Some((user, group)) = self.user else { return Command::new(program) };
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".into()]).arg(program);
        command
    }
}

/// A number of a user, by the program `id`.
fn id(arguments: &[&str]) -> Result<u32> {
    let output = Command::new("id").args(arguments).output()?;
    let number = String::from_utf8(output.stdout)?;
    number.trim().parse().with_context(|| format!("id {}: {number}", arguments.join(" ")))
}
