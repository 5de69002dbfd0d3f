/// How much of a list to get, and the size of its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// The items per page, 1 to 100; larger values count as 100.
    pub per_page: u32,
    /// The most items to get, `None` for all. Pages beyond them are not
    /// requested.
    pub max_items: Option<usize>,
    /// Whether the reader may stop before the end. If so, few pages are
    /// requested ahead of it at first, and more the longer it goes on.
    pub may_stop: bool,
}

impl Paging {
    /// The most items that GitHub puts on a page.
    pub const LARGEST_PAGE: u32 = 100;

    /// The whole list, in the largest pages.
    pub fn all() -> Self {
        Self {
            per_page: Self::LARGEST_PAGE,
            max_items: None,
            may_stop: false,
        }
    }

    /// The list until the reader stops, in the largest pages.
    pub fn until_stopped() -> Self {
        Self {
            may_stop: true,
            ..Self::all()
        }
    }

    /// The first `count` items, in as few pages as possible.
    pub fn up_to(count: usize) -> Self {
        let per_page = u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            per_page: per_page.clamp(1, Self::LARGEST_PAGE),
            max_items: Some(count),
            may_stop: false,
        }
    }

    /// Sets the items per page, 1 to 100.
    #[must_use]
    pub fn per_page(mut self, per_page: u32) -> Self {
        self.per_page = per_page;
        self
    }

    /// The items per page, within GitHub's bounds.
    pub(super) fn page_size(self) -> u32 {
        self.per_page.clamp(1, Self::LARGEST_PAGE)
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self::all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_that_github_takes() {
        assert_eq!(Paging::up_to(5).page_size(), 5);
        assert_eq!(Paging::up_to(0).page_size(), 1);
        assert_eq!(Paging::up_to(250).page_size(), 100);
        let odd = Paging {
            per_page: 0,
            max_items: None,
            ..Paging::all()
        };
        assert_eq!(odd.page_size(), 1);
    }
}
