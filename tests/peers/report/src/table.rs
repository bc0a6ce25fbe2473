//! `Table`: a Markdown table, as read from what a benchmark printed.

pub struct Table<'a> {
    /// The last line of text before it.
    pub title: &'a str,
    head: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
}

impl<'a> Table<'a> {
    /// The tables in what a benchmark printed.
    pub fn all(printed: &'a str) -> Vec<Self> {
        let mut tables: Vec<Self> = Vec::new();
        let mut title = "";
        let mut within = false;
        for line in printed.lines().map(str::trim) {
            match cells(line) {
                Some(cells) if !within => {
                    within = true;
                    tables.push(Self {
                        title,
                        head: cells,
                        rows: Vec::new(),
                    });
                }
                Some(cells)
                    if cells
                        .iter()
                        .all(|cell| cell.trim_matches(['-', ':']).is_empty()) => {}
                Some(cells) => {
                    if let Some(table) = tables.last_mut() {
                        table.rows.push(cells);
                    }
                }
                None => {
                    within = false;
                    if !line.is_empty() {
                        title = line;
                    }
                }
            }
        }
        tables
    }

    /// The first cells of all rows.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.rows.iter().filter_map(|row| row.first().copied())
    }

    /// What is in the row of this name, in the first column of this head.
    pub fn get(&self, name: &str, head: &str) -> Option<&'a str> {
        let column = self.head.iter().position(|cell| *cell == head)?;
        let row = self.rows.iter().find(|row| row.first() == Some(&name))?;
        row.get(column).copied().filter(|cell| !cell.is_empty())
    }
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::Table;

    const PRINTED: &str = "
Sizes of a: ours 40

Encode a

| | µs | × ours |
| --- | ---: | ---: |
| **ours** | 1.50 | 1.00 |
| theirs | | 2.00 |

Decode a, with what it
is about on two lines

| | µs |
| --- | ---: |
| theirs | cut off after 20 s |
";

    #[test]
    fn a_table_has_the_last_line_before_it_as_its_title() {
        let tables = Table::all(PRINTED);
        let titles: Vec<_> = tables.iter().map(|table| table.title).collect();
        assert_eq!(titles, ["Encode a", "is about on two lines"]);
    }

    #[test]
    fn the_line_below_the_head_is_no_row() {
        let tables = Table::all(PRINTED);
        let names: Vec<_> = tables[0].names().collect();
        assert_eq!(names, ["**ours**", "theirs"]);
    }

    #[test]
    fn a_value_is_found_by_its_row_and_column() {
        let tables = Table::all(PRINTED);
        assert_eq!(tables[0].get("**ours**", "µs"), Some("1.50"));
        assert_eq!(tables[0].get("theirs", "× ours"), Some("2.00"));
        assert_eq!(tables[1].get("theirs", "µs"), Some("cut off after 20 s"));
    }

    #[test]
    fn an_empty_cell_a_row_and_a_column_that_are_not_there_have_no_value() {
        let tables = Table::all(PRINTED);
        assert_eq!(tables[0].get("theirs", "µs"), None);
        assert_eq!(tables[0].get("others", "µs"), None);
        assert_eq!(tables[0].get("theirs", "GB/s"), None);
    }

    #[test]
    fn a_row_that_was_cut_short_has_no_value_in_the_columns_that_it_lacks() {
        let tables = Table::all("title\n| | µs | GB/s |\n| --- | --- | --- |\n| ours | 1 |");
        assert_eq!(tables[0].get("ours", "µs"), Some("1"));
        assert_eq!(tables[0].get("ours", "GB/s"), None);
    }

    #[test]
    fn text_without_tables_has_none() {
        assert!(Table::all("").is_empty());
        assert!(Table::all("a | b\n|half of a row").is_empty());
    }
}
