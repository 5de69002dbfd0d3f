#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deployctl::fuzzing::agent_config(bytes));
