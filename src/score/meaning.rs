//! What a text means, as a vector: sentence embeddings of all-MiniLM-L6-v2, computed on one core. The only file that knows how.
//!
//! In go short texts, out come vectors of length 1 whose scalar product (-1 to 1) says how much alike two texts are in meaning. The model is a BERT of six
//! layers (Devlin and others 2019; Wang and others 2020), averaged over the tokens (Reimers and Gurevych 2019). Nothing is fetched.

use std::ops::Range;
use std::path::{Path, PathBuf};

use ndarray::Array2;

use super::layers::{Layer, Norm};
use super::tensors::Stored;
use super::wordpiece::WordPiece;

/// How many numbers a vector has.
pub const SIZE: usize = 384;
/// A text as a vector of length 1; all zeros for a text without a word.
pub type Vector = [f32; SIZE];
/// What the model says of one token.
type Row = [f32; SIZE];

/// Files of the model, as they are published.
pub const FILES: [&str; 2] = ["model.safetensors", "tokenizer.json"];
const LAYERS: usize = 6;
/// Tokens of one text that count, begin and end among them; the model was trained on no more.
const LONGEST: usize = 128;
/// Tokens that go through the model at once: enough that reading the weights costs less than the arithmetic.
const PACK: usize = 384;

/// Why there are no vectors. Scoring goes on with the words alone.
#[derive(Debug, thiserror::Error)]
pub enum MeaningError {
    #[error("the model of meaning cannot be read: {}: {why}", .path.display())]
    Unreadable { path: PathBuf, why: std::io::Error },
    #[error("{} does not belong to all-MiniLM-L6-v2 or is damaged ({why}); fetch the model of meaning again", .path.display())]
    Damaged { path: PathBuf, why: String },
}

/// The model, loaded. About 90 MB.
pub struct Meaning {
    pieces: WordPiece,
    words: Array2<f32>,
    positions: Array2<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Meaning {
    /// Loads the model from a folder that holds [`FILES`].
    ///
    /// # Errors
    /// If a file is missing or is not what it should be.
    pub fn load(folder: &Path) -> Result<Self, MeaningError> {
        let [weights, pieces] = FILES.map(|file| folder.join(file));
        let read = |path: &PathBuf| std::fs::read(path).map_err(|why| MeaningError::Unreadable { path: path.clone(), why });
        let pieces = WordPiece::new(&read(&pieces)?).map_err(|why| MeaningError::Damaged { path: pieces, why })?;
        let bytes = read(&weights)?;
        Self::new(pieces, &bytes).map_err(|why| MeaningError::Damaged { path: weights, why })
    }

    fn new(pieces: WordPiece, weights: &[u8]) -> Result<Self, String> {
        let stored = Stored::new(weights)?;
        let mut positions = stored.matrix("embeddings.position_embeddings.weight", 512, SIZE)?;
        // every token is of the first kind, so the kind can be added once
        positions += &stored.matrix("embeddings.token_type_embeddings.weight", 2, SIZE)?.row(0);
        Ok(Self {
            pieces,
            words: stored.matrix("embeddings.word_embeddings.weight", 30_522, SIZE)?,
            positions,
            norm: stored.norm("embeddings.LayerNorm")?,
            layers: (0..LAYERS).map(|at| stored.layer(at)).collect::<Result<_, _>>()?,
        })
    }

    /// One vector per text, in their order. A text of more than 128 tokens (about 90 words) counts with its beginning only.
    #[must_use]
    pub fn embed(&self, texts: &[&str]) -> Vec<Vector> {
        let tokens: Vec<Vec<u32>> = texts.iter().map(|text| self.framed(self.pieces.tokens(text))).collect();
        self.rows(&tokens).iter().map(|rows| mean(rows.iter())).collect()
    }

    /// One vector per part, where parts are ranges of these words. Each passage (also a range of words, at most about 90) goes through the model once,
    /// and a part's vector is the mean over the tokens of its words: parts may overlap without being computed twice. What no passage holds
    /// has no meaning.
    #[must_use]
    pub fn embed_parts(&self, words: &[&str], passages: &[Range<usize>], parts: &[Range<usize>]) -> Vec<Vector> {
        let of_words: Vec<Vec<Vec<u32>>> = passages.iter().map(|p| words[p.clone()].iter().map(|w| self.pieces.tokens(w)).collect()).collect();
        let tokens: Vec<Vec<u32>> = of_words.iter().map(|words| self.framed(words.concat())).collect();
        let mut of_word: Vec<Vec<Row>> = vec![Vec::new(); words.len()];
        for ((passage, lengths), rows) in passages.iter().zip(&of_words).zip(self.rows(&tokens)) {
            let mut rows = rows.into_iter().skip(1);
            for (word, tokens) in passage.clone().zip(lengths) {
                of_word[word].extend(rows.by_ref().take(tokens.len()));
            }
        }
        parts.iter().map(|part| mean(of_word[part.clone()].iter().flatten())).collect()
    }

    fn framed(&self, mut tokens: Vec<u32>) -> Vec<u32> {
        tokens.truncate(LONGEST - 2);
        tokens.insert(0, self.pieces.begin);
        tokens.push(self.pieces.end);
        tokens
    }

    /// The rows of the last layer, one per token, per text.
    fn rows(&self, texts: &[Vec<u32>]) -> Vec<Vec<Row>> {
        let mut all = Vec::with_capacity(texts.len());
        let mut rest = texts;
        while let Some((first, others)) = rest.split_first() {
            let mut total = first.len();
            let more = others.iter().take_while(|text| {
                total += text.len();
                total <= PACK
            });
            let (pack, others) = rest.split_at(1 + more.count());
            rest = others;
            all.extend(self.forward(pack));
        }
        all
    }

    /// The texts lie behind one another as rows of one matrix, one row per token; only attention has to know where each begins.
    fn forward(&self, texts: &[Vec<u32>]) -> Vec<Vec<Row>> {
        let lengths: Vec<usize> = texts.iter().map(Vec::len).collect();
        let mut state = Array2::zeros((lengths.iter().sum(), SIZE));
        let tokens = texts.iter().flat_map(|tokens| tokens.iter().enumerate());
        for (mut row, (position, token)) in state.outer_iter_mut().zip(tokens) {
            row += &self.words.row(*token as usize);
            row += &self.positions.row(position);
        }
        self.norm.apply(&mut state);
        for layer in &self.layers {
            state = layer.apply(state, &lengths);
        }
        let mut rows = state.outer_iter().map(|row| std::array::from_fn(|at| row[at]));
        lengths.iter().map(|length| rows.by_ref().take(*length).collect()).collect()
    }
}

/// The mean of the rows, made 1 long; for that it does not matter how many rows there are.
fn mean<'r>(rows: impl Iterator<Item = &'r Row>) -> Vector {
    let mut vector = [0.0; SIZE];
    for row in rows {
        for (sum, number) in vector.iter_mut().zip(row) {
            *sum += number;
        }
    }
    let length = alike(&vector, &vector).sqrt().max(1e-12);
    vector.map(|number| number / length)
}

/// How much alike two texts are in meaning: the scalar product of their vectors, -1 to 1.
#[must_use]
pub fn alike(one: &Vector, other: &Vector) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_model_is_told() {
        let told = Meaning::load(Path::new("nowhere")).err().unwrap().to_string();
        assert!(told.contains("nowhere/tokenizer.json"), "{told}");
    }

    #[test]
    fn damaged_files_are_told() {
        let folder = std::env::temp_dir().join(format!("viva-meaning-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(FILES[1]), r#"{"model":{"vocab":{"[CLS]":0,"[SEP]":1,"[UNK]":2}}}"#).unwrap();
        std::fs::write(folder.join(FILES[0]), "a web page").unwrap();
        let told = Meaning::load(&folder).err().unwrap().to_string();
        assert!(told.contains("damaged") && told.contains(FILES[0]), "{told}");
        std::fs::write(folder.join(FILES[1]), "{}").unwrap();
        assert!(Meaning::load(&folder).err().unwrap().to_string().contains(FILES[1]));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    /// The folder that scripts/minilm fills.
    fn model() -> Meaning {
        let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache"), PathBuf::from);
        let folder = cache.join("viva-voce-models/minilm");
        assert!(folder.join(FILES[0]).is_file(), "the model of meanings is missing: run scripts/minilm");
        Meaning::load(&folder).unwrap()
    }

    #[test]
    fn meaning_is_found_in_other_words() {
        let meaning = model();
        let texts = ["She said she was sorry.", "He apologised.", "The oven was very hot.", "", "She said she was sorry."];
        let vectors = meaning.embed(&texts);
        // as candle 0.11 computes them from the same files
        assert!((alike(&vectors[0], &vectors[1]) - 0.585_194).abs() < 1e-4 && (alike(&vectors[0], &vectors[2]) - 0.101_752).abs() < 1e-4);
        assert!((vectors[0][1] - 0.079_607).abs() < 1e-4 && (alike(&vectors[0], &vectors[0]) - 1.0).abs() < 1e-5);
        assert!(vectors[0].iter().zip(&vectors[4]).all(|(a, b)| a.to_bits() == b.to_bits()));
        let words: Vec<&str> = "She said she was sorry. The oven was very hot.".split(' ').collect();
        let parts = meaning.embed_parts(&words, &[0..5, 5..10], &[0..5, 5..10, 0..10]);
        assert!(alike(&parts[0], &vectors[0]) > 0.9 && alike(&parts[1], &vectors[2]) > 0.9 && alike(&parts[0], &vectors[2]) < 0.4);
        assert!(alike(&parts[2], &parts[0]) > 0.5 && alike(&parts[2], &parts[1]) > 0.5);
    }
}
