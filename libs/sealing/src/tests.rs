use proptest::prelude::*;

use crate::{CHUNK, Key, KeySet, Keyring, Rotation, sealed_len};

const LABEL: &str = "intake/dossier/person/018f";

fn how(error: &motcua_fault::Fault) -> &str {
    assert_eq!(error.reason(), "SEAL_BROKEN");
    assert_eq!(error.kind(), motcua_fault::Kind::Internal);
    error.metadata().first().map_or("", |(_, how)| how)
}

/// Seals `plain` as a stream, fed in pieces of `step` bytes.
fn sealed_stream(ring: &Keyring, plain: &[u8], step: usize) -> Vec<u8> {
    let mut sealer = ring.stream_sealer(LABEL);
    let mut out = Vec::new();
    for piece in plain.chunks(step) {
        out.extend(sealer.push(piece).unwrap());
    }
    out.extend(sealer.finish().unwrap());
    out
}

fn opened_stream(
    ring: &Keyring,
    sealed: &[u8],
    step: usize,
) -> Result<Vec<u8>, motcua_fault::Fault> {
    let mut opener = ring.stream_opener(LABEL);
    let mut out = Vec::new();
    for piece in sealed.chunks(step) {
        out.extend(opener.push(piece)?);
    }
    out.extend(opener.finish()?);
    Ok(out)
}

proptest! {
    #[test]
    fn what_is_sealed_opens(label: String, plain: Vec<u8>) {
        let ring = Keyring::generate();
        prop_assert_eq!(ring.open(&label, &ring.seal(&label, &plain)).unwrap(), plain);
    }

    #[test]
    fn one_changed_bit_is_noticed(plain: Vec<u8>, at: prop::sample::Index, bit in 0..8u32) {
        let ring = Keyring::generate();
        let mut sealed = ring.seal(LABEL, &plain);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(ring.open(LABEL, &sealed).is_err());
    }

    #[test]
    fn any_bytes_are_refused_and_never_panic(bytes: Vec<u8>) {
        let ring = Keyring::generate();
        prop_assert!(ring.open(LABEL, &bytes).is_err());
        prop_assert!(opened_stream(&ring, &bytes, 7).is_err());
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn streams_open_whatever_the_pieces(
        length in 0..3 * CHUNK, write in 1..2 * CHUNK, read in 1..2 * CHUNK,
    ) {
        let ring = Keyring::generate();
        let plain: Vec<u8> = (0..=255).cycle().take(length).collect();
        let sealed = sealed_stream(&ring, &plain, write);
        prop_assert_eq!(sealed.len() as u64, sealed_len(length as u64));
        prop_assert_eq!(opened_stream(&ring, &sealed, read).unwrap(), plain);
    }
}

#[test]
fn another_label_another_ring_and_nothing_are_refused() {
    let ring = Keyring::generate();
    let sealed = ring.seal(LABEL, b"0912345678");
    assert_eq!(how(&ring.open("intake/dossier/person/0190", &sealed).unwrap_err()), "forged");
    assert_eq!(how(&Keyring::generate().open(LABEL, &sealed).unwrap_err()), "forged");
    for cut in 0..sealed.len() {
        assert!(ring.open(LABEL, &sealed[..cut]).is_err());
    }
    assert!(!sealed.windows(4).any(|four| four == b"0912"));
    assert_ne!(sealed, ring.seal(LABEL, b"0912345678"), "nonces must differ");
}

#[test]
fn json_is_sealed_and_its_errors_quote_nothing() {
    let ring = Keyring::generate();
    let sealed = ring.seal_json(LABEL, &["Nguyễn Thị Hoa"]).unwrap();
    assert_eq!(ring.open_json::<Vec<String>>(LABEL, &sealed).unwrap(), ["Nguyễn Thị Hoa"]);
    let error = ring.open_json::<u32>(LABEL, &sealed).unwrap_err();
    assert_eq!(how(&error), "json");
    assert!(!format!("{error:?}").contains("Hoa"));
}

#[test]
fn a_rotated_ring_opens_and_finds_what_the_old_one_wrote() {
    let old = Keyring::generate();
    let sealed = old.seal(LABEL, b"value");
    let index = old.blind("phone", "0912345678");
    let new = old.with_new_data_key().with_new_index_key();
    assert_eq!(new.open(LABEL, &sealed).unwrap(), b"value");
    assert!(old.is_current(&sealed) && !new.is_current(&sealed));
    assert!(new.is_current(&new.seal(LABEL, b"value")));
    assert_ne!(new.blind("phone", "0912345678"), index);
    assert_eq!(new.blind_all("phone", "0912345678")[1], index);
    // Without the old key the value is lost, and the fault says which key is missing.
    let only_new = KeySet::new(2, vec![new.data().current().clone()]).unwrap();
    let error = Keyring::new(only_new, new.index()).open(LABEL, &sealed).unwrap_err();
    assert_eq!(how(&error), "unknown_key");
    assert_eq!(error.metadata()[1], ("key".to_owned(), "1".to_owned()));
}

#[test]
fn an_exchange_goes_step_by_step_and_neighbours_in_it_understand_each_other() {
    let steps = [Rotation::None, Rotation::Announced, Rotation::IndexChanged, Rotation::Changed];
    let mut ring = Keyring::generate();
    let first = ring.seal(LABEL, b"value");
    for step in steps {
        assert_eq!(ring.rotation(), step);
        let next = ring.advanced();
        if step != Rotation::Changed {
            // One process has read the file, the other not yet.
            assert_eq!(ring.open(LABEL, &next.seal(LABEL, b"new")).unwrap().len(), 3, "{step:?}");
            assert_eq!(next.open(LABEL, &first).unwrap(), b"value");
            if step != Rotation::None {
                assert!(ring.blind_all("a", "b").contains(&next.blind("a", "b")), "{step:?}");
            }
            assert!(next.blind_all("a", "b").contains(&ring.blind("a", "b")), "{step:?}");
        }
        ring = next;
    }
    assert_eq!(ring.rotation(), Rotation::None);
    assert_eq!((ring.data().current().id(), ring.data().all().count()), (2, 1));
    assert!(ring.open(LABEL, &first).is_err(), "the old key is gone");
}

#[test]
fn a_changed_file_reaches_everybody_who_holds_the_ring() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    let ring = std::sync::Arc::new(Keyring::load_or_generate(&path).unwrap());
    let holder = ring.clone();
    assert!(!ring.reload(&path).unwrap(), "nothing has changed");
    let mut next = ring.advanced();
    for _ in 0..3 {
        next.save(&path).unwrap();
        assert!(ring.reload(&path).unwrap());
        assert_eq!(holder.rotation(), next.rotation());
        next = next.advanced();
    }
    let sealed = holder.seal(LABEL, b"value");
    assert!(sealed.starts_with(&holder.current_mark()) && holder.is_current(&sealed));
    std::fs::write(&path, "half a fi").unwrap();
    assert!(ring.reload(&path).is_err());
    assert_eq!(holder.open(LABEL, &sealed).unwrap(), b"value", "what was read stays");
}

#[test]
fn blind_indexes_join_equal_things_of_one_kind_alone() {
    let ring = Keyring::generate();
    assert_eq!(ring.blind("phone", "0912345678").len(), 32);
    assert_eq!(ring.blind("phone", "0912345678"), ring.blind("phone", "0912345678"));
    assert_ne!(ring.blind("phone", "0912345678"), ring.blind("citizen", "0912345678"));
    assert_ne!(ring.blind("phone", "0912345678"), Keyring::generate().blind("phone", "0912345678"));
    assert_ne!(ring.fingerprint("request", b"a"), ring.fingerprint("request", b"b"));
}

#[test]
fn known_answers_hold_so_that_old_data_stays_readable() {
    let keys = |byte| KeySet::new(1, vec![Key::new(1, [byte; 32])]).unwrap();
    let ring = Keyring::new(keys(1), keys(2));
    assert_eq!(hex::encode(ring.blind("phone", "0912345678")), BLIND);
    assert_eq!(ring.open(LABEL, &hex::decode(VALUE).unwrap()).unwrap(), "Hồ sơ".as_bytes());
    assert_eq!(
        opened_stream(&ring, &hex::decode(STREAM).unwrap(), 9).unwrap(),
        "Giấy tờ".as_bytes()
    );
    assert_eq!(ring.name(), NAME);
}

// Computed by another implementation (Python's `cryptography`) from the formats' descriptions.
const BLIND: &str = "6ba0ef530010ae76478d3fe95522a2bc1cd4707d12e63e8e3187d4a5bd5de623";
const VALUE: &str = "0100000001000102030405060708090a0b0c0d0e0f10111213141516174cde2a23a21e58743132a3690bc843052f4e3fd628708054";
const STREAM: &str = "8100000001000102030405060708090a0b0c0d0e0f0707070707070704e941fd24ef9c6a54207e290e56cab957b04f74dca3490dfde5da";
const NAME: &str = "ff842c81";

#[test]
fn streams_notice_what_is_missing_moved_or_repeated() {
    let ring = Keyring::generate();
    let plain: Vec<u8> = (0..=255).cycle().take(4 * CHUNK).collect();
    let sealed = sealed_stream(&ring, &plain, CHUNK);
    let header = usize::try_from(sealed_len(0)).unwrap() - 16;
    let whole = CHUNK + 16;
    let chunk = |n: usize| &sealed[header + n * whole..header + (n + 1) * whole];
    let of = |chunks: &[usize]| {
        let mut stream = sealed[..header].to_vec();
        stream.extend(chunks.iter().flat_map(|n| chunk(*n)));
        stream
    };
    assert_eq!(opened_stream(&ring, &of(&[0, 1, 2, 3]), 1000).unwrap(), plain);
    for broken in
        [&[0, 1, 2][..], &[1, 0, 2, 3], &[0, 1, 1, 2, 3], &[0, 2, 3], &[3], &[], &[0, 1, 2, 3, 3]]
    {
        assert!(opened_stream(&ring, &of(broken), 1000).is_err(), "{broken:?}");
    }
    let truncated = opened_stream(&ring, &sealed[..sealed.len() - 1], 1000).unwrap_err();
    assert_eq!(how(&truncated), "truncated");
    assert_eq!(how(&opened_stream(&ring, &sealed[..10], 1000).unwrap_err()), "truncated");
}

#[test]
fn two_streams_never_share_a_key() {
    let ring = Keyring::generate();
    let (one, two) = (sealed_stream(&ring, b"same", 4), sealed_stream(&ring, b"same", 4));
    let body = one.len() - 20;
    assert_ne!(one[body..], two[body..]);
    let mixed = [&one[..body], &two[body..]].concat();
    assert!(opened_stream(&ring, &mixed, 100).is_err());
}
