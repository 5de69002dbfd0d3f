use url::Url;

/// The number of the last page, and a URL in which only `page` has to be
/// changed to get any page from the second to the last.
pub(super) fn numbered(next: &Url, last: &Url) -> Option<(u64, Url)> {
    let until = page_of(last)?;
    let is_numbered = page_of(next)? == 2 && until >= 2 && with_page(next, until) == *last;
    is_numbered.then(|| (until, last.clone()))
}

fn page_of(url: &Url) -> Option<u64> {
    let mut pages = url
        .query()?
        .split('&')
        .filter_map(|pair| pair.strip_prefix("page="));
    let page = pages.next()?.parse().ok()?;
    pages.next().is_none().then_some(page)
}

/// `url` with another page number and no other change.
pub(super) fn with_page(url: &Url, page: u64) -> Url {
    let pairs = url.query().unwrap_or_default().split('&');
    let pairs: Vec<String> = pairs
        .map(|pair| match pair.strip_prefix("page=") {
            Some(_) => format!("page={page}"),
            None => pair.to_owned(),
        })
        .collect();
    let mut url = url.clone();
    url.set_query(Some(&pairs.join("&")));
    url
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        text.parse().expect("an address")
    }

    #[test]
    fn pages_are_numbered_only_if_nothing_else_differs() {
        let last = url("https://h/repositories/1/x?a=%2F&page=9&per_page=5");
        for (next, expected) in [
            (
                "https://h/repositories/1/x?a=%2F&page=2&per_page=5",
                Some(9),
            ),
            ("https://h/repositories/1/x?a=%2F&page=3&per_page=5", None),
            ("https://h/repositories/2/x?a=%2F&page=2&per_page=5", None),
            ("https://h/repositories/1/x?a=/&page=2&per_page=5", None),
            (
                "https://h/repositories/1/x?a=%2F&page=2&page=2&per_page=5",
                None,
            ),
            ("https://h/repositories/1/x?a=%2F&after=Y&per_page=5", None),
            ("https://h/repositories/1/x", None),
        ] {
            let found = numbered(&url(next), &last).map(|(until, _)| until);
            assert_eq!(found, expected, "{next}");
        }
    }

    proptest! {
        #[test]
        fn only_the_page_changes(a in "[a-z%0-9A-F]{0,8}", one in any::<u64>(), two in any::<u64>()) {
            let template = url(&format!("https://h/x?per_page=7&a={a}&page={one}&q"));
            let other = with_page(&template, two);
            prop_assert_eq!(page_of(&other), Some(two));
            prop_assert_eq!(with_page(&other, one), template);
        }
    }
}
