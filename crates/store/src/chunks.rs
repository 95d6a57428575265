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

#[cfg(test)]
mod tests {
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
