//! A text as the set of pieces it is compared by.

use motcua_vn::text::searchable;

/// Three letters of a word, or two neighbouring words, in eight bytes: letters
/// as they are, below the highest bit; pairs as a hash, above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Gram(u64);

const PAIR: u64 = 1 << 63;

impl Gram {
    /// Letters take 21 bits each: all there are fit.
    fn letters(three: &[char]) -> Self {
        Self(three.iter().fold(0, |bits, letter| bits << 21 | u64::from(u32::from(*letter))))
    }

    /// FNV-1a.
    fn words(pair: &[&str]) -> Self {
        let bytes = pair.iter().flat_map(|word| word.bytes().chain([b' ']));
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash | PAIR)
    }

    /// Whether it is two words.
    pub(super) fn is_pair(self) -> bool {
        self.0 & PAIR != 0
    }
}

/// The pieces of a text, each once, in a fixed order.
pub(super) fn grams(text: &str) -> Vec<Gram> {
    let text = searchable(text);
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    let mut grams = Vec::with_capacity(text.len() + words.len());
    let mut padded = Vec::new();
    for word in &words {
        padded.clear();
        padded.extend([' ', ' '].into_iter().chain(word.chars()).chain([' ']));
        grams.extend(padded.windows(3).map(Gram::letters));
    }
    grams.extend(words.windows(2).map(Gram::words));
    grams.sort_unstable();
    grams.dedup();
    grams
}
