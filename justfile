# The commands of a working clone, for those who use `just`; each is one line of npm or cargo, and CI uses those.

[private]
default:
    @just --list

# The release addon, binding.js and binding.d.ts
build:
    npm run build

# Everything: Rust, then JavaScript on Node 18 to 26
test:
    npm test

# The Rust tests alone
test-rust *ARGS:
    cargo test --workspace {{ARGS}}

# JavaScript test files by name, on the Node at hand: `just test-js inspect packaging`
test-js +NAMES:
    node --test {{ replace_regex(NAMES, '(\S+)', '__test__/$1.test.js') }}

# What CI checks before the tests
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    npm run --silent check:dependencies
    npm run --silent types

# Remakes the generated files
generate:
    npm run generate

# All that CI does, in a clean checkout
ci:
    .ci/run
