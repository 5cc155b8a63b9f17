//! The layers of a BERT (Devlin and others 2019), as arithmetic on matrices with one row per token. Pure; only `meaning` uses it.

use ndarray::{Array2, s};

use super::meaning::SIZE;
use super::tensors::Stored;

const HEADS: usize = 12;
const HEAD_SIZE: usize = SIZE / HEADS;
const INNER: usize = 4 * SIZE;
/// Of the layer norms, as in the model's `config.json`.
const EPSILON: f32 = 1e-12;

pub(super) struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

struct Linear {
    /// (out, in), as stored.
    weight: Array2<f32>,
    bias: Vec<f32>,
}

pub(super) struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
}

impl Layer {
    /// `state`: (tokens, [`SIZE`]), and so is what comes out; `lengths`: how many of the tokens are of one text.
    pub fn apply(&self, state: Array2<f32>, lengths: &[usize]) -> Array2<f32> {
        let (queries, keys, values) = (self.query.apply(&state), self.key.apply(&state), self.value.apply(&state));
        let mut attended = Array2::zeros(state.raw_dim());
        let mut start = 0;
        for length in lengths {
            for head in 0..HEADS {
                let place = s![start..start + length, head * HEAD_SIZE..(head + 1) * HEAD_SIZE];
                let weights = softmax(queries.slice(place).dot(&keys.slice(place).t()));
                attended.slice_mut(place).assign(&weights.dot(&values.slice(place)));
            }
            start += length;
        }
        let mut state = state + self.attended.apply(&attended);
        self.attended_norm.apply(&mut state);
        let mut inner = self.inner.apply(&state);
        inner.mapv_inplace(gelu);
        state += &self.outer.apply(&inner);
        self.outer_norm.apply(&mut state);
        state
    }
}

impl Linear {
    fn apply(&self, state: &Array2<f32>) -> Array2<f32> {
        let mut out = state.dot(&self.weight.t());
        for mut row in out.outer_iter_mut() {
            for (x, bias) in row.iter_mut().zip(&self.bias) {
                *x += bias;
            }
        }
        out
    }
}

impl Norm {
    /// Each row to mean 0 and variance 1, then scaled (Ba and others 2016).
    pub fn apply(&self, state: &mut Array2<f32>) {
        #[allow(clippy::cast_precision_loss)] // 384
        let size = SIZE as f32;
        for mut row in state.outer_iter_mut() {
            let mean = row.sum() / size;
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / size;
            let scale = 1.0 / (variance + EPSILON).sqrt();
            for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *x = (*x - mean) * scale * weight + bias;
            }
        }
    }
}

/// Shares of each row of scores, which are first divided by the root of a head's size (Vaswani and others 2017).
fn softmax(mut scores: Array2<f32>) -> Array2<f32> {
    #[allow(clippy::cast_precision_loss)] // 32
    let scale = 1.0 / (HEAD_SIZE as f32).sqrt();
    for mut row in scores.outer_iter_mut() {
        let most = row.fold(f32::MIN, |most, x| most.max(*x));
        row.mapv_inplace(|x| ((x - most) * scale).exp());
        let sum = row.sum();
        row.mapv_inplace(|x| x / sum);
    }
    scores
}

/// x Φ(x) (Hendrycks and Gimpel 2016).
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function as a ratio of polynomials, with the numbers of the Eigen library; exact to 4e-7. The standard library has none.
fn erf(x: f32) -> f32 {
    const ABOVE: [f32; 7] = [-2.726_142_3e-10, 2.770_681_5e-8, -2.101_024e-6, -5.692_506_5e-5, -7.349_906_5e-4, -2.954_6e-3, -1.609_603_3e-2];
    const BELOW: [f32; 5] = [-1.456_607_2e-5, -2.133_740_5e-4, -1.682_827e-3, -7.373_329_3e-3, -1.426_473_9e-2];
    let x = x.clamp(-4.0, 4.0);
    let square = x * x;
    let polynomial = |numbers: &[f32]| numbers.iter().fold(0.0, |sum, number| sum * square + number);
    x * polynomial(&ABOVE) / polynomial(&BELOW)
}

impl Stored<'_> {
    pub fn norm(&self, name: &str) -> Result<Norm, String> {
        Ok(Norm { weight: self.numbers(&format!("{name}.weight"), &[SIZE])?, bias: self.numbers(&format!("{name}.bias"), &[SIZE])? })
    }

    fn linear(&self, name: &str, from: usize, to: usize) -> Result<Linear, String> {
        Ok(Linear { weight: self.matrix(&format!("{name}.weight"), to, from)?, bias: self.numbers(&format!("{name}.bias"), &[to])? })
    }

    pub fn layer(&self, at: usize) -> Result<Layer, String> {
        let name = |part: &str| format!("encoder.layer.{at}.{part}");
        Ok(Layer {
            query: self.linear(&name("attention.self.query"), SIZE, SIZE)?,
            key: self.linear(&name("attention.self.key"), SIZE, SIZE)?,
            value: self.linear(&name("attention.self.value"), SIZE, SIZE)?,
            attended: self.linear(&name("attention.output.dense"), SIZE, SIZE)?,
            attended_norm: self.norm(&name("attention.output.LayerNorm"))?,
            inner: self.linear(&name("intermediate.dense"), SIZE, INNER)?,
            outer: self.linear(&name("output.dense"), INNER, SIZE)?,
            outer_norm: self.norm(&name("output.LayerNorm"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_function_is_exact_enough() {
        for (x, expected) in [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (-2.0, -0.995_322_3), (9.0, 1.0)] {
            assert!((erf(x) - expected).abs() < 1e-6, "{x}: {}", erf(x));
        }
    }

    #[test]
    fn shares_sum_to_one_and_norms_have_variance_one() {
        let shares = softmax(ndarray::array![[1.0, 2.0, 300.0], [0.0, 0.0, 0.0]]);
        assert!((shares[[0, 2]] - 1.0).abs() < 1e-6 && (shares[[1, 0]] - 1.0 / 3.0).abs() < 1e-6);
        #[allow(clippy::cast_precision_loss)]
        let mut state = Array2::from_shape_fn((1, SIZE), |(_, at)| at as f32);
        Norm { weight: vec![1.0; SIZE], bias: vec![0.0; SIZE] }.apply(&mut state);
        assert!(state.sum().abs() < 1e-2 && (state.mapv(|x| x * x).sum() / 384.0 - 1.0).abs() < 1e-3);
    }
}
