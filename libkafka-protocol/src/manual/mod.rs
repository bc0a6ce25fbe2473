//! Answers to questions about the protocol, one page each. This module contains no code.
//!
//! | question | page |
//! | --- | --- |
//! | Which version do two sides speak, and what if it lacks a field? | [`versions`] |
//! | What is a flexible version, and which header goes with it? | [`flexible_versions`] |
//! | When is a field null, and when is it empty? | [`null_and_empty`] |
//! | What happens to tagged fields that this library does not know? | [`unknown_tags`] |
//! | How much memory can a frame cost? | [`limits`] |
//! | Which faults of other programs are overlooked? | [`strict_and_lenient`] |

pub mod flexible_versions;
pub mod limits;
pub mod null_and_empty;
pub mod strict_and_lenient;
pub mod unknown_tags;
pub mod versions;
