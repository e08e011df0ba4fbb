// Imported for its effect: the merged store becomes what this thread trusts by default. See docs/install.md.
export {}
