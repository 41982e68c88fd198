//! Columns that line up.

/// Rows in columns as wide as their widest cell, two spaces apart, the last column free.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width =
        |column: usize| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let line = |row: &&Vec<String>| {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let pad = if column + 1 == row.len() { 0 } else { width(column).unwrap_or(0) + 2 };
            format!("{cell:<pad$}")
        });
        cells.collect::<String>().trim_end().to_owned()
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = vec![vec!["blog".into(), "x".into()], vec!["a".into(), "long cell".into()]];
        assert_eq!(table(&["POD", "STATUS"], &rows), "POD   STATUS\nblog  x\na     long cell");
    }
}
