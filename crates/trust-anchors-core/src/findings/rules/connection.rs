//! Rules about connections that end before there is a session.

use super::rule;
use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[&REFUSED];

rule!(
    REFUSED,
    "connection-refused",
    Error,
    Server,
    "Nothing listens on the port",
    "An address of the name that answers the first packet of TCP with a reset.",
    "The machine is there, and no program listens on that port, or a firewall rejects what comes to it. No certificate is involved: `ECONNREFUSED` comes from the operating system (all versions).",
    "error[connection-refused]: nothing listens on port 8443 of `localhost`: the connection is refused",
    "Start the server, or name the port that it listens on: `ss -ltnp` on its machine shows them. A server that listens on `127.0.0.1` alone is not reached from elsewhere.",
    "- RFC 9293 section 3.10.7.1\n- Node `lib/net.js`, `afterConnect`"
);
