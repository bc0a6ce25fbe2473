//! Random values of every message, and random bytes in place of it.

/// A test to each message, by its name.
#[allow(non_snake_case)]
mod values_survive_and_hostile_bytes_do_no_harm_in {
    use libkafka_protocol::{messages, testing::check_with};
    use proptest::test_runner::Config;

    macro_rules! tests {
        ($($kind:ident $message:ident;)*) => {$(
            #[test]
            fn $message() {
                // All messages have 640 versions between them.
                check_with::<messages::$message>(Config::with_cases(16));
            }
        )*};
    }
    libkafka_protocol::for_each_message!(tests);
}
