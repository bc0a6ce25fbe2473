//! One program, so that its tests share one broker.

#[cfg(target_os = "linux")]
mod lifecycle;
mod matrix;
mod oracle;
mod tools;
