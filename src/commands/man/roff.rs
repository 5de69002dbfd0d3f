/// The longest line of a page's source, where a blank allows to break it.
const LONGEST: usize = 80;

/// A line of text that roff takes as text.
pub(super) fn line(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-");
    format!("{}\n", guarded(&escaped))
}

/// Lines that stay as they are, such as examples.
pub(super) fn unfilled(lines: &str) -> String {
    let mut text = String::from(".nf\n");
    for one in lines.lines() {
        text.push_str(&match one.trim_end() {
            "" => "\\&\n".to_owned(),
            one => line(one),
        });
    }
    text.push_str(".fi\n");
    text
}

/// `text`, which is already escaped, so that roff does not take it for a request.
fn guarded(text: &str) -> String {
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text.to_owned()
    }
}

/// A page as it came out of the generator, without what a checker of manual
/// pages complains of: empty lines, blanks at the end, long lines.
pub(super) fn tidy(page: &str) -> String {
    let mut tidied = String::with_capacity(page.len());
    let mut filled = true;
    let page = page.replace(".br\n\n.br\n", ".sp\n");
    for source in page.lines() {
        match source.trim_end() {
            // The first lines define what the generator repeats for each section.
            ".ie \\n(.g .ds Aq \\(aq" | ".el .ds Aq '" => {}
            "" => tidied.push_str(".sp\n"),
            request if request.starts_with('.') => {
                filled = match request {
                    ".nf" => false,
                    ".fi" => true,
                    _ => filled,
                };
                tidied.push_str(request);
                tidied.push('\n');
            }
            text if filled => {
                for part in broken(text) {
                    tidied.push_str(&guarded(&part));
                    tidied.push('\n');
                }
            }
            text => {
                tidied.push_str(text);
                tidied.push('\n');
            }
        }
    }
    tidied
}

/// How long roff's readers take a text to be: beyond ASCII a character is
/// written `\[uXXXX]`.
fn wide(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 8 }).sum()
}

/// A long line in parts, broken at blanks.
fn broken(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for word in text.split(' ') {
        if let Some(part) = parts.last_mut() {
            if part.is_empty() {
                part.push_str(word);
            } else if wide(part) + 1 + wide(word) <= LONGEST {
                part.push(' ');
                part.push_str(word);
            } else {
                parts.push(word.to_owned());
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_never_a_request() {
        assert_eq!(line(".TH x"), "\\&.TH x\n");
        assert_eq!(line("a\\b --c"), "a\\eb \\-\\-c\n");
        assert_eq!(unfilled("a\n\n.b"), ".nf\na\n\\&\n\\&.b\n.fi\n");
    }

    #[test]
    fn a_page_is_tidied_outside_of_examples() {
        let long = format!("{} .{}", "a".repeat(79), "b".repeat(20));
        let page = format!(".SH A\n{long} \n\nx\n.br\n\n.br\ny\n.nf\n  {long}\n.fi\n");
        let (a, b) = ("a".repeat(79), "b".repeat(20));
        assert_eq!(
            tidy(&page),
            format!(".SH A\n{a}\n\\&.{b}\n.sp\nx\n.sp\ny\n.nf\n  {long}\n.fi\n")
        );
    }
}
