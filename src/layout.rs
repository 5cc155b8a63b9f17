//! Text for a terminal: headings, and lines wrapped to its width. Whoever prints it strips the styles where they are not wanted.

use std::fmt::Write;

use anstyle::Style;

pub const BOLD: Style = Style::new().bold();
/// Lines are wrapped here, or earlier in a narrow terminal.
const WIDEST: usize = 96;

/// A heading with an empty line before it.
pub fn heading(out: &mut String, text: &str) {
    // writing to a string does not fail, here as below
    let _ = writeln!(out, "\n{BOLD}{text}{BOLD:#}");
}

/// Text wrapped to the terminal, its first line and the further ones indented by these.
pub fn wrapped(out: &mut String, first: &str, further: &str, text: &str) {
    let options = textwrap::Options::new(textwrap::termwidth().clamp(40, WIDEST)).initial_indent(first).subsequent_indent(further);
    for line in textwrap::wrap(text, options) {
        let _ = writeln!(out, "{line}");
    }
}
