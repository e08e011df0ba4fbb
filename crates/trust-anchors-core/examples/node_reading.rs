//! Reads a CA file as Node does, over and over, and prints the throughput: the figure of `benchmark/inspect.js`, and the
//! program that `valgrind --tool=callgrind` counts.
//!
//! ```sh
//! cargo run --release -p trust-anchors-core --example node_reading -- FILE ROUNDS
//! ```

use std::time::Instant;

use trust_anchors_core::der::OpensslVersion;
use trust_anchors_core::pem::node;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("a file is missing")?;
    let rounds: u32 = arguments.next().unwrap_or_else(|| "1".into()).parse()?;
    let bytes = std::fs::read(path)?;
    let start = Instant::now();
    let mut certificates = 0;
    for _ in 0..rounds {
        certificates = std::hint::black_box(node::read(&bytes, OpensslVersion::V3_5))
            .certificates
            .len();
    }
    let seconds = start.elapsed().as_secs_f64() / f64::from(rounds);
    let size = u32::try_from(bytes.len())?;
    println!("{{\"bytes\":{size},\"certificates\":{certificates},\"seconds\":{seconds:.6}}}");
    Ok(())
}
