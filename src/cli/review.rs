//! `viva review`: a session in the browser, from this machine to this machine.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use super::redact::Field;
use super::reviewed::{Aside, Reviewed, beside};
use super::{note, print, progress, questions, talk};
use crate::page;
use crate::serve::{Server, Site};
use crate::settings::Settings;
use crate::store::{history, session};

#[derive(clap::Args)]
pub struct Arguments {
    /// Its name, the beginning of it, or "last"
    #[arg(default_value = "last")]
    session: String,
    /// Only this question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    question: Option<usize>,
    /// As a coach sees it: the program's scores are hidden until asked for, answers can be rated, fillers marked
    #[arg(long)]
    coach: bool,
    /// Only print the address; open it yourself
    #[arg(long)]
    no_browser: bool,
    /// A port of your choice [default: a free one]
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Stop when nobody has looked for so many minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=1_440))]
    idle: u64,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let session = session::find(&settings.folders.sessions, &arguments.session)?;
    let bank = questions::load(settings)?;
    let reviewed = Reviewed::read(session, arguments.question, &bank, settings)?;
    let address = |file: &std::path::Path| {
        let below = file.strip_prefix(&reviewed.session.folder).unwrap_or(file);
        below.iter().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let (held, problems) = history::sessions(&settings.folders.sessions)?;
    let usual = history::baseline_of(&held, Some(reviewed.session.record.started));
    // a coach is to see this session alone
    let aside = if arguments.coach {
        None
    } else {
        note(&problems);
        Some((reviewed.private(&Field::read(&bank, settings)?), progress::over(&held, &bank)))
    };
    let aside = aside.as_ref().map_or(Aside::default(), |(private, progress)| Aside { private, progress: Some(progress) });
    let sounds = reviewed.sounds(|file, _| beside(file, address(file)).map(Some));
    let files: BTreeMap<_, _> = reviewed.recordings().map(|f| (address(&f), f)).collect();
    let site = Site { page: page::html(&reviewed.review(sounds, &usual, arguments.coach, aside)), policy: page::policy(), sounds: files };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = match Server::bind(site, arguments.port).await {
            Err(e) if arguments.port > 0 => bail!("port {} cannot be used ({e}); leave --port out, and a free one is taken", arguments.port),
            server => server.context("this machine gives no address to itself; `viva export --html` writes the page as a file")?,
        };
        let address = server.address();
        print(&format!("{address}\n"));
        let opened = !arguments.no_browser && opener::open_browser(&address).is_ok();
        if !opened && !arguments.no_browser {
            talk("no browser could be opened; open the address above in one yourself");
        }
        talk("The page is there for this machine only. Ctrl-C here closes it.");
        tokio::select! {
            ended = server.run(Duration::from_secs(arguments.idle * 60)) => ended.context("the page could not be served any longer; start it again")?,
            _ = tokio::signal::ctrl_c() => {}
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
