//! `Sent`: the batches on lanes, by the tags that they have there.

/// The batches on lanes: for each, the slot and the number of the batch.
#[derive(Default)]
pub(super) struct Sent {
    batches: Vec<Option<(u32, u64)>>,
    free: Vec<u64>,
}

impl Sent {
    /// Notes a batch, and returns its tag.
    pub(super) fn put(&mut self, slot: u32, batch: u64) -> u64 {
        let batch = Some((slot, batch));
        match self.free.pop() {
            Some(tag) => {
                self.batches[tag as usize] = batch;
                tag
            }
            None => {
                self.batches.push(batch);
                self.batches.len() as u64 - 1
            }
        }
    }

    /// The batch of a tag, which then becomes free.
    pub(super) fn take(&mut self, tag: u64) -> Option<(u32, u64)> {
        let batch = self.batches.get_mut(tag as usize)?.take()?;
        self.free.push(tag);
        Some(batch)
    }
}
