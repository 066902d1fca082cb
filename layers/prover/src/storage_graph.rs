//! The graph of nodes that Midnight serializes a transaction as.

use std::io;

use midnight_serialize::Deserializable;

use crate::artifacts::layout::skip;
use crate::error::{Failure, Result};

/// For each node, the library copies a table of all of them. A transaction has some five for each shielded output.
const MAX_NODES: u32 = 4096;
/// For each reference to a node, the library hashes that node again. Of honest transactions it hashes little more than
/// their own bytes.
const MAX_HASHED_BYTES: u64 = 32 << 20;
const HASH_BYTES: u64 = 32;

/// Bounds the work of reading the graph that `bytes` open with: without that, a few megabytes keep the library busy
/// for hours.
///
/// Layout: the number of nodes (u32); for each the number of its children (u32), their positions (u64), the length of
/// its data (u32), its data. All numbers are in Midnight's compact form.
///
/// # Errors
/// INVALID_REQUEST if the graph is too large.
pub fn check_size(bytes: &[u8]) -> Result<()> {
    // A graph that is cut short is left to the library, which says so before it hashes anything.
    if is_within_bounds(&mut &bytes[..]).unwrap_or(true) {
        return Ok(());
    }
    Err(Failure::invalid_request(format!(
        "The transaction is too large: it has more than {MAX_NODES} nodes, or refers to more than {MAX_HASHED_BYTES} \
         bytes in them."
    )))
}

fn is_within_bounds(graph: &mut &[u8]) -> io::Result<bool> {
    let nodes = number::<u32>(graph)?;
    if nodes > MAX_NODES {
        return Ok(false);
    }
    let mut node_bytes = Vec::with_capacity(nodes as usize);
    let mut hashed_bytes = 0;
    for _ in 0..nodes {
        let children = number::<u32>(graph)?;
        for _ in 0..children {
            let position = number::<u64>(graph)?;
            // A reference to a node that does not precede it is where the library stops.
            let Some(bytes) = node_bytes.get(position as usize) else {
                return Ok(true);
            };
            hashed_bytes += bytes;
            if hashed_bytes > MAX_HASHED_BYTES {
                return Ok(false);
            }
        }
        let data = number::<u32>(graph)?;
        skip(graph, data.into())?;
        node_bytes.push(u64::from(data) + HASH_BYTES * (u64::from(children) + 1));
    }
    Ok(true)
}

fn number<T: Deserializable>(graph: &mut &[u8]) -> io::Result<T> {
    T::deserialize(graph, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use midnight_serialize::Serializable;
    use midnight_storage::arena::{TopoSortedNode, TopoSortedNodes};

    fn is_accepted(nodes: Vec<TopoSortedNode>) -> bool {
        let mut bytes = Vec::new();
        TopoSortedNodes { nodes }.serialize(&mut bytes).unwrap();
        check_size(&bytes).is_ok()
    }

    fn node(child_indices: Vec<u64>, data_bytes: usize) -> TopoSortedNode {
        TopoSortedNode {
            child_indices,
            data: vec![0; data_bytes],
        }
    }

    #[test]
    fn nodes_are_bounded() {
        let leaves = |count| (0..count).map(|_| node(vec![], 1)).collect();
        assert!(is_accepted(leaves(MAX_NODES)));
        assert!(!is_accepted(leaves(MAX_NODES + 1)));
    }

    #[test]
    fn what_references_hash_is_bounded() {
        const LEAF_BYTES: u64 = 1 << 20;
        let most = MAX_HASHED_BYTES / (LEAF_BYTES + HASH_BYTES);
        let graph = |references| vec![node(vec![], LEAF_BYTES as usize), node(vec![0; references as usize], 0)];
        assert!(is_accepted(graph(most)));
        assert!(!is_accepted(graph(most + 1)));

        let empty_leaf = |references| vec![node(vec![], 0), node(vec![0; references as usize], 0)];
        assert!(!is_accepted(empty_leaf(MAX_HASHED_BYTES / HASH_BYTES + 1)));
    }

    #[test]
    fn what_the_library_refuses_is_left_to_it() {
        assert!(is_accepted(vec![node(vec![7], 1)]));
        for cut_short in [&b""[..], &[8, 0], &[4, 0, 40, 1]] {
            assert_eq!(check_size(cut_short), Ok(()));
        }
    }
}
