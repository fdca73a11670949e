//! The speed of the product's pages: the program itself, started on a filled database and asked from outside, beside the same
//! SQL alone and a bare answer of actix-web. `cargo bench`; what can be asked of a run: `cargo bench --bench pages -- --help`.

mod bare;
mod data;
mod hashing;
mod http;
mod load;
mod machine;
mod options;
mod pages;
mod postgres;
mod product;
mod report;
mod saves;
mod sql;
mod statement;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use clap::Parser as _;
use quarterdeck::db::Engine;

use self::bare::Bare;
use self::data::Data;
use self::http::{Connection, Sender};
use self::load::{Measured, Way};
use self::options::Options;
use self::pages::Page;
use self::postgres::Postgres;
use self::product::{Product, Server};
use self::report::{Process, Report};
use self::sql::Watched;
use self::statement::Statement;

/// The program is started so often; the middle of the times counts.
const STARTS: usize = 5;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let is_given = |argument: &str| std::env::args().any(|given| given == argument);
    if is_given(bare::ARGUMENT) {
        return bare::serve();
    }
    // Whoever runs or lists the tests of all targets does not mean this.
    if !is_given("--bench") && !is_given("--help") {
        eprintln!("this takes a while, and is run by: cargo bench");
        return Ok(());
    }
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            done = measure(&options) => done,
            // What was started is ended, and what was made is removed, as at any other end.
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        }
    })
}

async fn measure(options: &Options) -> Result<()> {
    let temporary = tempfile::tempdir()?;
    // PostgreSQL may run as another user.
    std::fs::set_permissions(temporary.path(), Permissions::from_mode(0o711))?;
    let folder = options.keep.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    for engine in &options.databases {
        let report = match engine {
            Engine::Sqlite => {
                let url = |size| Ok(format!("sqlite://{}", folder.join(format!("pages-{size}.db")).display()));
                measure_database(options, &url).await?
            }
            Engine::Postgres => {
                let server =
                    options.postgres.as_deref().map_or_else(|| Postgres::start(folder), |url| Ok(Postgres::at(url)))?;
                let name = |size| format!("quarterdeck_pages_{size}");
                let report = measure_database(options, &|size| server.database(&name(size))).await?;
                if options.keep.is_none() {
                    options.sizes.iter().try_for_each(|size| server.drop_database(&name(*size)))?;
                }
                report
            }
        };
        println!("{report}");
    }
    println!("Measured on {}.", machine::described());
    Ok(())
}

/// Measures on a database, at each size.
async fn measure_database(options: &Options, url: &dyn Fn(u64) -> Result<String>) -> Result<Report> {
    let way = Way { connections: options.connections(), time: options.seconds };
    let mut report = Report {
        database: String::new(),
        sizes: options.sizes.clone(),
        lines: Vec::new(),
        processes: Vec::new(),
        hashing: None,
        binary: Product::size()?,
    };
    for (place, size) in options.sizes.iter().enumerate() {
        eprintln!("{size} users: {}", url(*size)?.split('@').next_back().unwrap_or_default());
        let data = Data::fill(&url(*size)?, *size, way.connections)?;
        report.database = data.version()?;
        measure_size(options, way, &data, place + 1 == options.sizes.len(), &mut report).await?;
    }
    Ok(report)
}

/// Measures at one size; at the last, the limits as well.
async fn measure_size(options: &Options, way: Way, data: &Data, is_last: bool, report: &mut Report) -> Result<()> {
    let server = start(&data.product, report)?;
    let stranger = Sender { host: server.host.clone(), ..Sender::default() };
    let person = log_in(&stranger).await?;
    let pages = pages::all(data, &person, |name| options.wants(name)).await?;
    let mut caught = if is_last { catch(&data.product.url, &pages).await? } else { Vec::new() }.into_iter();
    for (place, page) in pages.iter().enumerate() {
        let answer = answer(&person.host, page).await?;
        let measured = load::measure(&person.host, page.status, way, &page.requests).await?;
        tell(page.name, measured);
        let line = report.line(place, page);
        line.at.push(measured);
        line.bytes = answer.len();
        if !is_last {
            continue;
        }
        let statements = caught.next().unwrap_or_default();
        if !statements.is_empty() {
            line.sql = Some(sql::measure(&data.product.url, &statements, way)?);
        }
        line.bare = Some(measure_bare(&answer, way).await?);
        line.sql.into_iter().for_each(|sql| tell("  its SQL alone", sql));
        line.bare.into_iter().for_each(|bare| tell("  bare actix", bare));
        if page.aim.of_hashing.is_some() {
            report.hashing = Some(hashing::measure(way)?);
        }
    }
    if let Some(process) = report.processes.last_mut() {
        process.memory = server.memory()?;
    }
    Ok(())
}

/// Says how far the run is.
fn tell(what: &str, Measured { rate, median, p99 }: Measured) {
    eprintln!("    {what:<18} {rate:>9.1} a second, {median:>9.2?} the median, {p99:>9.2?} p99");
}

/// Starts the product a few times, and leaves it running.
fn start(product: &Product, report: &mut Report) -> Result<Server> {
    let mut servers = (0..STARTS).map(|_| product.serve()).collect::<Result<Vec<_>>>()?;
    servers.sort_by_key(|server| server.started_in);
    let server = servers.swap_remove(STARTS / 2);
    report.processes.push(Process { started_in: server.started_in, memory: server.memory()? });
    Ok(server)
}

async fn log_in(stranger: &Sender) -> Result<Sender> {
    let mut connection = Connection::open(&stranger.host).await?;
    let answer = connection.ask(&pages::login(stranger, 0)).await?;
    ensure!(answer.status == 303, "nobody can log in: {}\n{}", answer.status, answer.text());
    Ok(Sender { cookies: answer.cookies(), ..stranger.clone() })
}

/// An answer of a page.
async fn answer(host: &str, page: &Page) -> Result<Vec<u8>> {
    let mut request = Vec::new();
    (page.requests)(0)?(&mut request);
    let mut connection = Connection::open(host).await?;
    Ok(connection.ask(&request).await?.body())
}

/// What the product sends to the database for some requests of each page; nothing for a page that writes.
async fn catch(url: &str, pages: &[Page]) -> Result<Vec<Vec<Vec<Statement>>>> {
    let watched = Watched::start(url)?;
    let mut caught = Vec::new();
    for page in pages {
        caught.push(watched.statements((page.requests)(0)?).await?);
    }
    Ok(caught)
}

async fn measure_bare(answer: &[u8], way: Way) -> Result<Measured> {
    let bare = Bare::start(answer)?;
    let request = Sender { host: bare.host.clone(), ..Sender::default() }.get("/");
    let requests = |_| {
        let request = request.clone();
        Ok(Box::new(move |to: &mut Vec<u8>| to.extend_from_slice(&request)) as load::Requests)
    };
    load::measure(&bare.host, 200, way, &requests).await
}
