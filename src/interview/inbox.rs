//! The conductor's inbox: what the threads, the keyboard and the system put into it.

use std::io::BufRead;
use std::sync::mpsc as thread_channel;

use tokio::sync::mpsc::UnboundedSender;

use crate::capture::recorder::RecorderEvent;
use crate::speak::{SpeakError, Speaker, Voice, chime};
use crate::stop::Stop;
use crate::transcribe::worker::WorkerEvent;

/// What arrives in the inbox.
pub(super) enum Signal {
    Key(Key),
    /// Ctrl-C.
    Interrupt,
    /// The terminal was closed, or the system asks the program to end.
    Leave,
    Recorder(RecorderEvent),
    Worker(WorkerEvent),
    /// The line of this number is over.
    Spoken(u64, Result<(), SpeakError>),
    /// The time that was waited for has come.
    Deadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Enter,
    Again,
    Quit,
    /// A band, 1 to 5.
    Band(u8),
    /// Something else was typed before Enter.
    Other,
    /// Nobody is at the keyboard any more.
    Closed,
}

/// Ctrl-C, a closed terminal, a request to end.
pub(super) fn watch_signals(inbox: &UnboundedSender<Signal>) -> std::io::Result<()> {
    let sender = inbox.clone();
    tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && sender.send(Signal::Interrupt).is_ok() {} });
    #[cfg(unix)]
    for kind in [tokio::signal::unix::SignalKind::hangup(), tokio::signal::unix::SignalKind::terminate()] {
        let (sender, mut stream) = (inbox.clone(), tokio::signal::unix::signal(kind)?);
        tokio::spawn(async move { while stream.recv().await.is_some() && sender.send(Signal::Leave).is_ok() {} });
    }
    Ok(())
}

/// Keys come as lines, so that the terminal needs no special mode and a pipe works as well.
pub(super) fn read_keys(inbox: UnboundedSender<Signal>) {
    std::thread::spawn(move || {
        let (mut stdin, mut line) = (std::io::stdin().lock(), Vec::new());
        // bytes, not text: a slip of the keyboard that is no UTF-8 is still an Enter
        while stdin.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            let key = match line.trim_ascii() {
                b"a" | b"A" | b"again" => Key::Again,
                b"q" | b"Q" | b"quit" => Key::Quit,
                b"" => Key::Enter,
                [band @ b'1'..=b'5'] => Key::Band(band - b'0'),
                _ => Key::Other,
            };
            line.clear();
            if inbox.send(Signal::Key(key)).is_err() {
                return;
            }
        }
        // nobody listens any more when the interview is over
        let _ = inbox.send(Signal::Key(Key::Closed));
    });
}

/// What to say next.
pub(super) struct Line {
    pub number: u64,
    /// For the voice; None for the chime.
    pub text: Option<String>,
    pub stop: Stop,
}

/// The thread that renders and plays. Returns where to put lines; each is answered by a [`Signal::Spoken`].
pub(super) fn start_speaking(
    voice: Option<Box<dyn Voice>>,
    mut speaker: Box<dyn Speaker>,
    inbox: UnboundedSender<Signal>,
) -> thread_channel::Sender<Line> {
    let (sender, lines) = thread_channel::channel::<Line>();
    std::thread::spawn(move || {
        for Line { number, text, stop } in lines {
            let rendered = match (&voice, text) {
                (Some(voice), Some(text)) => voice.render(&text),
                _ => Ok(chime::chime()),
            };
            // a voice that fails still leaves the chime
            let (clip, failed) = match rendered {
                Ok(clip) => (clip, None),
                Err(e) => (chime::chime(), Some(e)),
            };
            let played = speaker.play(&clip, &stop);
            if inbox.send(Signal::Spoken(number, failed.map_or(played, Err))).is_err() {
                return;
            }
        }
    });
    sender
}
