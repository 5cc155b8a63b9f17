//! Viva Voce: spoken mock interviews on the user's own machine.
//!
//! One way through the house, each arrow a plain value:
//!
//! ```text
//! question -> speak -> capture -> transcribe -> measure -> score -> store -> review -> page
//! Question    Clip     Pieces     Transcript    Measures   Scorecard Session  text      HTML
//! ```
//!
//! A voice reads a [`question`] ([`speak`]); a microphone hears the answer ([`capture`]); an engine writes its words down ([`transcribe`]);
//! the way it was said is measured ([`measure`]) and its points are found ([`score`]); both make a [`report`]; the session is kept
//! ([`store`]) and shown ([`review`], [`page`], [`serve`]); [`privacy`], [`coach`] and [`progress`] read whole sessions. A station may use what is left of it, never what is right of it. Only the conductor
//! ([`interview`]) and the command line ([`cli`]) see them all. [`sound`] is what all stations speak of.

/// Name and version, as they stand in what is kept.
pub const PROGRAM: &str = concat!("viva ", env!("CARGO_PKG_VERSION"));

pub mod hash;
pub mod layout;
pub mod stop;
pub mod words;

pub mod sound;

pub mod question;

pub mod prepare;

pub mod speak;

pub mod capture;

pub mod transcribe;

pub mod measure;

pub mod score;

pub mod report;

pub mod store;

pub mod privacy;

pub mod coach;

pub mod progress;

pub mod review;

pub mod page;

pub mod serve;

pub mod doctor;

pub mod advisor;
pub mod models;
pub mod settings;

pub mod event;
pub mod interview;
pub mod screen;

pub mod cli;
