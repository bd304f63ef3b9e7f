//! A text as the set of pieces it is compared by.

use motcua_vn::text::searchable;

/// Three letters of a word, or two neighbouring words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Gram {
    Letters([char; 3]),
    Words(u64),
}

/// The pieces of a text, each once, in a fixed order.
pub(super) fn grams(text: &str) -> Vec<Gram> {
    let text = searchable(text);
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    let mut grams = Vec::with_capacity(text.len() + words.len());
    for word in &words {
        let padded: Vec<char> = [' ', ' '].into_iter().chain(word.chars()).chain([' ']).collect();
        grams.extend(padded.windows(3).map(|w| Gram::Letters([w[0], w[1], w[2]])));
    }
    grams.extend(words.windows(2).map(|pair| Gram::Words(hash(pair))));
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// FNV-1a: a pair of words in eight bytes.
fn hash(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([b' ']));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
