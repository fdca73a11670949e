//! As much of HTTP/1.1 as a load generator needs, and no more: it shares the cores with what it measures.

use std::fmt::Write as _;
use std::io;
use std::ops::Range;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection that is kept from one request to the next.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, until the next one is asked for.
pub struct Answer<'a> {
    pub status: u16,
    head: &'a [u8],
    body: &'a [u8],
    chunks: Option<Vec<Range<usize>>>,
}

/// What a request says of who sends it.
#[derive(Clone, Default)]
pub struct Sender {
    pub host: String,
    /// The value of the header `Cookie`; empty without one.
    pub cookies: String,
    pub takes_gzip: bool,
}

impl Sender {
    /// A GET, in the words of HTTP.
    pub fn get(&self, path: &str) -> Vec<u8> {
        self.begin("GET", path).into_bytes().into_iter().chain(*b"\r\n").collect()
    }

    /// A form that is sent from a page of the same origin.
    pub fn form(&self, method: &str, path: &str, more: &str, form: &str) -> Vec<u8> {
        let mut request = self.begin(method, path);
        let length = form.len();
        let _ = write!(
            request,
            "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n{more}\r\n{form}"
        );
        request.into_bytes()
    }

    fn begin(&self, method: &str, path: &str) -> String {
        let Sender { host, cookies, takes_gzip } = self;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        if !cookies.is_empty() {
            let _ = write!(request, "Cookie: {cookies}\r\n");
        }
        if *takes_gzip {
            request.push_str("Accept-Encoding: gzip\r\n");
        }
        request
    }
}

impl Connection {
    pub async fn open(host: &str) -> Result<Self> {
        let stream = TcpStream::connect(host).await.with_context(|| format!("{host} can't be reached"))?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(256 * 1024) })
    }

    /// Sends a request and reads the answer to its end.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            let seen = self.buffer.len().saturating_sub(3);
            self.read().await?;
            if let Some(place) = find(&self.buffer[seen..], b"\r\n\r\n") {
                break seen + place + 4;
            }
        };
        let status = std::str::from_utf8(&self.buffer[9..12]).ok().and_then(|status| status.parse().ok());
        let status = status.context("the answer has no status")?;
        let chunks = match header(&self.buffer[..head], "content-length") {
            Some(length) => {
                let length: usize = length.parse()?;
                while self.buffer.len() < head + length {
                    self.read().await?;
                }
                None
            }
            None if header(&self.buffer[..head], "transfer-encoding").is_some() => Some(self.chunks(head).await?),
            None => None,
        };
        let (head, body) = self.buffer.split_at(head);
        Ok(Answer { status, head, body, chunks })
    }

    /// Where in the body its chunks are, once all of them are there.
    async fn chunks(&mut self, head: usize) -> Result<Vec<Range<usize>>> {
        let (mut chunks, mut place) = (Vec::new(), head);
        loop {
            let end = loop {
                if let Some(end) = find(&self.buffer[place..], b"\r\n") {
                    break place + end;
                }
                self.read().await?;
            };
            let length = std::str::from_utf8(&self.buffer[place..end])?;
            let length = usize::from_str_radix(length, 16)?;
            let begin = end + 2;
            place = begin + length + 2;
            while self.buffer.len() < place {
                self.read().await?;
            }
            if length == 0 {
                return Ok(chunks);
            }
            chunks.push(begin - head..begin - head + length);
        }
    }

    async fn read(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Answer<'_> {
    /// The body.
    pub fn body(&self) -> Vec<u8> {
        match &self.chunks {
            Some(chunks) => chunks.iter().flat_map(|chunk| &self.body[chunk.clone()]).copied().collect(),
            None => self.body.to_vec(),
        }
    }

    /// The body of a page.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body()).into_owned()
    }

    /// What a browser would send back as `Cookie`.
    pub fn cookies(&self) -> String {
        let head = String::from_utf8_lossy(self.head);
        let set = head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        set.collect::<Vec<_>>().join("; ")
    }
}

/// The value of a header that actix-web writes in small letters.
fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    let head = std::str::from_utf8(head).ok()?;
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|part| part == wanted)
}
