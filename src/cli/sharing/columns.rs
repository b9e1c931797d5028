//! Text in columns, each as wide as its widest cell, and several things in one of them.

/// Rows below a heading, which is left out when there are none.
pub(super) fn columns<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heading = heading.map(str::to_owned);
    let width = |column: usize| {
        let cells = std::iter::once(&heading).chain(rows).map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    std::iter::once(&heading).chain(rows).map(line).collect()
}

/// Several things in one cell.
pub(super) fn joined<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// The same on a line that is left out when there are none.
pub(super) fn joined_any<T: ToString>(items: &[T]) -> Option<String> {
    (!items.is_empty()).then(|| joined(items.iter().map(T::to_string)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_as_wide_as_its_widest_cell() {
        let rows = [["a".to_owned(), "bé".to_owned()], ["ccc".to_owned(), String::new()]];
        assert_eq!(columns(["X", "Y"], &rows), "X    Y\na    bé\nccc\n");
        assert_eq!(columns(["X"], &[]), "");
    }
}
