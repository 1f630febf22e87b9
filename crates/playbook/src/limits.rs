//! Limits on what is read. Each is far above what people write and far below what hurts; reaching
//! one is a diagnostic in the file concerned, and the rest of the playbook is still checked.

/// Largest file that is read, in bytes. A playbook of 100,000 resources has about 60 MB in 10,000
/// files; a single file of 8 MiB holds more than 10,000 resources and no editor opens it gladly.
/// Checked before reading, so that a file of 1 GB costs nothing.
pub const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024;

/// Deepest nesting of lists and maps. The deepest kind of ours has six levels; Kubernetes manifests
/// reach about twenty. Reading is recursive, so the limit also bounds the stack.
pub const MAX_DEPTH: usize = 64;

/// How many nodes all aliases of one document may stand for together. A hand-written document
/// repeats a few dozen; an alias bomb reaches a billion from a few hundred bytes.
pub const MAX_ALIAS_NODES: usize = 10_000;

/// How many nodes one document may have. At about 60 bytes a node in memory this bounds a document
/// of nothing but brackets to some tens of megabytes.
pub const MAX_NODES: usize = 1_000_000;

/// How many documents one file may hold: about as many as fit into [`MAX_FILE_BYTES`].
pub const MAX_DOCUMENTS: usize = 20_000;

/// How many findings one document may have. Whoever pasted the wrong thing needs the first few, and
/// a file of nothing but mistakes must not drown those of its neighbours.
pub const MAX_FINDINGS: usize = 100;

/// Longest name of a resource, as in DNS labels (RFC 1035, section 2.3.4), so that names can become
/// host names, labels and branch names.
pub const MAX_NAME: usize = 63;
