//! Whether this Node's own connection can be made at all: some chains end its process.

use crate::certificate::Certificate;
use crate::findings::escape;
use crate::node::NodeVersion;

/// Why a Node must not be connected to a server: which of the certificates, presented or in the path to the anchor, ends its process. After a
/// handshake whose chain it trusts, Node describes every certificate of it, the anchor's too, for `checkServerIdentity`
/// (`onConnectSecure` in lib/internal/tls/wrap.js).
pub fn hazard(certificates: &[impl AsRef<[u8]>], node: NodeVersion) -> Option<String> {
    if !node.dies_of_unnamed_curves() {
        return None;
    }
    certificates.iter().find_map(|der| {
        let certificate = Certificate::decode(der.as_ref(), node.openssl()).ok()?;
        let odd = certificate.undescribable_key()?;
        Some(format!(
            "the key of `{}` is {odd}, and a connection that trusts it ends Node {} with SIGSEGV",
            escape(&certificate.subject()),
            node.major
        ))
    })
}
