use std::collections::BinaryHeap;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Failure, Kind};

/// So many records are held and sorted at a time; beyond that they are written
/// down, sorted, to a temporary file without a name.
const RUN: usize = 2048;
/// So much of each run is read at a time.
const PORTION: usize = 4096;

/// The failure of a temporary file.
pub(super) fn disk_failure(error: &io::Error) -> Failure {
    let text = format!("cannot use a temporary file: {error}");
    Failure::new(Kind::Other, text).hint("TMPDIR names the folder for temporary files")
}

/// Puts records in the order of their keys, with little memory however many
/// they are: in sorted runs in a file, which are merged when they are read.
#[derive(Debug)]
pub(super) struct Sorter<K, T> {
    fresh: Vec<(K, T)>,
    file: Option<File>,
    /// Where the runs begin and end.
    runs: Vec<(u64, u64)>,
    count: u64,
}

impl<K, T> Default for Sorter<K, T> {
    fn default() -> Self {
        Self {
            fresh: Vec::new(),
            file: None,
            runs: Vec::new(),
            count: 0,
        }
    }
}

impl<K, T> Sorter<K, T>
where
    K: Ord + Serialize + DeserializeOwned,
    T: Serialize + DeserializeOwned,
{
    /// Takes a record in.
    pub(super) fn push(&mut self, key: K, record: T) -> io::Result<()> {
        self.fresh.push((key, record));
        self.count += 1;
        if self.fresh.len() >= RUN {
            self.write_down()?;
        }
        Ok(())
    }

    fn write_down(&mut self) -> io::Result<()> {
        self.sort();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let begin = file.seek(SeekFrom::End(0))?;
        let mut out = BufWriter::new(&mut *file);
        for record in self.fresh.drain(..) {
            serde_json::to_writer(&mut out, &record)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        drop(out);
        self.runs.push((begin, file.stream_position()?));
        Ok(())
    }

    fn sort(&mut self) {
        self.fresh.sort_by(|(one, _), (other, _)| one.cmp(other));
    }

    /// All records, ready to be read in their order.
    pub(super) fn finish(mut self) -> Sorted<K, T> {
        self.sort();
        Sorted(self)
    }
}

/// Records in the order of their keys; they can be read any number of times.
#[derive(Debug)]
pub(super) struct Sorted<K, T>(Sorter<K, T>);

impl<K, T> Default for Sorted<K, T> {
    fn default() -> Self {
        Self(Sorter::default())
    }
}

impl<K, T> Sorted<K, T> {
    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.0.count
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.count == 0
    }
}

impl<K, T> Sorted<K, T>
where
    K: Ord + Clone + DeserializeOwned,
    T: Clone + DeserializeOwned,
{
    /// Reads them. Of equal keys, what came first comes first.
    pub(super) fn iter(&self) -> Merge<'_, K, T> {
        let mut runs: Vec<Source<'_, K, T>> = Vec::with_capacity(self.0.runs.len() + 1);
        if let Some(file) = &self.0.file {
            runs.extend(self.0.runs.iter().map(|&(at, end)| {
                Source::Written(Run {
                    file,
                    at,
                    end,
                    held: VecDeque::new(),
                })
            }));
        }
        runs.push(Source::Held(self.0.fresh.iter()));
        Merge {
            waiting: (0..runs.len()).rev().collect(),
            runs,
            heads: BinaryHeap::new(),
        }
    }

    /// Reads the records without their keys.
    pub(super) fn records(&self) -> impl Iterator<Item = io::Result<T>> + '_ {
        self.iter().map(|one| one.map(|(_, record)| record))
    }
}

/// Records as they are read. After an error there is nothing more.
pub(super) struct Merge<'a, K, T> {
    runs: Vec<Source<'a, K, T>>,
    heads: BinaryHeap<Head<K, T>>,
    /// The runs whose next record is still to be read.
    waiting: Vec<usize>,
}

enum Source<'a, K, T> {
    Written(Run<'a>),
    Held(std::slice::Iter<'a, (K, T)>),
}

struct Run<'a> {
    file: &'a File,
    at: u64,
    end: u64,
    held: VecDeque<u8>,
}

struct Head<K, T> {
    key: K,
    run: usize,
    record: T,
}

impl<K, T> Iterator for Merge<'_, K, T>
where
    K: Ord + Clone + DeserializeOwned,
    T: Clone + DeserializeOwned,
{
    type Item = io::Result<(K, T)>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(run) = self.waiting.pop() {
            let next = match &mut self.runs[run] {
                Source::Held(records) => Ok(records.next().cloned()),
                Source::Written(written) => written.next(),
            };
            match next {
                Ok(Some((key, record))) => self.heads.push(Head { key, run, record }),
                Ok(None) => {}
                Err(error) => {
                    self.waiting.clear();
                    self.heads.clear();
                    return Some(Err(error));
                }
            }
        }
        let Head { key, run, record } = self.heads.pop()?;
        self.waiting.push(run);
        Some(Ok((key, record)))
    }
}

impl Run<'_> {
    fn next<R: DeserializeOwned>(&mut self) -> io::Result<Option<R>> {
        loop {
            if let Some(length) = self.held.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.held.drain(..=length).collect();
                return Ok(Some(serde_json::from_slice(&line)?));
            }
            let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
            if left == 0 {
                return Ok(None);
            }
            let mut portion = vec![0; left.min(PORTION)];
            // All runs share the file, and its position.
            self.file.seek(SeekFrom::Start(self.at))?;
            self.file.read_exact(&mut portion)?;
            self.at += portion.len() as u64;
            self.held.extend(portion);
        }
    }
}

/// The smallest key comes out of a heap first, and of equal ones the first.
impl<K: Ord, T> Ord for Head<K, T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&other.key, other.run).cmp(&(&self.key, self.run))
    }
}

impl<K: Ord, T> PartialOrd for Head<K, T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, T> PartialEq for Head<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K: Ord, T> Eq for Head<K, T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_come_in_their_order_and_several_times() {
        let mut sorter = Sorter::default();
        let count = 3 * RUN + 77;
        for number in 0..count {
            // Each key comes seven times or so.
            let key = (number * 7919) % (count / 7);
            sorter
                .push(key, (number, format!("\"{key}\n")))
                .expect("written");
        }
        let all = sorter.finish();
        assert_eq!(all.len(), count as u64);
        assert_eq!(all.0.runs.len(), 3);
        for _ in 0..2 {
            let (behind, mut ahead) = (all.iter(), all.iter().skip(1));
            let mut read = 0;
            for one in behind {
                let (key, (number, text)) = one.expect("read");
                assert_eq!(text, format!("\"{key}\n"));
                if let Some(next) = ahead.next() {
                    let (next, (later, _)) = next.expect("read");
                    assert!((key, number) < (next, later));
                }
                read += 1;
            }
            assert_eq!(read, count);
        }
    }

    #[test]
    fn few_need_no_file() {
        let mut sorter = Sorter::default();
        for key in [3, 1, 2] {
            sorter.push(key, ()).expect("held");
        }
        let all = sorter.finish();
        assert!(all.0.file.is_none());
        let keys: Vec<u8> = all.iter().map(|one| one.expect("read").0).collect();
        assert_eq!(keys, [1, 2, 3]);
        assert!(Sorted::<u8, ()>::default().is_empty());
    }
}
