//! A model's numbers as they are published: the form "safetensors". Read whole from memory, checked by name and shape. Pure.

use std::collections::HashMap;

use ndarray::Array2;
use serde::Deserialize;

/// A file of tensors in the form "safetensors": the length of the header (8 bytes), the header in JSON, then the numbers.
pub(super) struct Stored<'b> {
    header: HashMap<String, serde_json::Value>,
    numbers: &'b [u8],
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

impl<'b> Stored<'b> {
    pub fn new(bytes: &'b [u8]) -> Result<Self, String> {
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or("empty")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|e| e.to_string())?;
        let (header, numbers) = rest.split_at_checked(length).ok_or("cut off")?;
        Ok(Self { header: serde_json::from_slice(header).map_err(|e| e.to_string())?, numbers })
    }

    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let entry = self.header.get(name).ok_or_else(|| format!("no {name}"))?;
        let entry = Entry::deserialize(entry).map_err(|e| e.to_string())?;
        if entry.shape != shape || entry.dtype != "F32" {
            return Err(format!("{name} is {} {:?}", entry.dtype, entry.shape));
        }
        let bytes = self.numbers.get(entry.data_offsets.0..entry.data_offsets.1).ok_or("cut off")?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number)).collect())
    }

    pub fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Array2<f32>, String> {
        Array2::from_shape_vec((rows, columns), self.numbers(name, &[rows, columns])?).map_err(|e| e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, numbers: &[f32]) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
        bytes
    }

    #[test]
    fn numbers_are_read_by_name_and_shape() {
        let bytes = file(r#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"__metadata__":{"format":"pt"}}"#, &[1.0, 2.0, 3.0, 4.0]);
        let stored = Stored::new(&bytes).unwrap();
        assert_eq!(stored.matrix("a", 2, 2).unwrap(), ndarray::array![[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!(stored.matrix("a", 4, 1).unwrap_err(), "a is F32 [2, 2]");
        assert_eq!(stored.numbers("b", &[1]).unwrap_err(), "no b");
    }

    #[test]
    fn what_is_cut_off_is_told() {
        let bytes = file(r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, &[1.0]);
        assert_eq!(Stored::new(&bytes).unwrap().numbers("a", &[2]).unwrap_err(), "cut off");
        assert!(Stored::new(&bytes[..20]).is_err() && Stored::new(b"").is_err() && Stored::new(&[255; 40]).is_err());
    }
}
