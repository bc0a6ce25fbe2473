//! [`Quotas`]: the quotas of clients, which are stored and returned but not enforced (KIP-546).

use std::collections::BTreeMap;

/// The entity of a quota: kinds of entities with the name of each; `None` is the default of its
/// kind.
pub(crate) type QuotaEntity = BTreeMap<String, Option<String>>;

/// The values of an entity, by their keys.
pub(crate) type QuotaValues = BTreeMap<String, f64>;

/// The most entities with quotas.
const MOST: usize = 100_000;

/// All quotas.
#[derive(Debug, Default)]
pub(crate) struct Quotas(BTreeMap<QuotaEntity, QuotaValues>);

impl Quotas {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&QuotaEntity, &QuotaValues)> {
        self.0.iter()
    }

    /// Sets or removes a value. Returns false if there are too many entities.
    pub(crate) fn set(&mut self, entity: &QuotaEntity, key: &str, value: Option<f64>) -> bool {
        if self.0.len() >= MOST && !self.0.contains_key(entity) {
            return false;
        }
        let values = self.0.entry(entity.clone()).or_default();
        match value {
            Some(value) => values.insert(key.to_owned(), value),
            None => values.remove(key),
        };
        if values.is_empty() {
            self.0.remove(entity);
        }
        true
    }
}
