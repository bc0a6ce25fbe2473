//! `CompressedRecords`: compresses the records of a batch into reused memory.

use crate::attributes::Compression;
use crate::builder_options::BuilderOptions;
use crate::error::{Error, Result};

/// The records of a batch, compressed into reused memory.
pub(crate) struct CompressedRecords {
    bytes: Vec<u8>,
    /// The last batch's size once compressed, divided by its size before.
    ratio: f64,
}

impl CompressedRecords {
    pub(crate) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            ratio: 1.0,
        }
    }

    /// Compresses `records`. `None` if the options leave them as they are.
    pub(crate) fn compress(
        &mut self,
        records: &[u8],
        options: &mut BuilderOptions,
    ) -> Result<Option<(Compression, &[u8])>> {
        let Some(compressor) = &mut options.compressor else {
            return Ok(None);
        };
        let compression = compressor.compression();
        self.bytes.clear();
        compressor
            .compress(records, &mut self.bytes)
            .map_err(|reason| Error::Compress {
                compression,
                reason,
            })?;
        if options.only_when_smaller && self.bytes.len() >= records.len() {
            self.ratio = 1.0;
            return Ok(None);
        }
        self.ratio = self.bytes.len() as f64 / records.len() as f64;
        Ok(Some((compression, &self.bytes)))
    }

    /// An estimate of what `len` bytes take once compressed, by the ratio of the last batch.
    pub(crate) fn estimate(&self, len: usize) -> usize {
        (len as f64 * self.ratio).ceil() as usize
    }
}
