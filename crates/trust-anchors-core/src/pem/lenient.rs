//! What is really in a CA file, whatever Node makes of it.
