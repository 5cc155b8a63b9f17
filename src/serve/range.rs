//! Which bytes of a file a browser asks for (RFC 9110, section 14), one range at a time as players do. Pure.

use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Part(Range<u64>),
    /// There is nothing there.
    Beyond,
    /// In a way that is not served; the whole is a right answer to it.
    Other,
}

/// What the value of a header `Range` means for a file of this length.
pub(super) fn within(header: &str, length: u64) -> Asked {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|r| r.split_once('-')) else { return Asked::Other };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Some(first), None) if last.is_empty() => first..length,
        // the last so many
        (None, Some(count)) if first.is_empty() && count > 0 => length.saturating_sub(count)..length,
        _ => return Asked::Other,
    };
    if range.is_empty() { Asked::Beyond } else { Asked::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_standard() {
        assert_eq!(within("bytes=0-", 100), Asked::Part(0..100));
        assert_eq!(within("bytes=10-19", 100), Asked::Part(10..20));
        assert_eq!(within("bytes=90-1000", 100), Asked::Part(90..100));
        assert_eq!(within("bytes=-5", 100), Asked::Part(95..100));
        assert_eq!(within("bytes=-500", 100), Asked::Part(0..100));
        assert_eq!(within("bytes=0-18446744073709551615", 100), Asked::Part(0..100));
        for beyond in ["bytes=100-", "bytes=200-300"] {
            assert_eq!(within(beyond, 100), Asked::Beyond, "{beyond}");
        }
        assert_eq!(within("bytes=0-", 0), Asked::Beyond);
        for other in ["", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,4-5", "lines=1-2", "bytes=+1-2", "bytes=-0"] {
            assert_eq!(within(other, 100), Asked::Other, "{other}");
        }
    }
}
