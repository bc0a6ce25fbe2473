//! `Builder::take_records`: moves an unfinished batch to the memory of another builder.

use super::Builder;

impl Builder {
    /// Takes the records of `other`, which is empty afterwards and keeps its memory. Records that
    /// this builder had are dropped. It allocates memory only if it does not have enough.
    ///
    /// This way batches move between buffers of different sizes that are used again and again:
    /// to a larger one as they grow, or to a smaller one when they turn out to be small.
    ///
    /// ```
    /// # use libkafka_batch::{Batch, Builder};
    /// let (mut small, mut large) = (Builder::new(), Builder::new());
    /// large.reserve(16_000);
    /// small.add("key", "value")?;
    /// large.take_records(&mut small);
    /// large.add("key", "another value")?;
    /// assert!(small.is_empty());
    /// assert_eq!(Batch::parse(large.build()?)?.header.record_count, 2);
    /// # Ok::<(), libkafka_batch::Error>(())
    /// ```
    pub fn take_records(&mut self, other: &mut Self) {
        self.clear();
        if other.built.is_none() {
            self.has_marker = other.has_marker;
            self.records.take(&mut other.records);
        }
        other.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_the_same_in_whatever_memory_it_is_and_however_often_it_moved() {
        let (mut one, mut other, mut stays) = (Builder::new(), Builder::new(), Builder::new());
        other.reserve(100);
        for i in 0..100_i64 {
            let value = vec![i as u8; i as usize * 7];
            let record = crate::Record {
                timestamp: 1000 - i,
                value: Some(&value),
                ..crate::Record::default()
            };
            one.add_record(&record).unwrap();
            stays.add_record(&record).unwrap();
            if i % 3 == 0 {
                other.take_records(&mut one);
                assert!(one.is_empty());
                std::mem::swap(&mut one, &mut other);
            }
        }
        let moved = one.build_bytes().unwrap();
        assert_eq!(moved, stays.build_bytes().unwrap());
        // What is built already stays with whoever has it, and nothing moves.
        other.take_records(&mut one);
        assert!(one.is_empty() && other.is_empty());
    }
}
