//! What actix-web reaches alone: this same program, as a server that has one answer.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context as _, Result};

/// The argument that makes this program such a server.
pub const ARGUMENT: &str = "--answer-alone";

/// A server with one answer.
pub struct Bare {
    pub host: String,
    child: Child,
    _output: BufReader<ChildStdout>,
}

impl Bare {
    /// Starts one in a process of its own, as the product is.
    pub fn start(answer: &[u8]) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("the bare server can't be started")?;
        child.stdin.take().context("it has an input")?.write_all(answer)?;
        let mut host = String::new();
        let mut output = BufReader::new(child.stdout.take().context("it has an output")?);
        output.read_line(&mut host)?;
        Ok(Bare { host: host.trim().to_owned(), child, _output: output })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers every request with what is on standard input, from as many threads as the product has.
pub fn serve() -> Result<()> {
    let mut answer = Vec::new();
    std::io::stdin().read_to_end(&mut answer)?;
    let answer = web::Bytes::from(answer);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let answer = answer.clone();
            let handler = move || {
                std::future::ready(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(answer.clone()))
            };
            App::new().default_service(web::to(handler))
        });
        Ok(server.listen(listener)?.run().await?)
    })
}
