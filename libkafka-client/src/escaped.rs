//! `Escaped`: text from a broker, made safe for one line of a terminal or log.

use std::fmt::{self, Write};

/// The most characters that are shown; the rest is left out.
const LONGEST: usize = 400;

/// Displays text from a broker without anything that could forge lines, colour a terminal or hide
/// text: control characters and invisible formatting are escaped, and long texts are cut.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, c) in self.0.chars().enumerate() {
            if i == LONGEST {
                return write!(f, "... ({} bytes in all)", self.0.len());
            }
            if c.is_control() || is_invisible(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Separators and format characters that change how the text around them is displayed.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_forge_a_line_is_escaped_and_other_text_stays_as_it_is() {
        for (text, shown) in [
            ("topic 'a': größer", "topic 'a': größer"),
            ("a\nb\r\tc\0", "a\\nb\\r\\tc\\u{0}"),
            ("\x1b[31mred\u{9b}0m", "\\u{1b}[31mred\\u{9b}0m"),
            ("\u{202e}cba\u{2028}", "\\u{202e}cba\\u{2028}"),
        ] {
            assert_eq!(Escaped(text).to_string(), shown);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = "é".repeat(100_000);
        let shown = Escaped(&long).to_string();
        assert!(shown.len() < 3 * LONGEST, "{} bytes", shown.len());
        assert!(shown.ends_with("... (200000 bytes in all)"), "{shown}");
    }
}
