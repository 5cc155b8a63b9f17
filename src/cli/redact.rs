//! What of a session could say who a patient is: listed by `viva sessions privacy`, and masked in an export by `--redact`.

use std::io::IsTerminal;

use anyhow::{Context, bail};
use serde::Serialize;

use super::{answers, print, print_json, questions, talk};
use crate::privacy::{self, CAVEAT, Finding, Kind, Known};
use crate::question::Question;
use crate::question::bank::Bank;
use crate::settings::Settings;
use crate::sound::Span;
use crate::store::session::{self, Answer};
use crate::transcribe::Transcript;
use crate::transcribe::vocabulary::Vocabulary;
use crate::transcribe::written::typed;
use crate::words::plain;

/// How many words of the answer are shown on each side of a finding.
const CONTEXT: usize = 5;

/// How an export hides patients.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct RedactArguments {
    /// Mask what is found that could say who a patient is (names, dates of birth, numbers, addresses, rooms), in the text, and silence it in the sound
    #[arg(long)]
    pub redact: bool,
    /// Mask all that is found, without asking
    #[arg(long, requires = "redact")]
    pub yes: bool,
    /// Mask these words too (as often as you like)
    #[arg(long, value_name = "WORDS", requires = "redact")]
    pub also: Vec<String>,
    /// Leave these words as they are (as often as you like)
    #[arg(long, value_name = "WORDS", requires = "redact")]
    pub keep: Vec<String>,
}

/// `viva sessions privacy`.
#[derive(clap::Args)]
pub struct PrivacyArguments {
    /// Its name, the beginning of it, or "last"
    #[arg(default_value = "last")]
    session: String,
    #[arg(long)]
    json: bool,
}

/// A finding with where it stands.
#[derive(Clone, Debug, Serialize)]
pub struct Flagged {
    /// Which question of the session, 1 for the first; 0 for what was written about the session.
    pub question: usize,
    pub take: usize,
    /// Said to the follow-up question.
    pub follow_up: bool,
    /// Its words with some on each side.
    pub context: String,
    #[serde(flatten)]
    pub finding: Finding,
}

/// What is known of the field, read once for all sessions.
pub struct Field {
    /// Words that are never taken for a name.
    terms: Known,
    built_in: Bank,
}

impl Field {
    /// # Errors
    /// The user's own vocabulary cannot be read.
    pub fn read(bank: &Bank, settings: &Settings) -> anyhow::Result<Self> {
        let mut terms = Known::default();
        terms.add_terms(Vocabulary::built_in().terms());
        if let Some(own) = &settings.preferences.vocabulary {
            // a list of one's own may well hold names, but those of systems and colleagues: patients are not put on it
            terms.add_terms(Vocabulary::read(own)?.terms());
        }
        for set in bank.common().into_iter().chain(bank.roles()) {
            terms.add_terms(set.page.glossary.iter().map(|t| t.term.as_str()));
        }
        Ok(Self { terms, built_in: Bank::built_in()? })
    }

    /// Whether the program asks it; a question of the user's own may name a patient itself.
    pub fn is_built_in(&self, question: &Question) -> bool {
        self.built_in.question(&question.id).is_some_and(|q| q.text == question.text)
    }

    /// All findings of these answers and of what was said to their follow-up questions, then those in what was written about them, which stand at no
    /// question and no time.
    pub fn flagged(&self, answers: &[Answer], written: &[String]) -> Vec<Flagged> {
        let mut known = self.terms.clone();
        for answer in answers.iter().filter(|a| self.is_built_in(&a.question)) {
            known.add_question(&answer.question);
        }
        let mut all = Vec::new();
        let mut flag = |transcript: &Transcript, question, take, follow_up| {
            let found = privacy::findings(transcript, &known).into_iter();
            all.extend(found.map(|finding| Flagged { question, take, follow_up, context: context(transcript, &finding), finding }));
        };
        for answer in answers {
            let added = answer.follow_up.as_ref().and_then(|f| f.transcript.as_ref());
            for (transcript, follow_up) in [(answer.transcript.as_ref(), false), (added, true)] {
                if let Some(transcript) = transcript {
                    flag(transcript, answer.number, answer.files.take, follow_up);
                }
            }
        }
        for text in written {
            flag(&typed(text), 0, 0, false);
        }
        all
    }
}

fn context(transcript: &Transcript, finding: &Finding) -> String {
    transcript.excerpt(finding.words.clone(), CONTEXT)
}

/// Lists the findings of a session.
pub fn run(arguments: &PrivacyArguments, settings: &Settings) -> anyhow::Result<()> {
    let session = session::find(&settings.folders.sessions, &arguments.session)?;
    let answers = answers(&session);
    let flagged = Field::read(&questions::load(settings)?, settings)?.flagged(&answers, &[]);
    let unread = answers.iter().filter(|a| !a.is_written_down()).count();
    if arguments.json {
        #[derive(Serialize)]
        struct PrivacyJson<'a> {
            session: String,
            caveat: &'static str,
            findings: &'a [Flagged],
        }
        print_json(&PrivacyJson { session: session.id(), caveat: CAVEAT, findings: &flagged })?;
    } else if flagged.is_empty() {
        print(&format!("Nothing was found in {} that could say who a patient is.\n{CAVEAT}\n", session.id()));
    } else {
        print(&format!("What in {} could say who a patient is:\n\n", session.id()));
        for flag in &flagged {
            print(&format!("{}\n", line(flag)));
        }
        print(&format!("\n{CAVEAT}\n"));
    }
    if unread > 0 {
        talk(&format!("note: {unread} of its answers are not written down yet, and were not looked at; `viva analyze --session {}`", session.id()));
    }
    Ok(())
}

fn line(flag: &Flagged) -> String {
    let Flagged { finding, context, .. } = flag;
    format!("  {}  {}: \"{}\"\n      say instead: {}", place(flag), finding.kind.name(), context, finding.safer)
}

fn place(flag: &Flagged) -> String {
    if flag.question == 0 {
        return "in what was written".to_owned();
    }
    let take = if flag.take > 1 { format!(", take {}", flag.take) } else { String::new() };
    let part = if flag.follow_up { ", follow-up" } else { "" };
    format!("question {}{take}{part}, {}", flag.question, flag.finding.span.start.precise())
}

/// The findings that are to be masked: shown, and asked for at the terminal. Also what the user named with `--also`.
///
/// # Errors
/// The user stopped, or nobody can be asked and `--yes` is missing.
pub fn confirmed(flagged: &[Flagged], arguments: &RedactArguments) -> anyhow::Result<Vec<Finding>> {
    let mut left: Vec<&Flagged> = flagged.iter().filter(|f| !is_kept(&f.finding, &arguments.keep)).collect();
    let groups = groups(&left);
    for (number, group) in (1..).zip(&groups) {
        let places: Vec<String> = group.iter().map(|f| place(f)).collect();
        let first = group[0];
        talk(&format!("{number:>3}  {}: \"{}\"", first.finding.kind.name(), first.context));
        talk(&format!("     {}: \"{}\" becomes {}", places.join("; "), first.finding.text, first.finding.kind.mask()));
    }
    for words in &arguments.also {
        talk(&format!("  +  \"{words}\" becomes {}, wherever it is said", Kind::Other.mask()));
    }
    if let Some(empty) = arguments.also.iter().find(|words| simple(words).is_empty()) {
        bail!("--also \"{empty}\" holds no word; name the words to mask, such as --also \"Elm Street\"");
    }
    if groups.is_empty() && arguments.also.is_empty() {
        talk("Nothing was found that could say who a patient is.");
    }
    talk(CAVEAT);
    if !arguments.yes && !groups.is_empty() {
        if !std::io::stdin().is_terminal() {
            bail!("what --redact masks must be looked at first, and nobody can be asked here; see `viva sessions privacy`, then add --yes");
        }
        let without = ask(groups.len())?;
        let out: Vec<(Kind, String)> = without.iter().map(|n| group_of(&groups[n - 1][0].finding)).collect();
        left.retain(|f| !out.contains(&group_of(&f.finding)));
    }
    let also = |words: &String| Finding { kind: Kind::Other, words: 0..0, span: Span::default(), text: words.clone(), safer: String::new() };
    Ok(left.into_iter().map(|f| f.finding.clone()).chain(arguments.also.iter().map(also)).collect())
}

/// What was said several times is asked for once.
fn groups<'f>(flagged: &[&'f Flagged]) -> Vec<Vec<&'f Flagged>> {
    let mut groups: Vec<Vec<&Flagged>> = Vec::new();
    for flag in flagged {
        match groups.iter_mut().find(|g| group_of(&g[0].finding) == group_of(&flag.finding)) {
            Some(group) => group.push(flag),
            None => groups.push(vec![flag]),
        }
    }
    groups
}

fn group_of(finding: &Finding) -> (Kind, String) {
    (finding.kind, simple(&finding.text))
}

fn simple(text: &str) -> String {
    text.split_whitespace().map(|w| plain(w).trim_end_matches("'s").to_owned()).collect::<Vec<_>>().join(" ")
}

/// Whether the user wants the words of a finding left: all of them, or one of a name.
fn is_kept(finding: &Finding, keep: &[String]) -> bool {
    let text = format!(" {} ", simple(&finding.text));
    keep.iter().map(|k| simple(k)).any(|k| !k.is_empty() && text.contains(&format!(" {k} ")))
}

/// The numbers that are to be left out.
fn ask(count: usize) -> anyhow::Result<Vec<usize>> {
    loop {
        talk("Enter masks them all, numbers leave those out, q stops.");
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line).context("what was typed could not be read; add --yes to mask all that is found")? == 0 {
            bail!("stopped before anything was written");
        }
        match understood(&line, count) {
            Some(Reply::Stop) => bail!("stopped before anything was written"),
            Some(Reply::Without(numbers)) => return Ok(numbers),
            None => talk(&format!("Type numbers from 1 to {count} with spaces between, or only Enter.")),
        }
    }
}

#[derive(Debug, PartialEq)]
enum Reply {
    Stop,
    Without(Vec<usize>),
}

fn understood(line: &str, count: usize) -> Option<Reply> {
    if ["q", "quit", "stop"].contains(&line.trim().to_lowercase().as_str()) {
        return Some(Reply::Stop);
    }
    let number = |word: &str| word.parse().ok().filter(|n| (1..=count).contains(n));
    line.split([' ', ',', '\n', '\r', '\t']).filter(|w| !w.is_empty()).map(number).collect::<Option<_>>().map(Reply::Without)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(kind: Kind, text: &str) -> Flagged {
        let finding = Finding { kind, words: 0..1, span: Span::default(), text: text.to_owned(), safer: "a patient".to_owned() };
        Flagged { question: 1, take: 1, follow_up: false, context: text.to_owned(), finding }
    }

    #[test]
    fn a_reply_leaves_out_stops_or_is_asked_again() {
        assert_eq!(understood("\n", 3), Some(Reply::Without(vec![])));
        assert_eq!(understood("1, 3\n", 3), Some(Reply::Without(vec![1, 3])));
        assert_eq!(understood(" Q\n", 3), Some(Reply::Stop));
        for wrong in ["4\n", "0\n", "one\n", "yes\n"] {
            assert_eq!(understood(wrong, 3), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_kept_is_not_masked_and_what_is_named_is() {
        let all = [flag(Kind::Name, "Mrs. Alvarez"), flag(Kind::Name, "Maria's"), flag(Kind::Name, "maria"), flag(Kind::Room, "Room 214.")];
        let arguments = RedactArguments { redact: true, yes: true, also: vec!["the blue house".into()], keep: vec!["Maria".into(), "room 2".into()] };
        let texts: Vec<String> = confirmed(&all, &arguments).unwrap().into_iter().map(|f| f.text).collect();
        assert_eq!(texts, ["Mrs. Alvarez", "Room 214.", "the blue house"]);
        let all: Vec<&Flagged> = all.iter().collect();
        assert_eq!(groups(&all).iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 1]);
    }
}
