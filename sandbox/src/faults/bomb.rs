//! A small body that becomes a large one when it is unpacked.

/// The longest match of DEFLATE, in bytes.
const MATCH: u64 = 258;

/// Bits in DEFLATE's order: each byte is filled from its lowest bit.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    filled: u32,
}

impl Bits {
    /// Adds the lowest `count` bits of a Huffman code, its highest first.
    fn push(&mut self, code: u32, count: u32) {
        for place in (0..count).rev() {
            let bit = u8::from(code >> place & 1 == 1);
            if self.filled == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << self.filled;
            }
            self.filled = (self.filled + 1) % 8;
        }
    }
}

/// A number of megabytes of blanks, compressed by gzip (RFC 1951 and 1952) to
/// less than a hundredth. The checksum is missing, because no client should
/// read that far.
pub(super) fn bomb(megabytes: u64) -> Vec<u8> {
    let mut bits = Bits {
        bytes: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff],
        filled: 0,
    };
    // The last block, with the fixed codes.
    bits.push(0b110, 3);
    // A blank, and then again and again the byte before.
    bits.push(0x30 + u32::from(b' '), 8);
    for _ in 0..megabytes * 1024 * 1024 / MATCH {
        bits.push(0b1100_0101, 8);
        bits.push(0, 5);
    }
    // The end of the block.
    bits.push(0, 7);
    bits.bytes
}

#[cfg(test)]
mod tests {
    use super::bomb;

    #[test]
    fn the_bits_are_those_of_the_format() {
        let packed = bomb(1);
        assert_eq!(&packed[..3], &[0x1f, 0x8b, 8]);
        // 1, 10; 01010000; 11000101 00000; 11000101 …
        assert_eq!(&packed[10..14], &[0x53, 0x18, 0x05, 0xa3]);
        assert!(packed.len() < 10_000);
    }
}
