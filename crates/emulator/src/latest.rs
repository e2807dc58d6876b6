/// The latest `KEPT` things, oldest first. Older ones are forgotten, so that an emulator can run for long.
#[derive(Debug)]
pub(crate) struct Latest<T, const KEPT: usize>(Vec<T>);

impl<T, const KEPT: usize> Latest<T, KEPT> {
    pub(crate) fn push(&mut self, item: T) {
        // Many at once: whenever some go, all others have to move.
        if self.0.len() == 2 * KEPT {
            self.0.drain(..KEPT);
        }
        self.0.push(item);
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        let forgotten = self.0.len().saturating_sub(KEPT);
        self.0.get(forgotten..).unwrap_or_default()
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        let forgotten = self.0.len().saturating_sub(KEPT);
        self.0.get_mut(forgotten..).unwrap_or_default()
    }
}

impl<T, const KEPT: usize> Default for Latest<T, KEPT> {
    fn default() -> Latest<T, KEPT> {
        Latest(Vec::new())
    }
}
