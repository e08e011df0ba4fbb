//! Options that Node refuses.

use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::Bash;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &ERR_TLS_PROTOCOL_VERSION_CONFLICT,
    &ERR_TLS_INVALID_PROTOCOL_VERSION,
    &ERR_TLS_INVALID_PROTOCOL_METHOD,
    &ERR_SSL_NO_CIPHER_MATCH,
    &ECDH_CURVE_UNKNOWN,
    &TLS_OPTION_TYPE,
    &ERR_TLS_REQUIRED_SERVER_NAME,
    &ERR_TLS_INVALID_CONTEXT,
    &INVALID_SNI_CONTEXT,
    &ERR_TLS_INVALID_STATE,
    &ERR_TLS_SNI_FROM_SERVER,
    &ERR_TLS_ALPN_CALLBACK_INVALID_RESULT,
    &ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS,
    &ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED,
];

macro_rules! option_error {
    ($(#[$doc:meta])* $item:ident, $code:literal, $text:literal, $title:literal, $meaning:literal, $cause:expr, $source:literal) => {
        $(#[$doc])*
        pub static $item: ErrorCode = ErrorCode {
            name: stringify!($item),
            code: $code,
            family: Family::Options,
            texts: &[$text],
            title: $title,
            meaning: $meaning,
            versions: "All versions.",
            causes: &[$cause],
            source: $source,
            ..ErrorCode::NONE
        };
    };
}

const fn cause(
    id: &'static str,
    title: &'static str,
    tells: &'static str,
    fixes: &'static [FixText],
) -> Cause {
    Cause {
        id,
        title,
        tells,
        actor: Actor::Client,
        fixes,
    }
}

option_error!(
    /// Two ways to say the version.
    ERR_TLS_PROTOCOL_VERSION_CONFLICT, "ERR_TLS_PROTOCOL_VERSION_CONFLICT", "conflicts with secureprotocol",
    "`secureProtocol` and `minVersion` or `maxVersion` are both given",
    "`secureProtocol` is the old way to choose a TLS version, the other two are the new one. Node takes one or the other.",
    cause("contradiction", "An old setting was kept beside a new one", "Look for `secureProtocol` in the options of the connection, the agent and the library", &[
        FixText::write("Take `secureProtocol` out; without the others too, Node allows TLS 1.2 and 1.3", "tls.connect({ host: '{host}', port: {port}, minVersion: 'TLSv1.2' })"),
    ]),
    "Node `lib/internal/tls/secure-context.js` and `lib/_tls_common.js`: `toV`, `createSecureContext`."
);
option_error!(
    /// A version that does not exist.
    ERR_TLS_INVALID_PROTOCOL_VERSION, "ERR_TLS_INVALID_PROTOCOL_VERSION", "tls protocol version",
    "`minVersion` or `maxVersion` is not one of Node's words",
    "Node knows `TLSv1`, `TLSv1.1`, `TLSv1.2` and `TLSv1.3`, spelled exactly so.",
    cause("misspelled", "The version is spelled otherwise: `1.2`, `TLS1.2`, `tlsv1.2`", "The message quotes what was given", &[
        FixText::write("Spell it as Node does", "{ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' }"),
    ]),
    "Node `lib/_tls_common.js`: `toV`."
);
option_error!(
    /// A method that does not exist.
    ERR_TLS_INVALID_PROTOCOL_METHOD, "ERR_TLS_INVALID_PROTOCOL_METHOD", "methods disabled",
    "`secureProtocol` names a method that Node does not have",
    "`secureProtocol` takes OpenSSL's names, such as `TLSv1_2_method`. SSL 2 and 3 are gone.",
    cause("old-setting", "A setting of old days: `SSLv3_method`, `SSLv23`, or a misspelled name", "The message quotes it", &[
        FixText::write("Take it out; where a version must be held, use the new options", "{ minVersion: 'TLSv1.2' }"),
    ]),
    "Node `src/crypto/crypto_context.cc`: `SecureContext::Init`."
);
option_error!(
    /// A cipher list of nothing.
    ERR_SSL_NO_CIPHER_MATCH, "ERR_SSL_NO_CIPHER_MATCH", "no cipher match",
    "The cipher list names no cipher that this OpenSSL has",
    "The `ciphers` option or `--tls-cipher-list` was taken apart, and nothing in it is known.",
    cause("cipher-list", "The list has other names than OpenSSL's, or only ciphers that are gone (RC4, 3DES, export)", "Names as in RFCs (`TLS_RSA_WITH_AES_128_CBC_SHA`) are not OpenSSL's (`AES128-SHA`); only those of TLS 1.3 begin with `TLS_`", &[
        FixText::new("Leave `ciphers` out"),
        FixText::run("See what a list stands for", &[(Bash, "node -p \"tls.getCiphers().join(' ')\"; openssl ciphers -v 'ECDHE+AESGCM'")]),
    ]),
    "OpenSSL `ssl/ssl_lib.c`: `SSL_CTX_set_cipher_list`."
);
option_error!(
    /// A curve of nothing.
    ECDH_CURVE_UNKNOWN, "ERR_CRYPTO_OPERATION_FAILED", "failed to set ecdh curve",
    "`ecdhCurve` names a curve that this OpenSSL does not have",
    "The option takes `auto` or a list of OpenSSL's names, joined by colons.",
    cause("misspelled", "A curve is misspelled, or newer than this Node", "`node -p \"crypto.getCurves().join(' ')\"` lists the classic ones; `X25519MLKEM768` needs OpenSSL 3.5", &[
        FixText::write("Leave it out, or name curves that every version has", "{ ecdhCurve: 'X25519:P-256:P-384' }"),
    ]),
    "Node `SecureContext::SetECDHCurve`."
);
option_error!(
    /// Something that is no text.
    TLS_OPTION_TYPE, "ERR_INVALID_ARG_TYPE", "\"options.ca\" property must be",
    "A `tls` option is neither text nor bytes",
    "`ca`, `cert`, `key` and `pfx` take the content of a file: a string, a Buffer, or an array of them.",
    cause("wrong-type", "An `X509Certificate`, a promise, `undefined` in an array, or an object of settings was given", "The message says what was received. `fs.promises.readFile` without `await` gives a promise; `[undefined]` comes from a variable that is not set", &[
        FixText::write("Give text or bytes", "{ ca: [fs.readFileSync('ca.pem')], cert: certificate.toString() }"),
    ]),
    "Node `lib/internal/tls/secure-context.js`: `validateKeyOrCertOption`."
);
option_error!(
    /// A context for no name.
    ERR_TLS_REQUIRED_SERVER_NAME, "ERR_TLS_REQUIRED_SERVER_NAME", "\"servername\" is required parameter for server.addcontext",
    "`server.addContext` was called without a host name",
    "A context that is added to a server is for a host name, and that name is empty or missing.",
    cause("name-missing", "The name comes from a configuration that does not have it", "Look at the first argument of `addContext`", &[
        FixText::write("Give the name; a wildcard is allowed", "server.addContext('*.example.com', { key, cert })"),
    ]),
    "Node `lib/internal/tls/wrap.js`: `Server.prototype.addContext`."
);
option_error!(
    /// A context that is none.
    ERR_TLS_INVALID_CONTEXT, "ERR_TLS_INVALID_CONTEXT", "must be a securecontext",
    "`secureContext` is no secure context",
    "The option takes what `tls.createSecureContext()` returns, not the options for it, and not the context of another realm.",
    cause("wrong-type", "The options themselves were given, or a promise", "`secureContext.context` is undefined", &[
        FixText::write("Make the context first", "tls.connect({ host: '{host}', port: {port}, secureContext: tls.createSecureContext({ ca }) })"),
    ]),
    "Node `lib/internal/tls/wrap.js`: `TLSSocket`."
);
option_error!(
    /// A context from a callback that is none.
    INVALID_SNI_CONTEXT, "", "invalid sni context",
    "An `SNICallback` gave something that is no secure context",
    "The callback of a server takes `(error, context)`, and the context must come from `tls.createSecureContext()`. The client sees that the connection is closed (`ECONNRESET`).",
    cause("wrong-type", "The callback gives the options, or the context's inside of an old Node", "It comes with `tlsClientError`", &[
        FixText::write("Give a context", "SNICallback: (servername, callback) => callback(null, tls.createSecureContext({ key, cert }))"),
    ]),
    "Node `lib/internal/tls/wrap.js`: `loadSNI`."
);
option_error!(
    /// A call too early.
    ERR_TLS_INVALID_STATE, "ERR_TLS_INVALID_STATE", "tls socket connection must be securely established",
    "A function was called that needs a finished handshake",
    "`exportKeyingMaterial` and its like work after `secureConnect`, not before.",
    cause("too-early", "The call comes before `secureConnect`, or after the socket was closed", "The stack shows the call", &[
        FixText::write("Wait for the event", "socket.once('secureConnect', () => socket.exportKeyingMaterial(32, 'label'))"),
    ]),
    "Node `lib/internal/tls/wrap.js`: `TLSSocket.prototype.exportKeyingMaterial`."
);
option_error!(
    /// A name from the wrong side.
    ERR_TLS_SNI_FROM_SERVER, "ERR_TLS_SNI_FROM_SERVER", "cannot issue sni from a tls server side socket",
    "`setServername` was called on a server's socket",
    "Only a client says which host it wants.",
    cause("wrong-side", "A program treats an accepted socket as a client's", "The stack shows `setServername`", &[
        FixText::new("Call it on client sockets, or better give `servername` to `tls.connect`"),
    ]),
    "Node `lib/internal/tls/wrap.js`: `TLSSocket.prototype.setServername`."
);
option_error!(
    /// A protocol that was not offered.
    ERR_TLS_ALPN_CALLBACK_INVALID_RESULT, "ERR_TLS_ALPN_CALLBACK_INVALID_RESULT", "alpn callback returned a value",
    "An `ALPNCallback` returned a protocol that the client did not offer",
    "The callback has to return one of the protocols it was given, or `undefined` to refuse. The client sees that the connection is closed (`ECONNRESET`).",
    cause("wrong-result", "The callback returns a fixed name", "The message has both lists", &[
        FixText::write("Choose from what is offered", "ALPNCallback: ({ protocols }) => protocols.find((it) => it === 'h2' || it === 'http/1.1')"),
    ]),
    "Node `lib/internal/tls/wrap.js`: `callALPNCallback`."
);
option_error!(
    /// Two ways to say the protocols.
    ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS, "ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS", "alpncallback and alpnprotocols tls options are mutually exclusive",
    "`ALPNCallback` and `ALPNProtocols` are both given",
    "A server chooses the application protocol by a list or by a function, not by both. `http2` sets the list itself.",
    cause("contradiction", "A library sets one, and your options the other", "Look at the options that reach `tls.createServer`", &[
        FixText::new("Keep one of the two"),
    ]),
    "Node `lib/internal/tls/wrap.js`: `TLSSocket`."
);
/// A hint that is too long.
pub static ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED: ErrorCode = ErrorCode {
    name: "ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED",
    code: "ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED",
    aliases: &["ERR_TLS_PSK_SET_IDENTIY_HINT_FAILED"],
    family: Family::Options,
    texts: &["failed to set psk identity hint"],
    title: "The `pskIdentityHint` of a server cannot be used",
    meaning: "OpenSSL did not take the hint: it may have at most 256 bytes.",
    versions: "All versions; Node 18 to 22 spell it `ERR_TLS_PSK_SET_IDENTIY_HINT_FAILED`.",
    causes: &[cause(
        "too-long",
        "The hint is too long",
        "Its length in bytes",
        &[FixText::new("Shorten it")],
    )],
    source: "Node `src/crypto/crypto_tls.cc`: `TLSWrap::SetPskIdentityHint`.",
    ..ErrorCode::NONE
};
