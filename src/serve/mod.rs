//! A page and its sounds on this machine's own address, for one person: nothing is reached without the token in the address, from another machine or
//! from another site's page, and there is no way to any file but the sounds that were named.

mod part;
mod range;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rand::TryRng as _;
use rand::rngs::SysRng;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use part::Part;

/// So many connections at once are served; more wait.
const MOST_CONNECTIONS: usize = 64;
/// How often it is looked whether anybody is connected.
const LOOK: Duration = Duration::from_secs(1);
/// How long a connection may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is served.
pub struct Site {
    /// A document in windows-1252.
    pub page: Vec<u8>,
    /// The Content-Security-Policy of the page.
    pub policy: String,
    /// WAV files, by their paths beside the page.
    pub sounds: BTreeMap<String, PathBuf>,
}

/// A site that is ready to be looked at.
pub struct Server {
    listener: TcpListener,
    site: Arc<Served>,
}

struct Served {
    page: Bytes,
    policy: String,
    sounds: BTreeMap<String, PathBuf>,
    port: u16,
    token: String,
}

type Answer = Response<Either<Full<Bytes>, Part>>;

impl Server {
    /// Takes a port of the loopback, a free one for 0.
    ///
    /// # Errors
    /// The port is taken, or the system gives no randomness for the token.
    pub async fn bind(site: Site, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let port = listener.local_addr()?.port();
        let mut random = [0; 16];
        SysRng.try_fill_bytes(&mut random).map_err(io::Error::other)?;
        let token = crate::hash::hex(&random);
        let Site { page, policy, sounds } = site;
        Ok(Self { listener, site: Arc::new(Served { page: page.into(), policy, sounds, port, token }) })
    }

    /// Where the page is.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.site.port, self.site.token)
    }

    /// Serves until nobody has asked for anything for so long.
    ///
    /// # Errors
    /// The system takes the port away.
    pub async fn run(self, idle: Duration) -> io::Result<()> {
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let mut quiet_since = Instant::now();
        loop {
            let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
            match timeout(LOOK, self.listener.accept()).await {
                Ok(accepted) => {
                    quiet_since = Instant::now();
                    match accepted {
                        Ok((stream, _)) => drop(tokio::spawn(connection(TokioIo::new(stream), Arc::clone(&self.site), place))),
                        // one connection that failed is no reason to stop for the others; a system that has no room for more gets some time
                        Err(_) => tokio::time::sleep(LOOK).await,
                    }
                }
                // all but the one that is held here are free: nobody is connected
                Err(_) if places.available_permits() + 1 < MOST_CONNECTIONS => quiet_since = Instant::now(),
                Err(_) if quiet_since.elapsed() > idle => return Ok(()),
                Err(_) => {}
            }
        }
    }
}

/// Answers until the visitor goes; their place is free then.
async fn connection(stream: TokioIo<tokio::net::TcpStream>, site: Arc<Served>, _place: OwnedSemaphorePermit) {
    let service = service_fn(move |request| {
        let answer = answer(&request, &site);
        async move { Ok::<_, Infallible>(answer) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(16 * 1024);
    // a visitor who goes away in the middle is none of our business
    let _ = http.serve_connection(stream, service).await;
}

fn answer(request: &Request<Incoming>, served: &Served) -> Answer {
    let mut answer = match refusal(request.method(), request.headers(), served) {
        Some(status) => plain(status),
        None => found(request.uri().path(), request.headers(), request.method() == Method::HEAD, served),
    };
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Whoever comes by another name, or from another site's page, is turned away: a site elsewhere can make a browser ask here.
fn refusal(method: &Method, headers: &HeaderMap, served: &Served) -> Option<StatusCode> {
    let ours = |host: &str| ["127.0.0.1", "localhost"].iter().any(|name| host == format!("{name}:{}", served.port));
    let text = |name| headers.get(name).map(|v: &HeaderValue| v.to_str().unwrap_or_default());
    if method != Method::GET && method != Method::HEAD {
        return Some(StatusCode::METHOD_NOT_ALLOWED);
    }
    if !text(header::HOST).is_some_and(ours) {
        return Some(StatusCode::FORBIDDEN);
    }
    let foreign = text(header::ORIGIN).is_some_and(|origin| !origin.strip_prefix("http://").is_some_and(ours));
    foreign.then_some(StatusCode::FORBIDDEN)
}

fn found(path: &str, headers: &HeaderMap, head: bool, served: &Served) -> Answer {
    let Some(path) = path.strip_prefix('/').and_then(|p| p.strip_prefix(served.token.as_str())).and_then(|p| p.strip_prefix('/')) else {
        return plain(StatusCode::NOT_FOUND);
    };
    if path.is_empty() {
        let page = if head { Bytes::new() } else { served.page.clone() };
        let mut answer = Response::new(Either::Left(Full::new(page)));
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=windows-1252"));
        if let Ok(policy) = HeaderValue::from_str(&served.policy) {
            answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        return answer;
    }
    match served.sounds.get(path) {
        Some(file) => sound(file, headers.get(header::RANGE)).unwrap_or_else(|_| plain(StatusCode::NOT_FOUND)),
        None => plain(StatusCode::NOT_FOUND),
    }
}

/// A file or the part of it that was asked for.
fn sound(path: &PathBuf, wanted: Option<&HeaderValue>) -> io::Result<Answer> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let range = wanted.and_then(|v| v.to_str().ok()).map(|v| range::within(v, length));
    let (status, range) = match range {
        None | Some(range::Asked::Other) => (StatusCode::OK, 0..length),
        Some(range::Asked::Part(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(range::Asked::Beyond) => {
            let mut answer = plain(StatusCode::RANGE_NOT_SATISFIABLE);
            answer.headers_mut().insert(header::CONTENT_RANGE, text(&format!("bytes */{length}"))?);
            return Ok(answer);
        }
    };
    let mut answer = Response::new(Either::Right(Part::of(file, range.clone())?));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if status == StatusCode::PARTIAL_CONTENT {
        headers.insert(header::CONTENT_RANGE, text(&format!("bytes {}-{}/{length}", range.start, range.end - 1))?);
    }
    Ok(answer)
}

fn text(value: &str) -> io::Result<HeaderValue> {
    HeaderValue::from_str(value).map_err(io::Error::other)
}

fn plain(status: StatusCode) -> Answer {
    let mut answer = Response::new(Either::Left(Full::new(Bytes::from(format!("{status}\n")))));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
