/// Values by name, sorted by it.
#[derive(Debug)]
pub(crate) struct ByName<V>(Vec<(String, V)>);

impl<V> ByName<V> {
    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        let index = self.position(name).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    pub(crate) fn set(&mut self, name: String, value: V) {
        let index = self.position(&name);
        match index.map(|index| self.0.get_mut(index)) {
            Ok(Some(entry)) => entry.1 = value,
            Ok(None) => {}
            Err(index) => self.0.insert(index, (name, value)),
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        if let Ok(index) = self.position(name) {
            self.0.remove(index);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn as_slice(&self) -> &[(String, V)] {
        &self.0
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        let entries = self.0.as_slice();
        entries.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }
}

impl ByName<u64> {
    /// Counts one more of that name.
    pub(crate) fn count(&mut self, name: &str) {
        let before = self.get(name).copied().unwrap_or(0);
        self.set(name.to_owned(), before + 1);
    }
}

impl<V> Default for ByName<V> {
    fn default() -> ByName<V> {
        ByName(Vec::new())
    }
}
