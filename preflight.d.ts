// Imported for its effect: says on stderr what is wrong with the trust of this process. See docs/preflight.md.
export {}
