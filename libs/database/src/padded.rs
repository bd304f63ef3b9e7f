/// The values of an `IN (…)`, the last one again and again until they are a power of
/// two: a list of each length is a statement of its own, which would be prepared anew
/// and drive others out of what a connection keeps prepared.
pub fn padded<T: Clone>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_grows_to_the_next_power_of_two_and_means_the_same() {
        assert_eq!(padded([7]), [7]);
        assert_eq!(padded([1, 2, 3]), [1, 2, 3, 3]);
        assert_eq!(padded(0..64).len(), 64);
        assert_eq!(padded(0..65).len(), 128);
        assert_eq!(padded(Vec::<i64>::new()), Vec::<i64>::new());
    }
}
