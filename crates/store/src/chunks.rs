//! Statements over many rows.

/// Rows in one statement.
const MAX_ROWS: usize = 64;

/// Pieces whose lengths are powers of two, up to 64: so a statement comes in seven forms, which are prepared once
/// and kept, and not in one for each number of rows.
pub(crate) fn power_of_two_chunks<T>(items: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let size = 1 << rest.len().min(MAX_ROWS).checked_ilog2()?;
        let (piece, after) = rest.split_at_checked(size)?;
        rest = after;
        Some(piece)
    })
}

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

    #[test]
    fn statements_come_in_few_sizes() {
        let items: Vec<_> = (0..1_000).collect();
        for len in [0, 1, 2, 3, 63, 64, 65, 100, 256, 999] {
            let pieces: Vec<_> = super::power_of_two_chunks(&items[..len]).collect();
            assert_eq!(pieces.concat(), items[..len]);
            assert!(pieces.iter().all(|piece| piece.len().is_power_of_two() && piece.len() <= 64));
        }
    }
}
