use std::fmt;

/// The longest `Link` header that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// The targets of a `Link` header that paging needs, as they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Links {
    pub(super) next: Option<String>,
    pub(super) last: Option<String>,
}

/// The header is not what RFC 8288 describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadLink;

impl fmt::Display for BadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the Link header is invalid")
    }
}

impl Links {
    /// Reads a `Link` header by RFC 8288. Of several links with one relation
    /// the first counts; links about another page (`anchor`) do not.
    ///
    /// An invalid header is an error and does not mean "no more pages", so that
    /// the rest of a list is never missing unnoticed.
    pub(super) fn parse(header: &str) -> Result<Self, BadLink> {
        if header.len() > LONGEST {
            return Err(BadLink);
        }
        let mut links = Self::default();
        let mut rest = Cursor(header);
        loop {
            rest.skip_any(|c| c == ',' || is_space(c));
            if rest.0.is_empty() {
                return Ok(links);
            }
            let (target, parameters) = rest.link()?;
            let value = |name: &str| {
                let found = parameters
                    .iter()
                    .find(|(n, _)| n.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.as_str())
            };
            if value("anchor").is_some() {
                continue;
            }
            for relation in value("rel").unwrap_or_default().split_ascii_whitespace() {
                let index = if relation.eq_ignore_ascii_case("next") {
                    &mut links.next
                } else if relation.eq_ignore_ascii_case("last") {
                    &mut links.last
                } else {
                    continue;
                };
                index.get_or_insert_with(|| target.to_owned());
            }
        }
    }
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// Names and values of a link's parameters.
type Parameters<'a> = Vec<(&'a str, String)>;

/// The rest of the header.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn skip_any(&mut self, skipped: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(skipped);
    }

    fn eat(&mut self, expected: char) -> bool {
        self.skip_any(is_space);
        match self.0.strip_prefix(expected) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// `<TARGET>; NAME=VALUE; …`, up to the comma or the end.
    fn link(&mut self) -> Result<(&'a str, Parameters<'a>), BadLink> {
        let inside = self.0.strip_prefix('<').ok_or(BadLink)?;
        let (target, rest) = inside.split_once('>').ok_or(BadLink)?;
        self.0 = rest;
        let mut parameters = Vec::new();
        while self.eat(';') {
            self.skip_any(is_space);
            let name = self.token();
            if name.is_empty() {
                continue;
            }
            let value = if self.eat('=') {
                self.value()?
            } else {
                String::new()
            };
            parameters.push((name, value));
        }
        self.skip_any(is_space);
        if self.0.is_empty() || self.0.starts_with(',') {
            Ok((target.trim_matches(is_space), parameters))
        } else {
            Err(BadLink)
        }
    }

    fn token(&mut self) -> &'a str {
        let end = self
            .0
            .find(|c: char| is_space(c) || matches!(c, ';' | ',' | '=' | '"' | '<' | '>'))
            .unwrap_or(self.0.len());
        let (token, rest) = self.0.split_at(end);
        self.0 = rest;
        token
    }

    fn value(&mut self) -> Result<String, BadLink> {
        if !self.eat('"') {
            return Ok(self.token().to_owned());
        }
        let mut value = String::new();
        let mut chars = self.0.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.0 = &self.0[at + 1..];
                    return Ok(value);
                }
                '\\' => value.push(chars.next().ok_or(BadLink)?.1),
                _ => value.push(c),
            }
        }
        Err(BadLink)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(next: Option<&str>, last: Option<&str>) -> Links {
        Links {
            next: next.map(str::to_owned),
            last: last.map(str::to_owned),
        }
    }

    #[test]
    fn githubs_own_form_is_read() {
        let header = r#"<https://api.github.com/repositories/1/deployments?per_page=5&page=2>; rel="next", <https://api.github.com/repositories/1/deployments?per_page=5&page=9>; rel="last""#;
        assert_eq!(
            Links::parse(header),
            Ok(links(
                Some("https://api.github.com/repositories/1/deployments?per_page=5&page=2"),
                Some("https://api.github.com/repositories/1/deployments?per_page=5&page=9"),
            ))
        );
    }

    #[test]
    fn every_form_of_the_rfc_is_read() {
        for (header, expected) in [
            ("", Ok(links(None, None))),
            (" , ,", Ok(links(None, None))),
            ("</a>", Ok(links(None, None))),
            ("</a>;rel=next", Ok(links(Some("/a"), None))),
            (
                "</a> ; ; REL = \"prev NEXT\" ;",
                Ok(links(Some("/a"), None)),
            ),
            ("</a>; rel=next; rel=last", Ok(links(Some("/a"), None))),
            ("</a>; title; rel=next", Ok(links(Some("/a"), None))),
            (
                r#"</a>; title="x, <b>; rel=\"last\""; rel=next"#,
                Ok(links(Some("/a"), None)),
            ),
            ("</a,b;c>; rel=last", Ok(links(None, Some("/a,b;c")))),
            (
                "</a>; rel=next, </b>; rel=next",
                Ok(links(Some("/a"), None)),
            ),
            (
                "</a>; rel=next; anchor=\"#x\", </b>; rel=next",
                Ok(links(Some("/b"), None)),
            ),
            ("</a>; rel=next last", Err(BadLink)),
            ("/a; rel=next", Err(BadLink)),
            ("</a; rel=next", Err(BadLink)),
            (r#"</a>; rel="next"#, Err(BadLink)),
            (r#"</a>; rel="next\"#, Err(BadLink)),
        ] {
            assert_eq!(Links::parse(header), expected, "{header}");
        }
    }

    #[test]
    fn a_header_without_an_end_is_refused() {
        let header = "</a>; rel=next, ".repeat(2000);
        assert_eq!(Links::parse(&header), Err(BadLink));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(header in "[<>;,=\"\\\\ a-z/é]{0,200}") {
            let _ = Links::parse(&header);
        }

        #[test]
        fn what_is_written_is_read(
            target in "[!-;=?-~]{1,80}",
            title in "[ -~]{0,40}",
            before in any::<bool>(),
        ) {
            let quoted: String = title
                .chars()
                .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]))
                .collect();
            let header = if before {
                format!("<{target}>; title=\"{quoted}\"; rel=\"next\", <x>; rel=last")
            } else {
                format!("<x>; rel=last , <{target}> ;rel=\"first next\";title=\"{quoted}\"")
            };
            prop_assert_eq!(Links::parse(&header), Ok(links(Some(&target), Some("x"))));
        }
    }
}
