//! Small plots for the terminal: one row of blocks, as wide as it may be. Pure.

use crate::sound::{Millis, Span};

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Where nothing was measured.
const NOTHING: char = '·';

/// Values at times, over `span`, as a row of `width` blocks: each the mean of what lies in its part of the time, from `low` (the lowest block) to `high`.
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // eight blocks
pub fn curve(values: &[(Millis, f64)], span: Span, width: usize, (low, high): (f64, f64)) -> String {
    let block = |column: usize| {
        let part = part_of(span, column, width);
        let inside = values.iter().filter(|(at, _)| *at >= part.start && *at < part.end).map(|(_, v)| *v);
        let (sum, count) = inside.fold((0.0, 0.0), |(sum, count), v| (sum + v, count + 1.0));
        if count == 0.0 {
            return NOTHING;
        }
        let share = ((sum / count - low) / (high - low).max(f64::EPSILON)).clamp(0.0, 1.0);
        BLOCKS[(share * (BLOCKS.len() - 1) as f64).round() as usize]
    };
    (0..width).map(block).collect()
}

/// How much of each part of the time lies in these stretches, as a row of `width` blocks; a space where none of it does.
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // eight blocks
pub fn filled(stretches: &[Span], span: Span, width: usize) -> String {
    let block = |column: usize| {
        let part = part_of(span, column, width);
        let inside = stretches.iter().map(|s| s.overlap(part).length().0).sum::<u64>();
        let share = inside as f64 / part.length().0.max(1) as f64;
        if inside == 0 { ' ' } else { BLOCKS[(share.min(1.0) * (BLOCKS.len() - 1) as f64).round() as usize] }
    };
    (0..width).map(block).collect()
}

/// Which letter's stretch fills most of each part of the time, as a row of `width` of them; a dot where none does.
#[must_use]
pub fn letters(stretches: &[(Span, char)], span: Span, width: usize) -> String {
    let of_column = |column: usize| {
        let part = part_of(span, column, width);
        let most = stretches.iter().map(|(s, letter)| (s.overlap(part).length().0, *letter)).max_by_key(|(length, _)| *length);
        most.filter(|(length, _)| length * 2 >= part.length().0.max(1)).map_or(NOTHING, |(_, letter)| letter)
    };
    (0..width).map(of_column).collect()
}

fn part_of(span: Span, column: usize, width: usize) -> Span {
    let at = |column: usize| Millis(span.start.0 + span.length().0 * column as u64 / width.max(1) as u64);
    Span { start: at(column), end: at(column + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_rises_where_its_values_do_and_has_gaps_where_there_are_none() {
        let values = [(Millis(500), 100.0), (Millis(1_500), 150.0), (Millis(3_500), 200.0), (Millis(3_600), 200.0)];
        assert_eq!(curve(&values, Span::new(0, 4_000), 4, (100.0, 200.0)), "▁▅·█");
        assert_eq!(curve(&values, Span::default(), 2, (1.0, 1.0)), "··");
        assert_eq!(curve(&values, Span::new(0, 4_000), 0, (1.0, 2.0)), "");
    }

    #[test]
    fn letters_stand_where_their_stretches_are() {
        let stretches = [(Span::new(0, 2_000), 'S'), (Span::new(2_000, 3_200), 'A')];
        assert_eq!(letters(&stretches, Span::new(0, 4_000), 4), "SSA·");
    }

    #[test]
    fn stretches_fill_their_part_of_the_row() {
        assert_eq!(filled(&[Span::new(500, 2_000), Span::new(3_900, 4_000)], Span::new(0, 4_000), 4), "▅█ ▂");
    }
}
