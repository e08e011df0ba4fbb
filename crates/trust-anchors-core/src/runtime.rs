//! What runs a program: Node, and what says that it is one.

/// What runs the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// Node.js.
    Node,
    /// Bun.
    Bun,
    /// Deno.
    Deno,
    /// Electron, which reads files as Node does.
    Electron,
}

impl Runtime {
    /// The name people know it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Bun => "Bun",
            Self::Deno => "Deno",
            Self::Electron => "Electron",
        }
    }

    /// From the name that the JavaScript side uses (`node`, `bun`, `deno`, `electron`).
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "node" => Self::Node,
            "bun" => Self::Bun,
            "deno" => Self::Deno,
            "electron" => Self::Electron,
            _ => return None,
        })
    }

    /// Whether a fault anywhere in the file of `NODE_EXTRA_CA_CERTS` makes it drop all of it. Node keeps what stands before the fault.
    pub fn takes_all_or_nothing(self) -> bool {
        matches!(self, Self::Bun | Self::Deno)
    }

    /// What it does with a file from which it loads nothing, where the file's kind is the reason.
    pub fn loads_nothing(self) -> String {
        match self {
            Self::Bun => "Bun warns and loads nothing from it".into(),
            _ => format!("{} loads nothing from it and says nothing", self.as_str()),
        }
    }
}
