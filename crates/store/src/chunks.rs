//! Statements over many rows. They come in few sizes, which are prepared once and kept.

/// Rows in one statement.
pub(crate) const MAX_ROWS: usize = 64;

/// The items, and the last of them again until their number is a power of two: for statements to which it makes no
/// difference when a row is named twice.
pub(crate) fn padded<T>(items: &[T]) -> impl Iterator<Item = &T> {
    let most = items.len().next_power_of_two();
    items.iter().chain(std::iter::repeat_n(items.last(), most - items.len()).flatten())
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn padding_repeats_the_last() {
        assert_eq!(padded(&[1, 2, 3]).collect::<Vec<_>>(), [&1, &2, &3, &3]);
        for len in 1..300 {
            let items: Vec<_> = (0..len).collect();
            let padded: Vec<_> = padded(&items).collect();
            assert!(padded.len().is_power_of_two() && padded.len() < 2 * len);
            assert!(padded.iter().take(len).copied().eq(&items));
            assert!(padded.iter().skip(len).all(|item| **item == len - 1));
        }
    }
}
