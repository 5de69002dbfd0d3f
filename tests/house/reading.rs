//! Reads Rust just well enough.

/// The text with comments and the insides of literals turned into blanks.
/// Lines keep their numbers.
pub(crate) fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    while at < chars.len() {
        let end = literal_or_comment_end(&chars, at);
        if end > at {
            code.extend(chars[at..end].iter().map(|c| blank(*c)));
            at = end;
        } else if matches!(&chars[at..], ['r', '#', c, ..] if is_word(*c)) {
            // The mark of a raw identifier.
            code.push_str("  ");
            at += 2;
        } else if is_word(chars[at]) {
            // A whole word at once, so that the `r` of `for"` starts no literal.
            while at < chars.len() && is_word(chars[at]) {
                code.push(chars[at]);
                at += 1;
            }
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    code
}

/// Where the comment or literal that starts at `at` ends, or `at` if none does.
fn literal_or_comment_end(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    match rest {
        ['/', '/', ..] => at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => {
            let mut depth = 0;
            let mut i = at;
            while i < chars.len() {
                match &chars[i..] {
                    ['/', '*', ..] => {
                        depth += 1;
                        i += 2;
                    }
                    ['*', '/', ..] => {
                        depth -= 1;
                        i += 2;
                        if depth == 0 {
                            return i;
                        }
                    }
                    _ => i += 1,
                }
            }
            chars.len()
        }
        ['"', ..] => string_end(chars, at + 1),
        ['b' | 'c', '"', ..] => string_end(chars, at + 2),
        ['r', '"' | '#', ..] => raw_string_end(chars, at + 1).unwrap_or(at),
        ['b' | 'c', 'r', '"' | '#', ..] => raw_string_end(chars, at + 2).unwrap_or(at),
        ['b', '\'', ..] => char_end(chars, at + 1).unwrap_or(at),
        ['\'', ..] => char_end(chars, at).unwrap_or(at),
        _ => at,
    }
}

fn string_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `at` stands behind the `r`; `None` if this is a raw identifier.
fn raw_string_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
    let mut i = at + hashes;
    if chars.get(i) != Some(&'"') {
        return None;
    }
    i += 1;
    while i < chars.len() {
        if chars[i] == '"' && chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes {
            return Some(i + 1 + hashes);
        }
        i += 1;
    }
    Some(chars.len())
}

/// `None` if the quote starts a lifetime.
fn char_end(chars: &[char], at: usize) -> Option<usize> {
    match &chars[at..] {
        ['\'', '\\', ..] => {
            let close = chars[at + 3..].iter().position(|c| *c == '\'')?;
            Some(at + 3 + close + 1)
        }
        ['\'', _, '\'', ..] => Some(at + 3),
        _ => None,
    }
}

pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// One path of the code: where it stands and its segments. A group gives one
/// path for each of its branches.
pub(crate) struct CodePath {
    pub(crate) offset: usize,
    pub(crate) segments: Vec<String>,
}

/// All paths of the code with more than one segment.
pub(crate) fn paths_of(code: &str) -> Vec<CodePath> {
    let chars: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if is_word(chars[at]) && !chars[at].is_ascii_digit() {
            let mut branches = Vec::new();
            let end = path_tree(&chars, at, &[], &mut branches);
            for segments in branches {
                if segments.len() > 1 {
                    found.push(CodePath {
                        offset: at,
                        segments,
                    });
                }
            }
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

fn skip_blank(chars: &[char], mut at: usize) -> usize {
    while chars.get(at).is_some_and(|c| c.is_whitespace()) {
        at += 1;
    }
    at
}

fn path_tree(
    chars: &[char],
    at: usize,
    before: &[String],
    branches: &mut Vec<Vec<String>>,
) -> usize {
    let mut segments = before.to_vec();
    let mut at = at;
    loop {
        let word: String = chars[at..].iter().take_while(|c| is_word(**c)).collect();
        at += word.chars().count();
        segments.push(word);
        let colons = skip_blank(chars, at);
        if !matches!(&chars[colons..], [':', ':', ..]) {
            branches.push(segments);
            return at;
        }
        let next = skip_blank(chars, colons + 2);
        match chars.get(next) {
            Some('{') => return path_group(chars, next + 1, &segments, branches),
            Some('*') => {
                segments.push("*".to_owned());
                branches.push(segments);
                return next + 1;
            }
            Some(c) if is_word(*c) => at = next,
            _ => {
                branches.push(segments);
                return colons + 2;
            }
        }
    }
}

fn path_group(
    chars: &[char],
    mut at: usize,
    before: &[String],
    branches: &mut Vec<Vec<String>>,
) -> usize {
    loop {
        at = skip_blank(chars, at);
        match chars.get(at) {
            None => return at,
            Some('}') => return at + 1,
            Some(c) if is_word(*c) => {
                at = path_tree(chars, at, before, branches);
                let next = skip_blank(chars, at);
                if matches!(&chars[next..], ['a', 's', c, ..] if c.is_whitespace()) {
                    at = skip_blank(chars, next + 2);
                    while chars.get(at).is_some_and(|c| is_word(*c)) {
                        at += 1;
                    }
                }
            }
            Some(_) => at += 1,
        }
    }
}

pub(crate) fn line_of(code: &str, offset: usize) -> usize {
    1 + code.chars().take(offset).filter(|c| *c == '\n').count()
}

/// The module path of a file below `src`: `api/page.rs` is `[api, page]`.
pub(crate) fn module_path(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

/// How many inline modules (`mod tests {`) enclose an offset.
fn inline_depth(code: &str, offset: usize) -> usize {
    let chars: Vec<char> = code.chars().take(offset).collect();
    let mut open = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '{' => {
                let named = words.len() >= 2 && words[words.len() - 2] == "mod";
                open.push(named);
                words.clear();
            }
            '}' => {
                open.pop();
                words.clear();
            }
            c if is_word(c) => {
                let word: String = chars[at..].iter().take_while(|c| is_word(**c)).collect();
                at += word.chars().count();
                words.push(word);
                continue;
            }
            c if c.is_whitespace() => {}
            _ => words.clear(),
        }
        at += 1;
    }
    open.into_iter().filter(|named| *named).count()
}

/// What a path means from the root of the crate, if it starts there or climbs
/// with `super` or `self`; `None` for a path into another crate.
pub(crate) fn from_root(file: &str, code: &str, path: &CodePath) -> Option<Vec<String>> {
    let mut segments = path.segments.as_slice();
    match segments.first().map(String::as_str) {
        Some("crate" | "deployctl") => return Some(segments[1..].to_vec()),
        Some("self") => segments = &segments[1..],
        Some("super") => {}
        _ => return None,
    }
    let mut module = module_path(file);
    let depth = inline_depth(code, path.offset);
    module.extend((0..depth).map(|_| "(inline)".to_owned()));
    while segments.first().is_some_and(|s| s == "super") {
        module.pop();
        segments = &segments[1..];
    }
    module.extend(segments.iter().cloned());
    Some(module)
}

/// The byte offsets of a whole word.
pub(crate) fn words(code: &str, word: &str) -> Vec<usize> {
    code.match_indices(word)
        .map(|(offset, _)| offset)
        .filter(|offset| {
            let before = code[..*offset].chars().next_back();
            let after = code[offset + word.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
        .collect()
}
