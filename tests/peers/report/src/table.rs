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
