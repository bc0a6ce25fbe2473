//! `ByBroker`: values by broker.

use std::collections::BTreeMap;
use std::vec;

/// A value for each of several brokers, in the order in which the brokers came first.
///
/// The map of ids is of the same type whatever the values are. A `BTreeMap` of the values would be
/// compiled for each type of value, and take as long as everything else that is done with them.
pub(crate) struct ByBroker<T> {
    places: BTreeMap<i32, usize>,
    values: Vec<(i32, T)>,
}

impl<T> ByBroker<T> {
    /// The value of a broker.
    pub(crate) fn get(&self, broker: i32) -> Option<&T> {
        let place = self.places.get(&broker)?;
        self.values.get(*place).map(|(_, value)| value)
    }

    /// The value of a broker, which is made if there is none.
    pub(crate) fn get_or_default(&mut self, broker: i32) -> &mut T
    where
        T: Default,
    {
        let place = self.place(broker);
        if place == self.values.len() {
            self.values.push((broker, T::default()));
        }
        &mut self.values[place].1
    }

    /// Sets the value of a broker.
    pub(crate) fn insert(&mut self, broker: i32, value: T) {
        let place = self.place(broker);
        match self.values.get_mut(place) {
            Some(known) => known.1 = value,
            None => self.values.push((broker, value)),
        }
    }

    /// Where the value of a broker is or, if there is none, will be.
    fn place(&mut self, broker: i32) -> usize {
        *self.places.entry(broker).or_insert(self.values.len())
    }

    /// The value of a broker, without the others.
    pub(crate) fn into_value(mut self, broker: i32) -> Option<T> {
        let place = self.places.get(&broker)?;
        Some(self.values.swap_remove(*place).1)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (i32, &mut T)> {
        let values = self.values.iter_mut();
        values.map(|(broker, value)| (*broker, value))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.values.iter().map(|(_, value)| value)
    }

    /// What `map` makes of each value.
    pub(crate) fn map<U>(self, mut map: impl FnMut(T) -> U) -> ByBroker<U> {
        let values = self.values.into_iter();
        ByBroker {
            places: self.places,
            values: values.map(|(broker, value)| (broker, map(value))).collect(),
        }
    }
}

impl<T> Default for ByBroker<T> {
    fn default() -> Self {
        Self {
            places: BTreeMap::new(),
            values: Vec::new(),
        }
    }
}

impl<T> From<(i32, T)> for ByBroker<T> {
    fn from((broker, value): (i32, T)) -> Self {
        let mut only = Self::default();
        only.insert(broker, value);
        only
    }
}

impl<T> IntoIterator for ByBroker<T> {
    type Item = (i32, T);
    type IntoIter = vec::IntoIter<(i32, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broker_has_one_value_and_they_come_in_the_order_of_the_brokers_first_time() {
        let mut lengths = ByBroker::from((7, 1));
        lengths.insert(2, 20);
        *lengths.get_or_default(7) += 1;
        *lengths.get_or_default(-1) += 5;
        lengths.insert(2, 30);
        assert_eq!(lengths.get(2), Some(&30));
        assert_eq!(lengths.get(3), None);
        assert!(lengths.values().eq(&[2, 30, 5]));
        lengths
            .iter_mut()
            .for_each(|(broker, length)| *length *= broker);
        let negative = lengths.map(|length| -length);
        assert!(negative.into_iter().eq([(7, -14), (2, -60), (-1, 5)]));
    }

    #[test]
    fn the_value_of_one_broker_is_taken_out_of_many() {
        let values = || {
            let mut values = ByBroker::from((5, "a"));
            values.insert(1, "b");
            values.insert(9, "c");
            values
        };
        assert_eq!(values().into_value(5), Some("a"));
        assert_eq!(values().into_value(1), Some("b"));
        assert_eq!(values().into_value(2), None);
    }
}
