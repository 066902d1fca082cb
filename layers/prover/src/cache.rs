//! Parsed artifacts kept in memory: the least recently used go when their bytes exceed the bound.

use std::any::{Any, TypeId};
use std::sync::Arc;

use lru::LruCache;

use crate::artifacts::{Artifact, ArtifactFile, LoadTimes};
use crate::error::Result;

/// Artifacts by kind and SHA-256.
pub struct Cache {
    entries: LruCache<Key, Entry>,
    bytes: usize,
    limit: usize,
}

type Key = (TypeId, String);

fn key<T: Artifact>(file: &ArtifactFile) -> Key {
    (TypeId::of::<T>(), file.sha256.clone())
}

/// What is held, or else the artifact from its file, and how long it took to load.
///
/// # Errors
/// Those of [`ArtifactFile::load`].
pub fn load_unless<T: Artifact>(held: Option<Arc<T>>, file: &ArtifactFile) -> Result<(Arc<T>, LoadTimes)> {
    match held {
        Some(artifact) => Ok((artifact, LoadTimes::default())),
        None => file.load().map(|(artifact, times)| (Arc::new(artifact), times)),
    }
}

struct Entry {
    artifact: Arc<dyn Any + Send + Sync>,
    bytes: usize,
}

impl Cache {
    /// An empty cache for up to `limit` bytes of parsed artifacts.
    pub fn new(limit: usize) -> Self {
        Cache {
            entries: LruCache::unbounded(),
            bytes: 0,
            limit,
        }
    }

    /// The artifact from memory, or else from its file, which is then kept.
    ///
    /// # Errors
    /// Those of [`ArtifactFile::load`]; the cache stays as it was.
    pub fn get<T: Artifact>(&mut self, file: &ArtifactFile) -> Result<Arc<T>> {
        self.get_timed(file).map(|(artifact, _)| artifact)
    }

    /// The same, and how long it took to load; no time, if it was in memory.
    pub fn get_timed<T: Artifact>(&mut self, file: &ArtifactFile) -> Result<(Arc<T>, LoadTimes)> {
        let loaded = load_unless(self.held(file), file)?;
        self.keep(file, &loaded.0);
        Ok(loaded)
    }

    /// The artifact, if it is in memory.
    pub fn held<T: Artifact>(&mut self, file: &ArtifactFile) -> Option<Arc<T>> {
        let entry = self.entries.get(&key::<T>(file))?;
        entry.artifact.clone().downcast().ok()
    }

    /// Keeps the artifact that was loaded from the file.
    pub fn keep<T: Artifact>(&mut self, file: &ArtifactFile, artifact: &Arc<T>) {
        self.put(key::<T>(file), artifact.clone(), artifact.resident_bytes());
    }

    /// Is an artifact with this hash in memory?
    pub fn holds(&self, sha256: &str) -> bool {
        self.entries.iter().any(|((_, held), _)| held == sha256)
    }

    /// How many bytes the kept artifacts occupy.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many artifacts are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn put(&mut self, key: Key, artifact: Arc<dyn Any + Send + Sync>, bytes: usize) {
        if bytes > self.limit {
            return;
        }
        self.bytes += bytes;
        if let Some(replaced) = self.entries.put(key, Entry { artifact, bytes }) {
            self.bytes -= replaced.bytes;
        }
        while self.bytes > self.limit {
            let Some((_, oldest)) = self.entries.pop_lru() else {
                return;
            };
            self.bytes -= oldest.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::sha256_hex;
    use crate::error::{Code, Failure};

    struct Text(String);

    impl Artifact for Text {
        const ROLE: &'static str = "text";
        const MALFORMED: Code = Code::InvalidRequest;
        fn parse(bytes: &[u8]) -> Result<Self> {
            String::from_utf8(bytes.to_vec())
                .map(Text)
                .map_err(|_| Failure::invalid_request("not text"))
        }
        fn resident_bytes(&self) -> usize {
            self.0.len()
        }
    }

    fn file(directory: &tempfile::TempDir, content: &[u8]) -> ArtifactFile {
        let sha256 = sha256_hex(content);
        let path = directory.path().join(&sha256);
        std::fs::write(&path, content).unwrap();
        ArtifactFile {
            sha256,
            path,
            derived: false,
        }
    }

    #[test]
    fn a_kept_artifact_needs_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let text = file(&directory, b"four");
        let mut cache = Cache::new(10);
        assert!(cache.is_empty());
        cache.get::<Text>(&text).unwrap();
        std::fs::remove_file(&text.path).unwrap();
        assert_eq!(cache.get::<Text>(&text).unwrap().0, "four");
        assert!(cache.holds(&text.sha256));
        assert_eq!((cache.len(), cache.bytes()), (1, 4));
    }

    #[test]
    fn the_least_recently_used_go_first() {
        let directory = tempfile::tempdir().unwrap();
        let [a, b, c] = [b"aaaa", b"bbbb", b"cccc"].map(|content| file(&directory, content));
        let mut cache = Cache::new(10);
        for text in [&a, &b, &a, &c] {
            cache.get::<Text>(text).unwrap();
        }
        let held = [&a, &b, &c].map(|text| cache.holds(&text.sha256));
        assert_eq!(held, [true, false, true]);
        assert_eq!((cache.len(), cache.bytes()), (2, 8));
    }

    #[test]
    fn what_exceeds_the_bound_alone_is_not_kept() {
        let directory = tempfile::tempdir().unwrap();
        let small = file(&directory, b"small");
        let large = file(&directory, b"larger than ten bytes");
        let mut cache = Cache::new(10);
        cache.get::<Text>(&small).unwrap();
        cache.get::<Text>(&large).unwrap();
        assert!(cache.holds(&small.sha256));
        assert!(!cache.holds(&large.sha256));
    }

    #[test]
    fn failures_leave_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let malformed = file(&directory, b"\xff");
        let mut corrupt = file(&directory, b"right");
        std::fs::write(&corrupt.path, b"wrong").unwrap();
        let mut cache = Cache::new(10);
        let code = |result: Result<Arc<Text>>| result.err().map(|failure| failure.code);
        assert_eq!(code(cache.get(&malformed)), Some(Code::InvalidRequest));
        assert_eq!(code(cache.get(&corrupt)), Some(Code::ArtifactCorrupt));
        corrupt.path = directory.path().join("missing");
        assert_eq!(code(cache.get(&corrupt)), Some(Code::ArtifactCorrupt));
        assert!(cache.is_empty());
    }
}
