use std::collections::VecDeque;

/// The latest `KEPT` things, oldest first. Older ones are forgotten, so that an emulator can run for long.
#[derive(Debug)]
pub(crate) struct Latest<T, const KEPT: usize>(VecDeque<T>);

impl<T, const KEPT: usize> Latest<T, KEPT> {
    pub(crate) fn push(&mut self, item: T) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(item);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    /// Those behind the ones of which `is_known` holds; it holds of the oldest, if of any.
    pub(crate) fn behind(&self, is_known: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
        self.0.range(self.0.partition_point(is_known)..)
    }

    pub(crate) fn find_mut(&mut self, is_wanted: impl Fn(&T) -> bool) -> Option<&mut T> {
        self.0.iter_mut().find(|item| is_wanted(item))
    }
}

impl<T, const KEPT: usize> Default for Latest<T, KEPT> {
    fn default() -> Latest<T, KEPT> {
        Latest(VecDeque::new())
    }
}
