//! Keys, certificates and containers that Node cannot use.

use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::{Bash, PowerShell};

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &ERR_OSSL_PEM_NO_START_LINE,
    &ERR_OSSL_PEM_BAD_END_LINE,
    &ERR_OSSL_PEM_BAD_BASE64_DECODE,
    &ERR_OSSL_ASN1_TOO_LONG,
    &ERR_OSSL_UNSUPPORTED,
    &ERR_OSSL_BAD_DECRYPT,
    &ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED,
    &ERR_OSSL_X509_KEY_VALUES_MISMATCH,
    &ERR_SSL_EE_KEY_TOO_SMALL,
    &ERR_SSL_CA_KEY_TOO_SMALL,
    &ERR_SSL_CA_MD_TOO_WEAK,
    &ERR_OSSL_EVP_UNSUPPORTED,
    &PFX_MAC_VERIFY_FAILURE,
    &PFX_UNSUPPORTED,
    &PFX_NOT_PKCS12,
    &PFX_WITHOUT_KEY,
    &CRL_UNREADABLE,
];

const NEVER_SHARE: &str = "Do not paste a private key into a website, a ticket or a chat to have it looked at: from then on it is no longer secret";
const SEE_KEY: FixText = FixText::run(
    "See what the key file holds, without showing the key",
    &[(
        Bash,
        "head -1 server.key; openssl pkey -in server.key -noout && echo readable",
    )],
);
const SEE_CERTIFICATE: FixText = FixText::run(
    "See what the file holds",
    &[(Bash, "npx trust-anchors inspect server.pem")],
);
const FROM_VARIABLE: FixText = FixText::write(
    "Restore the line breaks of a PEM text that comes from a variable",
    "const key = process.env.TLS_KEY.replaceAll('\\\\n', '\\n')\n// or keep it as base64: Buffer.from(process.env.TLS_KEY_BASE64, 'base64')",
);
const LINE_BREAKS: Cause = Cause {
    id: "line-breaks-lost",
    title: "The PEM text lost its line breaks: it came through an environment variable, JSON or YAML",
    tells: "It holds `\\n` as two characters, or stands on one line: `console.log(JSON.stringify(text.slice(0, 60)))`",
    actor: Actor::Client,
    fixes: &[FROM_VARIABLE],
};

/// Which key belongs to which certificate.
pub const COMPARE_KEYS: FixText = FixText::run(
    "Compare the two: the sums must be equal",
    &[
        (
            Bash,
            "openssl pkey -in server.key -pubout | sha256sum\nopenssl x509 -in fullchain.pem -noout -pubkey | sha256sum",
        ),
        (
            PowerShell,
            "openssl pkey -in server.key -pubout -out key.pub; openssl x509 -in fullchain.pem -noout -pubkey -out cert.pub\nGet-FileHash key.pub, cert.pub",
        ),
    ],
);

/// No BEGIN line.
pub static ERR_OSSL_PEM_NO_START_LINE: ErrorCode = ErrorCode {
    name: "ERR_OSSL_PEM_NO_START_LINE",
    code: "ERR_OSSL_PEM_NO_START_LINE",
    family: Family::Material,
    texts: &["pem routines::no start line", ":no start line"],
    title: "There is no PEM block of the kind that was expected",
    meaning: "Node looked for a line such as `-----BEGIN CERTIFICATE-----` in `cert`, `key` or another text, and found none. What was given is empty, a path, DER, another kind of block, or damaged before its first line.",
    versions: "All versions. `ca` is more patient: what is not PEM there is silently nothing.",
    causes: &[
        Cause {
            id: "path-not-content",
            title: "A path was given where the content is wanted",
            tells: "The value begins with `/` or `./`: `tls` options take the text of a file, not its name",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Read the file",
                "{ cert: fs.readFileSync('fullchain.pem'), key: fs.readFileSync('server.key') }",
            )],
        },
        LINE_BREAKS,
        Cause {
            id: "der",
            title: "The file is DER or PKCS#12, not PEM",
            tells: "It begins with `0\\x82`, not with `-----BEGIN`: endings `.der`, `.cer`, `.crt` from Windows, `.p12`, `.pfx`",
            actor: Actor::Client,
            fixes: &[
                FixText::run(
                    "Convert DER to PEM",
                    &[(
                        Bash,
                        "openssl x509 -inform DER -in server.cer -out server.pem",
                    )],
                ),
                FixText::write(
                    "PKCS#12 goes into `pfx`, with its password",
                    "{ pfx: fs.readFileSync('server.p12'), passphrase }",
                ),
            ],
        },
        Cause {
            id: "swapped",
            title: "Key and certificate are swapped, or the file holds another kind of block",
            tells: "`head -1` of the files: `cert` needs `BEGIN CERTIFICATE`, `key` a `BEGIN … PRIVATE KEY`",
            actor: Actor::Client,
            fixes: &[SEE_CERTIFICATE, SEE_KEY],
        },
        Cause {
            id: "empty",
            title: "The text is empty: a variable or secret that is not set, an empty file",
            tells: "`fs.readFileSync(path).length` is 0, or the variable is missing in this environment",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Set the variable or mount the file before the process starts",
            )],
        },
    ],
    avoid: &[NEVER_SHARE],
    rules: &[
        "ca-file-der",
        "pem-one-line",
        "pem-literal-newlines",
        "ca-file-empty",
    ],
    source: "OpenSSL `crypto/pem/pem_lib.c`: `PEM_read_bio_ex`, `get_name`; Node `SecureContext::SetCert`, `SetKey`.",
    ..ErrorCode::NONE
};

/// A damaged END line.
pub static ERR_OSSL_PEM_BAD_END_LINE: ErrorCode = ErrorCode {
    name: "ERR_OSSL_PEM_BAD_END_LINE",
    code: "ERR_OSSL_PEM_BAD_END_LINE",
    family: Family::Material,
    texts: &["pem routines::bad end line", ":bad end line"],
    title: "A PEM block does not end as it should",
    meaning: "After a BEGIN line, Node came to the end of the text, to an END line with other words, or to a line that cannot be there, before the matching `-----END …-----`.",
    versions: "All versions. In `NODE_EXTRA_CA_CERTS` the same is a warning, and what follows is lost.",
    causes: &[
        Cause {
            id: "glued-blocks",
            title: "Two blocks are glued together: a file without a final newline was joined to the next one",
            tells: "`grep -n -- '----------BEGIN' fullchain.pem` finds a line with END and BEGIN; `list.join('')` of certificates without newlines does the same",
            actor: Actor::Client,
            fixes: &[
                FixText::run(
                    "Have the file written again",
                    &[(
                        Bash,
                        "npx trust-anchors inspect fullchain.pem --fix fullchain.fixed.pem",
                    )],
                ),
                FixText::write("Join with newlines", "certificates.join('\\n')"),
            ],
        },
        Cause {
            id: "truncated",
            title: "The text is cut off",
            tells: "The last line is not `-----END …-----`: a secret store or form with a length limit, an interrupted copy",
            actor: Actor::Client,
            fixes: &[
                FixText::new("Take the file again from where it came from"),
                SEE_CERTIFICATE,
            ],
        },
        LINE_BREAKS,
    ],
    avoid: &[NEVER_SHARE],
    rules: &["pem-glued-blocks", "pem-end-missing", "pem-end-damaged"],
    source: "OpenSSL `crypto/pem/pem_lib.c`: `get_header_and_data`.",
    ..ErrorCode::NONE
};

/// Bad base64.
pub static ERR_OSSL_PEM_BAD_BASE64_DECODE: ErrorCode = ErrorCode {
    name: "ERR_OSSL_PEM_BAD_BASE64_DECODE",
    code: "ERR_OSSL_PEM_BAD_BASE64_DECODE",
    aliases: &["BAD_BASE64_DECODE"],
    family: Family::Material,
    texts: &["pem routines::bad base64 decode", "bad base64 decode"],
    title: "What stands inside a PEM block is no base64",
    meaning: "Between BEGIN and END there are characters that base64 does not have, or some are missing.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "foreign-characters",
            title: "Something else got between the lines: a comment, a prompt, “…”, HTML, quotation marks",
            tells: "`npx trust-anchors inspect server.pem` names the line",
            actor: Actor::Client,
            fixes: &[
                SEE_CERTIFICATE,
                FixText::new(
                    "Take the file again from where it came from, as a file rather than by copy and paste",
                ),
            ],
        },
        Cause {
            id: "truncated",
            title: "Characters are missing",
            tells: "A line is shorter than the others and is not the last one",
            actor: Actor::Client,
            fixes: &[FixText::new("Take the file again from where it came from")],
        },
        LINE_BREAKS,
    ],
    avoid: &[NEVER_SHARE],
    rules: &["pem-bad-base64"],
    source: "OpenSSL `crypto/pem/pem_lib.c`: `PEM_read_bio_ex`; `EVP_DecodeUpdate`.",
    ..ErrorCode::NONE
};

/// DER that cannot be decoded.
pub static ERR_OSSL_ASN1_TOO_LONG: ErrorCode = ErrorCode {
    name: "ERR_OSSL_ASN1_TOO_LONG",
    code: "ERR_OSSL_ASN1_TOO_LONG",
    aliases: &[
        "ERR_OSSL_ASN1_WRONG_TAG",
        "ERR_OSSL_ASN1_HEADER_TOO_LONG",
        "ERR_OSSL_ASN1_NOT_ENOUGH_DATA",
        "ERR_OSSL_ASN1_BAD_OBJECT_HEADER",
        "ERR_OSSL_ASN1_NESTED_ASN1_ERROR",
        "ERR_OSSL_ASN1_ILLEGAL_PADDING",
        "ERR_OSSL_ASN1_ILLEGAL_ZERO_CONTENT",
        "ERR_OSSL_ASN1_UTCTIME_IS_TOO_SHORT",
        "ERR_OSSL_ASN1_EXPLICIT_LENGTH_MISMATCH",
        "ERR_OSSL_ASN1_INVALID_OBJECT_ENCODING",
        "ERR_OSSL_ASN1_UNEXPECTED_EOC",
        "ERR_OSSL_PEM_ASN1_LIB",
        "ERR_OSSL_ASN1_LIB",
        "ERR_OSSL_WRONG_TAG",
        "ERR_OSSL_TOO_LONG",
    ],
    family: Family::Material,
    texts: &["asn1 encoding routines::", "pem routines::asn1 lib"],
    title: "The content of a certificate or key cannot be decoded",
    meaning: "The PEM armour is in order, and what it encloses is not what the label says, or is damaged. The code is OpenSSL's first complaint, so it differs: `ERR_OSSL_ASN1_TOO_LONG`, `_WRONG_TAG`, `_HEADER_TOO_LONG` and others all mean this.",
    versions: "All versions; OpenSSL 3.5 refuses a few dates that 3.0 took.",
    causes: &[
        Cause {
            id: "truncated",
            title: "Lines are missing in the middle",
            tells: "The block is shorter than others of its kind: `npx trust-anchors inspect server.pem`",
            actor: Actor::Client,
            fixes: &[
                FixText::new("Take the file again from where it came from"),
                SEE_CERTIFICATE,
            ],
        },
        Cause {
            id: "wrong-label",
            title: "The label does not fit the content: a request, PKCS#7 or key under `BEGIN CERTIFICATE`",
            tells: "`openssl asn1parse -in server.pem | head -5`; somebody put the armour around by hand",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "Turn PKCS#7 into certificates",
                &[(
                    Bash,
                    "openssl pkcs7 -in bundle.p7b -print_certs -out fullchain.pem",
                )],
            )],
        },
    ],
    avoid: &[NEVER_SHARE],
    rules: &["pem-not-a-certificate", "unparsable-certificate"],
    source: "OpenSSL `crypto/asn1/tasn_dec.c`: `d2i_X509`.",
    ..ErrorCode::NONE
};

/// A key that no decoder takes.
pub static ERR_OSSL_UNSUPPORTED: ErrorCode = ErrorCode {
    name: "ERR_OSSL_UNSUPPORTED",
    code: "ERR_OSSL_UNSUPPORTED",
    aliases: &[
        "ERR_OSSL_DECODER_UNSUPPORTED",
        "ERR_OSSL_DECODER_ROUTINES_UNSUPPORTED",
    ],
    family: Family::Material,
    texts: &["decoder routines::unsupported"],
    title: "The private key cannot be read: it is in no form that OpenSSL knows",
    meaning: "OpenSSL 3 tries every decoder that it has on the `key`, and none takes it. “Unsupported” sounds like an algorithm, and nearly always means damaged text: where `cert` says “no start line” or “bad base64”, `key` says this.",
    versions: "Node 18 and later. Firebase, Google Cloud and GitHub App keys in variables are the classic case.",
    hint: "The message `error:1E08010C:DECODER routines::unsupported` has nothing to do with `--openssl-legacy-provider`, which search results recommend: that option is about `digital envelope routines::unsupported`, another error.",
    causes: &[
        LINE_BREAKS,
        Cause {
            id: "damaged-key",
            title: "The key's text is damaged or cut off, or has quotation marks around it",
            tells: "`openssl pkey -in server.key -noout` fails as well",
            actor: Actor::Client,
            fixes: &[
                FixText::new("Take the key again from where it came from"),
                SEE_KEY,
            ],
        },
        Cause {
            id: "not-a-private-key",
            title: "It is no private key, or one of another world: a certificate, a public key, an OpenSSH key",
            tells: "`head -1 server.key`: `BEGIN CERTIFICATE`, `BEGIN PUBLIC KEY`, `BEGIN OPENSSH PRIVATE KEY`",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "Convert an OpenSSH key, on a copy",
                &[(
                    Bash,
                    "cp id_rsa server.key && ssh-keygen -p -m PEM -N '' -f server.key",
                )],
            )],
        },
        Cause {
            id: "old-encryption",
            title: "The key is encrypted with an old method that OpenSSL 3 keeps in its legacy provider",
            tells: "`openssl asn1parse -in server.key | grep -i 'rc2\\|rc4\\|des-cbc'` shows it, for `BEGIN ENCRYPTED PRIVATE KEY`",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "Encrypt it anew",
                &[(
                    Bash,
                    "openssl pkcs8 -provider legacy -provider default -in old.key -topk8 -v2 aes-256-cbc -out server.key",
                )],
            )],
        },
    ],
    avoid: &[
        "Do not add `--openssl-legacy-provider`: it does not help here, and turns old algorithms on everywhere",
        NEVER_SHARE,
    ],
    source: "OpenSSL `crypto/encode_decode/decoder_lib.c`: `OSSL_DECODER_from_bio`; Node `SecureContext::SetKey`.",
    ..ErrorCode::NONE
};

/// A wrong password.
pub static ERR_OSSL_BAD_DECRYPT: ErrorCode = ErrorCode {
    name: "ERR_OSSL_BAD_DECRYPT",
    code: "ERR_OSSL_BAD_DECRYPT",
    aliases: &[
        "ERR_OSSL_EVP_BAD_DECRYPT",
        "ERR_OSSL_PEM_BAD_DECRYPT",
        "BAD_DECRYPT",
    ],
    family: Family::Material,
    texts: &[
        "routines::bad decrypt",
        ":bad decrypt",
        "pkcs12 cipherfinal error",
    ],
    title: "The password of the private key is wrong or missing",
    meaning: "The key is encrypted, and what came out of the decryption makes no sense. Without a `passphrase` option Node tries the empty one.",
    versions: "All versions. With `crypto` functions the same code also means a wrong key or damaged data.",
    causes: &[
        Cause {
            id: "password-missing",
            title: "No `passphrase` is given",
            tells: "`head -2 server.key` shows `ENCRYPTED`, and the options have no `passphrase`, or it comes from a variable that is not set",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Give it",
                "{ key: fs.readFileSync('server.key'), passphrase: process.env.TLS_PASSPHRASE }",
            )],
        },
        Cause {
            id: "password-wrong",
            title: "The password is another one, or has a newline at its end",
            tells: "`openssl pkey -in server.key -noout` asks for it, and says whether it is right; a password from a file often ends in a newline",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Trim what comes from a file",
                "{ passphrase: fs.readFileSync('passphrase', 'utf8').trimEnd() }",
            )],
        },
    ],
    avoid: &[NEVER_SHARE],
    source: "OpenSSL `crypto/pem/pem_lib.c`: `PEM_do_header`; `crypto/pkcs12/p12_decr.c`.",
    ..ErrorCode::NONE
};

/// A password that nobody was asked for.
pub static ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: ErrorCode = ErrorCode {
    name: "ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED",
    code: "ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED",
    aliases: &[
        "ERR_MISSING_PASSPHRASE",
        "ERR_OSSL_PEM_BAD_PASSWORD_READ",
        "ERR_OSSL_CRYPTO_INTERRUPTED",
    ],
    family: Family::Material,
    texts: &[
        "interrupted or cancelled",
        "passphrase required for encrypted key",
        "bad password read",
    ],
    title: "The private key is encrypted, and no password was given",
    meaning: "`crypto.createPrivateKey` and its relatives found an encrypted key and had no `passphrase` to try.",
    versions: "All versions; `tls` options end in `ERR_OSSL_BAD_DECRYPT` instead.",
    causes: &[Cause {
        id: "password-missing",
        title: "No `passphrase` is given",
        tells: "`head -2 server.key` shows `ENCRYPTED`",
        actor: Actor::Client,
        fixes: &[FixText::write(
            "Give it",
            "crypto.createPrivateKey({ key: fs.readFileSync('server.key'), passphrase: process.env.TLS_PASSPHRASE })",
        )],
    }],
    avoid: &[NEVER_SHARE],
    source: "OpenSSL `crypto/passphrase.c`; Node `src/crypto/crypto_keys.cc`.",
    ..ErrorCode::NONE
};

/// A key of another certificate.
pub static ERR_OSSL_X509_KEY_VALUES_MISMATCH: ErrorCode = ErrorCode {
    name: "ERR_OSSL_X509_KEY_VALUES_MISMATCH",
    code: "ERR_OSSL_X509_KEY_VALUES_MISMATCH",
    aliases: &[
        "ERR_SSL_KEY_VALUES_MISMATCH",
        "ERR_OSSL_X509_KEY_TYPE_MISMATCH",
        "ERR_OSSL_KEY_VALUES_MISMATCH",
        "KEY_VALUES_MISMATCH",
    ],
    family: Family::Material,
    texts: &["key values mismatch", "key type mismatch"],
    title: "The private key does not belong to the certificate",
    meaning: "`key` and `cert` are both readable, and the public key in the certificate is not that of the private key. Of several certificates in `cert`, the first is the one that counts.",
    versions: "All versions. When the two are of different kinds (an EC key, an RSA certificate) Node does not complain: the server starts and refuses every client with `handshake failure`.",
    causes: &[
        Cause {
            id: "renewed-key",
            title: "The certificate was renewed with a new key, and the old key is still in place, or the other way round",
            tells: "The two files are of different dates, or come from different places",
            actor: Actor::Server,
            fixes: &[
                COMPARE_KEYS,
                FixText::new("Put key and certificate of the same request in place together"),
            ],
        },
        Cause {
            id: "chain-order",
            title: "The chain file begins with the intermediate instead of the server's own certificate",
            tells: "`openssl x509 -in fullchain.pem -noout -subject` names a CA",
            actor: Actor::Server,
            fixes: &[
                FixText::run(
                    "Put the server's certificate first",
                    &[(Bash, "cat server.pem intermediate.pem > fullchain.pem")],
                ),
                COMPARE_KEYS,
            ],
        },
    ],
    avoid: &[NEVER_SHARE],
    source: "OpenSSL `crypto/x509/x509_cmp.c`: `X509_check_private_key`; Node `SecureContext::SetKey`, `SetCert`.",
    ..ErrorCode::NONE
};

const WEAK_LEVEL: &str = "Do not lower the security level for the whole process to keep the old certificate: clients with Node 24 refuse it all the same";

/// An own key below the level.
pub static ERR_SSL_EE_KEY_TOO_SMALL: ErrorCode = ErrorCode {
    name: "ERR_SSL_EE_KEY_TOO_SMALL",
    code: "ERR_SSL_EE_KEY_TOO_SMALL",
    family: Family::Material,
    texts: &["ssl routines::ee key too small", ":ee key too small"],
    title: "The key of the certificate that this side wants to use is too short",
    meaning: "The security level does not allow this side's own certificate (`cert`): nothing was sent yet. For a server's certificate that a client refuses, see `EE_KEY_TOO_SMALL`.",
    versions: "Below 1024 bits of RSA on all versions, below 2048 on Node 24 and later, whose default security level is 2.",
    causes: &[Cause {
        id: "security-level",
        title: "The certificate has an RSA-1024 key, which Node 24 does not take any more",
        tells: "`openssl x509 -in server.pem -noout -text | grep Public-Key`; it worked on Node 22. A `ciphers` option with `@SECLEVEL=` raises the bar further",
        actor: Actor::Server,
        fixes: &[FixText::run(
            "Make a new key, and have the certificate issued for it",
            &[(
                Bash,
                "openssl req -new -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN={host} -addext subjectAltName=DNS:{host}",
            )],
        )],
    }],
    avoid: &[WEAK_LEVEL],
    rules: &["security-level-changed", "certificate-key-weak"],
    source: "OpenSSL `ssl/ssl_rsa.c`: `ssl_set_cert`; `ssl/t1_lib.c`: `ssl_security_cert`.",
    ..ErrorCode::NONE
};

/// A key of the own chain below the level.
pub static ERR_SSL_CA_KEY_TOO_SMALL: ErrorCode = ErrorCode {
    name: "ERR_SSL_CA_KEY_TOO_SMALL",
    code: "ERR_SSL_CA_KEY_TOO_SMALL",
    family: Family::Material,
    texts: &["ssl routines::ca key too small", ":ca key too small"],
    title: "A CA in the chain that this side wants to send has a key that is too short",
    meaning: "The security level does not allow an intermediate or root in this side's own `cert`. For a chain that a client refuses, see `CA_KEY_TOO_SMALL`.",
    versions: "Below 1024 bits of RSA on all versions, below 2048 on Node 24 and later, whose default security level is 2.",
    causes: &[Cause {
        id: "security-level",
        title: "The chain file holds an old CA with RSA-1024",
        tells: "`npx trust-anchors inspect fullchain.pem` says `certificate-key-weak`",
        actor: Actor::Server,
        fixes: &[
            FixText::new("Take the CA's current chain file; the root need not be in it at all"),
            FixText::new("Have a private CA made again with RSA-2048 or P-256"),
        ],
    }],
    avoid: &[WEAK_LEVEL],
    rules: &["certificate-key-weak"],
    source: "OpenSSL `ssl/ssl_cert.c`: `ssl_cert_add0_chain_cert`; `ssl/t1_lib.c`: `ssl_security_cert`.",
    ..ErrorCode::NONE
};

/// A digest of the own chain below the level.
pub static ERR_SSL_CA_MD_TOO_WEAK: ErrorCode = ErrorCode {
    name: "ERR_SSL_CA_MD_TOO_WEAK",
    code: "ERR_SSL_CA_MD_TOO_WEAK",
    aliases: &["ERR_SSL_EE_MD_TOO_WEAK"],
    family: Family::Material,
    texts: &["ssl routines::ca md too weak", ":ca md too weak"],
    title: "The certificate that this side wants to use is signed with SHA-1 or MD5",
    meaning: "The security level does not allow the signature on this side's own `cert`. For a chain that a client refuses, see `CA_MD_TOO_WEAK`.",
    versions: "Node 18 and 20. Node 22 and later take the certificate, and clients refuse it.",
    causes: &[Cause {
        id: "weak-digest",
        title: "The certificate comes from a CA that still signs with SHA-1",
        tells: "`openssl x509 -in server.pem -noout -text | grep 'Signature Algorithm'`",
        actor: Actor::Server,
        fixes: &[FixText::new("Have it issued again, signed with SHA-256")],
    }],
    avoid: &[
        "Do not go down to security level 0, which SHA-1 would need: clients refuse the certificate all the same",
    ],
    rules: &["certificate-signature-too-weak"],
    source: "OpenSSL `ssl/t1_lib.c`: `ssl_security_cert`.",
    ..ErrorCode::NONE
};

/// An algorithm that OpenSSL 3 left behind.
pub static ERR_OSSL_EVP_UNSUPPORTED: ErrorCode = ErrorCode {
    name: "ERR_OSSL_EVP_UNSUPPORTED",
    code: "ERR_OSSL_EVP_UNSUPPORTED",
    family: Family::Material,
    texts: &["digital envelope routines::unsupported"],
    title: "A program asks for an algorithm that OpenSSL 3 has moved out",
    meaning: "MD4, DES, RC4, RC2, Blowfish and others are in OpenSSL's legacy provider, which Node does not load. It is about hashing or ciphers in a program, not about a connection or a certificate.",
    versions: "Node 17 and later.",
    causes: &[
        Cause {
            id: "webpack-4",
            title: "webpack 4 (or a tool built on it: old Angular, Create React App, Vue CLI) hashes with MD4",
            tells: "The stack shows `webpack/lib/util/createHash.js`",
            actor: Actor::Client,
            fixes: &[
                FixText::new("Update to webpack 5.61 or later, or the tool that contains it"),
                FixText::write(
                    "Or choose another hash",
                    "// webpack.config.js\nmodule.exports = { output: { hashFunction: 'sha256' } }",
                ),
            ],
        },
        Cause {
            id: "old-algorithm",
            title: "A program or an encrypted file uses an old cipher",
            tells: "The stack shows `createHash`, `createCipheriv` or `createDecipheriv` with `md4`, `des`, `rc4`, `bf`",
            actor: Actor::Client,
            fixes: &[
                FixText::new(
                    "Replace the algorithm by AES and SHA-256; decrypt old data once, with the option below, and encrypt it anew",
                ),
                FixText::run(
                    "For that one run",
                    &[(Bash, "node --openssl-legacy-provider migrate.js")],
                ),
            ],
        },
    ],
    avoid: &[
        "Do not keep `--openssl-legacy-provider` in `NODE_OPTIONS`: every process then accepts algorithms that are broken",
    ],
    source: "OpenSSL `crypto/evp/evp_fetch.c`: `inner_evp_generic_fetch`.",
    ..ErrorCode::NONE
};

/// A PKCS#12 password.
pub static PFX_MAC_VERIFY_FAILURE: ErrorCode = ErrorCode {
    name: "PFX_MAC_VERIFY_FAILURE",
    code: "",
    aliases: &["ERR_OSSL_PKCS12_MAC_VERIFY_FAILURE", "MAC_VERIFY_FAILURE"],
    family: Family::Material,
    texts: &["mac verify failure", "mac verify error"],
    title: "The password of the PKCS#12 file is wrong or missing",
    meaning: "`pfx` is protected by a check value, and it does not fit with the `passphrase` that was given, or with an empty one.",
    versions: "All versions. The error has no `code`, only the message.",
    causes: &[Cause {
        id: "password-wrong",
        title: "The `passphrase` is missing, another one, or has a newline at its end",
        tells: "`openssl pkcs12 -in server.p12 -noout` asks for it, and says whether it is right",
        actor: Actor::Client,
        fixes: &[FixText::write(
            "Give it, trimmed if it comes from a file",
            "{ pfx: fs.readFileSync('server.p12'), passphrase: process.env.PFX_PASSPHRASE }",
        )],
    }],
    avoid: &[NEVER_SHARE],
    rules: &["ca-file-pkcs12-locked"],
    source: "OpenSSL `crypto/pkcs12/p12_kiss.c`: `PKCS12_parse`; Node `SecureContext::LoadPKCS12`.",
    ..ErrorCode::NONE
};

/// PKCS#12 of old days.
pub static PFX_UNSUPPORTED: ErrorCode = ErrorCode {
    name: "PFX_UNSUPPORTED",
    code: "ERR_CRYPTO_UNSUPPORTED_OPERATION",
    family: Family::Material,
    texts: &["unsupported pkcs12 pfx data"],
    title: "The PKCS#12 file is encrypted with an old method",
    meaning: "The file uses RC2 or 3DES of the nineties (`pbeWithSHAAnd40BitRC2-CBC`), which OpenSSL 3 keeps in its legacy provider. Windows, Java and old OpenSSL wrote such files until recently.",
    versions: "Node 20 and later say it so; Node 18 says only `unsupported`, without a code.",
    causes: &[Cause {
        id: "old-encryption",
        title: "The file was exported by an old tool",
        tells: "`openssl pkcs12 -in server.p12 -info -noout` fails, and works with `-legacy`",
        actor: Actor::Client,
        fixes: &[
            FixText::run(
                "Write it anew with current encryption",
                &[(
                    Bash,
                    "openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem && openssl pkcs12 -export -in all.pem -out server.p12 && shred -u all.pem",
                )],
            ),
            FixText::new("On Windows export with AES256-SHA256 instead of TripleDES-SHA1"),
        ],
    }],
    avoid: &[
        "Do not run the whole process with `--openssl-legacy-provider`: converting the file once is enough",
        NEVER_SHARE,
    ],
    source: "Node `SecureContext::LoadPKCS12`; OpenSSL `PKCS12_parse`.",
    ..ErrorCode::NONE
};

/// Not PKCS#12.
pub static PFX_NOT_PKCS12: ErrorCode = ErrorCode {
    name: "PFX_NOT_PKCS12",
    code: "",
    family: Family::Material,
    texts: &[":not enough data", ":header too long", ":wrong tag"],
    title: "What was given as `pfx` is no PKCS#12 file",
    meaning: "`pfx` takes the bytes of a PKCS#12 file. These are something else: PEM, a path, base64, an empty buffer. The message is OpenSSL's first complaint: `header too long`, `not enough data`, `wrong tag`.",
    versions: "All versions. The error has no `code`; Node 18 and 20 say `header too long` where Node 22 and later say `not enough data`.",
    causes: &[
        Cause {
            id: "pem-as-pfx",
            title: "It is PEM",
            tells: "The content begins with `-----BEGIN`",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "PEM goes into `key` and `cert`",
                "{ key: fs.readFileSync('server.key'), cert: fs.readFileSync('fullchain.pem') }",
            )],
        },
        Cause {
            id: "pfx-as-text",
            title: "It was read as text, or is still in base64",
            tells: "`typeof pfx` is `string`: `readFileSync(path, 'utf8')` destroys bytes",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Read bytes",
                "{ pfx: fs.readFileSync('server.p12') }   // or Buffer.from(process.env.PFX, 'base64')",
            )],
        },
    ],
    avoid: &[NEVER_SHARE],
    source: "OpenSSL `d2i_PKCS12_bio`; Node `SecureContext::LoadPKCS12`.",
    ..ErrorCode::NONE
};

/// PKCS#12 without its key.
pub static PFX_WITHOUT_KEY: ErrorCode = ErrorCode {
    name: "PFX_WITHOUT_KEY",
    code: "ERR_CRYPTO_OPERATION_FAILED",
    family: Family::Material,
    texts: &[
        "unable to load private key from pfx data",
        "unable to load certificate from pfx data",
    ],
    title: "The PKCS#12 file has no private key, or no certificate that belongs to it",
    meaning: "`pfx` is for this side's own certificate, so both must be in it.",
    versions: "Node 20 and later say it so; Node 18 says `passed a null parameter`.",
    causes: &[Cause {
        id: "key-not-exported",
        title: "It was exported without the key, or it is a trust store with CA certificates",
        tells: "`openssl pkcs12 -in server.p12 -info -noout` shows no `Shrouded Keybag`",
        actor: Actor::Client,
        fixes: &[
            FixText::new("Export it again with the private key"),
            FixText::write(
                "CA certificates belong into `ca`",
                "const { loadTrustStoreSync } = require('trust-anchors')\nconst { ca } = loadTrustStoreSync({ extra: ['truststore.p12'] })",
            ),
        ],
    }],
    avoid: &[NEVER_SHARE],
    source: "Node `SecureContext::LoadPKCS12`.",
    ..ErrorCode::NONE
};

/// A list that is none.
pub static CRL_UNREADABLE: ErrorCode = ErrorCode {
    name: "CRL_UNREADABLE",
    code: "ERR_CRYPTO_OPERATION_FAILED",
    family: Family::Material,
    texts: &["failed to parse crl"],
    title: "What was given as `crl` is no revocation list in PEM",
    meaning: "The `crl` option takes lists in PEM (`BEGIN X509 CRL`). CAs publish them in DER.",
    versions: "All versions.",
    causes: &[Cause {
        id: "der",
        title: "The list is in DER, or is a web page",
        tells: "`head -c 20 ca.crl`",
        actor: Actor::Client,
        fixes: &[FixText::run(
            "Convert it",
            &[(Bash, "openssl crl -inform DER -in ca.crl -out ca.crl.pem")],
        )],
    }],
    avoid: &[],
    source: "Node `SecureContext::AddCRL`.",
    ..ErrorCode::NONE
};
