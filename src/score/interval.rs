//! How sure a share is that was counted in few observations. Pure.

/// The normal quantile of a two-sided interval of 95 %.
const Z: f64 = 1.96;

/// Where the true share lies with 95 % confidence, 0 to 1, after `hits` of `of` observations: the score interval of Wilson (1927), which holds for few
/// observations and for shares near 0 and 1. From 0 to 1 without an observation.
#[must_use]
#[allow(clippy::cast_precision_loss)] // some hundreds
pub fn of_share(hits: usize, of: usize) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (of as f64, hits as f64 / of as f64);
    let middle = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    (((middle - reach) / whole).max(0.0), ((middle + reach) / whole).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_observations_say_little() {
        let per_cent = |hits, of| {
            let (low, high) = of_share(hits, of);
            ((low * 1000.0).round() / 10.0, (high * 1000.0).round() / 10.0)
        };
        // the values of published tables
        assert_eq!(per_cent(5, 10), (23.7, 76.3));
        assert_eq!(per_cent(0, 10), (0.0, 27.8));
        assert_eq!(per_cent(10, 10), (72.2, 100.0));
        assert_eq!(per_cent(0, 0), (0.0, 100.0));
        assert!(of_share(50, 100).1 - of_share(50, 100).0 < 0.2);
    }
}
