//! The `council` binary. Everything is in the library, so that tests and tools reach it too.

/// mimalloc instead of the system's allocator: a check allocates millions of small strings and
/// nodes on all cores, where it is markedly faster, and it gives freed memory back sooner.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
