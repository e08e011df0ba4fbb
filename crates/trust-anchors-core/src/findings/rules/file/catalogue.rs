//! The rules about CA files: one static a rule.

use crate::findings::{Actor, Rule, Severity};

/// The CA file does not exist.
pub static MISSING: Rule = Rule {
    id: "ca-file-missing",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file does not exist",
    finds: "A path under which there is no file.",
    why: "Node uses the value of `NODE_EXTRA_CA_CERTS` as a file name, letter for letter: no `~`, no variables, no quotes, no list, no trimming. A relative path counts from the directory Node starts in (Node 18 and 20) or is in at its first TLS use (22 and later). Node prints one warning and goes on with nothing added. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=/etc/ssl/corp.pem node app.js
Warning: Ignoring extra certs from `/etc/ssl/corp.pem`, load failed: error:80000002:system library::No such file or directory",
    fix: r#"Set `NODE_EXTRA_CA_CERTS` to the absolute path of a file that exists: `export NODE_EXTRA_CA_CERTS="$HOME/corp.pem"`; PowerShell: `$env:NODE_EXTRA_CA_CERTS = "$HOME\corp.pem"`; Dockerfile: `COPY corp.pem /etc/ssl/corp.pem` and `ENV NODE_EXTRA_CA_CERTS=/etc/ssl/corp.pem`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file may not be read by this user.
pub static NOT_READABLE: Rule = Rule {
    id: "ca-file-not-readable",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file may not be read by this user",
    finds: "A file, or a directory above it, whose permissions keep this user out.",
    why: "Opening the file fails with EACCES, Node prints one warning and adds nothing. A file that root can read and the service's user cannot is the usual case. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=/home/admin/corp.pem node app.js
Warning: Ignoring extra certs from `/home/admin/corp.pem`, load failed: error:8000000D:system library::Permission denied",
    fix: "CA certificates are public: `chmod a+r FILE`, and `chmod a+x` for each directory above it. PowerShell: `icacls FILE /grant 'Users:R'`. Dockerfile: `COPY --chmod=644 corp.pem /etc/ssl/corp.pem`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// A part of the CA file's path is a file, not a directory.
pub static PATH_NOT_A_DIRECTORY: Rule = Rule {
    id: "ca-file-path-not-a-directory",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A part of the CA file's path is a file, not a directory",
    finds: "A path that goes through a file (`corp.pem/ca.pem`), or ends in a slash although it names a file.",
    why: "Opening it fails with ENOTDIR, Node prints one warning and adds nothing. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem/ca.pem node app.js
Warning: Ignoring extra certs from `corp.pem/ca.pem`, load failed: error:80000014:system library::Not a directory",
    fix: "Correct `NODE_EXTRA_CA_CERTS` to the path of one file.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file's path leads in a circle of symbolic links.
pub static SYMLINK_LOOP: Rule = Rule {
    id: "ca-file-symlink-loop",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file's path leads in a circle of symbolic links",
    finds: "Symbolic links that point at each other.",
    why: "Opening it fails with ELOOP, Node prints one warning and adds nothing. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:80000028:system library::Too many levels of symbolic links",
    fix: "`namei -l FILE` shows where the links lead; replace one of them by the file.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file's name is longer than the system allows.
pub static NAME_TOO_LONG: Rule = Rule {
    id: "ca-file-name-too-long",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file's name is longer than the system allows",
    finds: "A name that no file can have; most often the PEM text itself, or a list of paths, was put into `NODE_EXTRA_CA_CERTS`.",
    why: "Opening it fails with ENAMETOOLONG, Node prints one warning with the whole value in it and adds nothing. Node reads a file only: neither PEM text nor a list of paths works. Node 18, 20, 22, 24 and 26 alike.",
    looks: "Warning: Ignoring extra certs from `-----BEGIN CERTIFICATE-----
MIIB…`, load failed: error:80000024:system library::File name too long",
    fix: "Write the PEM text into a file and name the file; join several files into one.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The system cannot read the CA file.
pub static READ_ERROR: Rule = Rule {
    id: "ca-file-read-error",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The system cannot read the CA file",
    finds: "A file that cannot be opened for a reason other than those that have their own rule.",
    why: "Whatever the system says when the file is opened, Node prints it in one warning and adds nothing. A file that opens and then cannot be read counts as empty, without a warning. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:80000005:system library::Input/output error",
    fix: "Look at the file with the user that runs Node: `cat FILE > /dev/null`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file is a directory.
pub static DIRECTORY: Rule = Rule {
    id: "ca-file-directory",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a directory",
    finds: "A path that names a directory.",
    why: "Opening a directory succeeds, reading it gives nothing, and OpenSSL takes that for the end of the file: no certificate is added and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=/usr/local/share/ca-certificates node -p "tls.getCACertificates('extra').length"
0"#,
    fix: r#"`NODE_EXTRA_CA_CERTS` names one file. Join the directory's PEM files: `for file in DIR/*; do cat "$file"; echo; done > ca.pem`. PowerShell: `Get-ChildItem -File DIR | Get-Content | Set-Content -Encoding ascii ca.pem`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`; `crypto/bio/bss_file.c`, `file_gets`",
};

/// The CA file is a named pipe, and Node hangs on it.
pub static PIPE: Rule = Rule {
    id: "ca-file-pipe",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a named pipe, and Node hangs on it",
    finds: "A FIFO, as made by `mkfifo` or by a shell's `<(command)`.",
    why: "Opening a pipe waits until somebody writes into it. Node 18 and 20 hang at start, Node 22 and later at the first use of TLS, for ever when nobody does. A shell's `<(command)` is gone when a child process opens it again.",
    looks: r#"$ mkfifo ca.pipe
$ NODE_EXTRA_CA_CERTS=ca.pipe node -e 'require("https")'
(waits for ever)"#,
    fix: "Write what the pipe would give into a file and name the file.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file is a socket.
pub static SOCKET: Rule = Rule {
    id: "ca-file-socket",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a socket",
    finds: "A UNIX socket under the name.",
    why: "Opening a socket fails with ENXIO, Node prints one warning and adds nothing. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=/run/ca.sock node app.js
Warning: Ignoring extra certs from `/run/ca.sock`, load failed: error:80000006:system library::No such device or address",
    fix: "Write the certificates into a file and name the file.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file is a device that never ends.
pub static DEVICE: Rule = Rule {
    id: "ca-file-device",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a device that never ends",
    finds: "A device other than `/dev/null`, `/dev/zero` and `/dev/full`, which read as empty files.",
    why: "Node reads until the end of the file, which such a device may not have: `/dev/urandom` keeps it busy for ever, a terminal makes it wait for input. Node 18 and 20 hang at start, Node 22 and later at the first use of TLS.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=/dev/urandom node -e 'require("https")'
(runs for ever)"#,
    fix: "Name a file that holds the CA certificates.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file is too large to be one.
pub static TOO_LARGE: Rule = Rule {
    id: "ca-file-too-large",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "The CA file is too large to be one",
    finds: "A file of more than 128 MiB: far more than every public CA together, which take about 0.2 MiB.",
    why: "Node reads the whole file line by line: at every start (18, 20), or at the first use of TLS (22 and later). Only the first 128 MiB are inspected, so what stands behind them is not in the report.",
    looks: "warning: `core.dump` is larger than 128 MiB, and only that much of it was inspected; Node reads all of it at every start",
    fix: "Point `NODE_EXTRA_CA_CERTS` at a file that holds the CA certificates alone.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_header_and_data`",
};

/// The CA file changed while it was read.
pub static CHANGED: Rule = Rule {
    id: "ca-file-changed",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "The CA file changed while it was read",
    finds: "A file whose size or time of modification was another after reading than before.",
    why: "Node reads the file once, without a lock. A file that is rewritten in place can be read half old and half new; a block cut in two ends the reading, with a warning or without one, and what stands behind it is lost.",
    looks: "warning: `/etc/ssl/corp.pem` changed while it was read: this report, and a Node that starts now, may see part of it",
    fix: "Write a new file in the same directory and rename it over the old one: `cp NEW.pem FILE.new && mv FILE.new FILE`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/bio/bss_file.c`, `BIO_new_file`",
};

/// The CA file is empty.
pub static EMPTY: Rule = Rule {
    id: "ca-file-empty",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is empty",
    finds: "A file, or `/dev/null`, that holds nothing, or nothing but blanks or NULs.",
    why: "The end of the file without a certificate is a normal end for Node: nothing is added and nothing is printed. Often a command that should have written the file failed after its `>` had emptied it. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Write the CA certificate into the file again, to another name first: `openssl x509 -in CA -out corp.pem.new && mv corp.pem.new corp.pem`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// The CA file is a web page.
pub static HTML: Rule = Rule {
    id: "ca-file-html",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a web page",
    finds: "HTML in place of a certificate: a login page, an error page, or a download page.",
    why: "Node finds no BEGIN line in it, adds nothing and prints nothing. A download that was redirected to a login page, or answered with an error, leaves such a file. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Look at the file (`head FILE`), then download the certificate again from an address that needs no login: `curl --fail --location --output corp.pem ADDRESS`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// The CA file is compressed.
pub static COMPRESSED: Rule = Rule {
    id: "ca-file-compressed",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is compressed",
    finds: "gzip, zip, bzip2, xz or zstd.",
    why: "Node does not unpack files. It finds no BEGIN line, adds nothing and prints nothing. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem.gz node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`gunzip FILE.gz`, `unzip FILE.zip`; PowerShell: `Expand-Archive FILE.zip`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// The CA file is a Java key store.
pub static JAVA_KEYSTORE: Rule = Rule {
    id: "ca-file-java-keystore",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a Java key store",
    finds: "A key store in Java's own format (JKS or JCEKS).",
    why: "Node reads PEM only. It finds no BEGIN line, adds nothing and prints nothing. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=truststore.jks node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`keytool -list -rfc -keystore FILE > ca.pem`: Node steps over the text between the certificates.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// There is no certificate in the CA file.
pub static NO_CERTIFICATE: Rule = Rule {
    id: "ca-file-no-certificate",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "There is no certificate in the CA file",
    finds: "A file with something in it, but no certificate: a key alone, a signing request, a revocation list, a PGP or SSH key, or plain text.",
    why: "Node passes by every block whose label is not `CERTIFICATE` or `X509 CERTIFICATE`, and all other text. Nothing is added and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=server.key node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Put the certificate of the CA into the file, as PEM. It is what `openssl x509 -in FILE -noout -subject` can read, and never the key or the signing request.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `PEM_bytes_read_bio`",
};

/// The CA file is in DER, not PEM.
pub static DER: Rule = Rule {
    id: "ca-file-der",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is in DER, not PEM",
    finds: "One or more certificates in binary form, usually named `.der`, `.cer` or `.crt`.",
    why: "Node reads PEM only. It finds no BEGIN line, adds nothing and prints nothing. Node 18, 20, 22, 24 and 26 alike. Windows and most CAs offer both forms under the same names.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.cer node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`openssl x509 -inform DER -in corp.cer -out corp.pem`; PowerShell without openssl: `certutil -encode corp.cer corp.pem`. Dockerfile: `RUN openssl x509 -inform DER -in corp.cer -out corp.pem`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// The CA file is a PKCS#7 bundle.
pub static PKCS7: Rule = Rule {
    id: "ca-file-pkcs7",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a PKCS#7 bundle",
    finds: "Certificates wrapped in PKCS#7, binary or as a `PKCS7` or `CMS` block; usually named `.p7b` or `.p7c`.",
    why: "Node passes by blocks labelled `PKCS7` or `CMS` and does not read binary files. Nothing is added and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.p7b node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`openssl pkcs7 -print_certs -in corp.p7b -out corp.pem` (with `-inform DER` for a binary file).",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `PEM_bytes_read_bio`; RFC 2315, RFC 5652",
};

/// The CA file is a PKCS#12 file.
pub static PKCS12: Rule = Rule {
    id: "ca-file-pkcs12",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a PKCS#12 file",
    finds: "A PKCS#12 file (`.p12`, `.pfx`) that opens with the empty password or with the one given.",
    why: "Node reads PEM only: it adds nothing and prints nothing. (`tls.createSecureContext({ pfx })` reads PKCS#12, `NODE_EXTRA_CA_CERTS` does not.) Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.p12 node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`openssl pkcs12 -in corp.p12 -nokeys -out corp.pem`, with `-legacy` for files written with RC2.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`; RFC 7292",
};

/// The CA file is a PKCS#12 file under a password.
pub static PKCS12_LOCKED: Rule = Rule {
    id: "ca-file-pkcs12-locked",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is a PKCS#12 file under a password",
    finds: "A PKCS#12 file whose certificates open neither with the empty password nor with the one given, or that asks for millions of iterations to derive its key.",
    why: "Node reads PEM only: it adds nothing and prints nothing, whatever the password. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pfx node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`openssl pkcs12 -in corp.pfx -nokeys -out corp.pem` asks for the password; `inspectCaFile(file, { password })` looks inside.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`; RFC 7292",
};

/// There is a private key in the CA file.
pub static PRIVATE_KEY: Rule = Rule {
    id: "ca-file-private-key",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "There is a private key in the CA file",
    finds: "A private key, encrypted or not, beside the certificates or alone. The key itself is never part of a report.",
    why: "Node steps over key blocks, so trust does not suffer. But a CA file is readable by everybody who runs Node, and is copied into images and backups: whoever reads it has the key. Node 18, 20, 22, 24 and 26 alike.",
    looks: "warning: `corp.pem` holds a private key (line 1); a CA file is read by every process and copied into images, and a key has no use in it",
    fix: "`openssl crl2pkcs7 -nocrl -certfile FILE | openssl pkcs7 -print_certs -out ca.pem` keeps the certificates alone. Replace the key where others could read the file.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `PEM_bytes_read_bio`",
};

/// A certificate in the CA file is commented out.
pub static COMMENTED_OUT: Rule = Rule {
    id: "pem-commented-out",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "A certificate in the CA file is commented out",
    finds: "A block each line of which starts with `#`, `//` or `;`.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. A block that somebody commented out is not trusted, which is what was meant. Node 18, 20, 22, 24 and 26 alike.",
    looks: "info: a block is commented out (line 12); Node does not load it, and neither does the repaired copy",
    fix: "Nothing to do. Take the comment signs away to trust it.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// The CA file is in UTF-16.
pub static UTF16: Rule = Rule {
    id: "pem-utf16",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The CA file is in UTF-16",
    finds: "A PEM text in UTF-16, little or big endian, with a byte order mark or without.",
    why: "Between the characters of UTF-16 stand NULs, and OpenSSL takes a line that starts with NUL for the end of the file. Nothing of it is loaded and nothing is printed; ASCII text behind it is lost too. Windows PowerShell's `>` and `Out-File` write UTF-16. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: r"PowerShell: `Get-Content corp.pem | Set-Content -Encoding ascii ca.pem`. bash: `LC_ALL=C tr -d '\000\376\377' < corp.pem > ca.pem`, which is right for both byte orders and for a file that is ASCII in part.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`, which gets lines with `BIO_gets` and cuts them at NUL",
};

/// A NUL byte ends the CA file before its end.
pub static NUL: Rule = Rule {
    id: "pem-nul",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A NUL byte ends the CA file before its end",
    finds: "A line that starts with NUL, with certificates behind it: padding, or binary data between PEM blocks.",
    why: "OpenSSL's `BIO_gets` returns the length up to the first NUL. A line that starts with one has the length 0, which is the end of the file for it: all that follows is lost, without a warning. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
1"#,
    fix: r#"`tr -d '\000' < FILE > ca.pem`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// A byte order mark hides a BEGIN line.
pub static BYTE_ORDER_MARK: Rule = Rule {
    id: "pem-byte-order-mark",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A byte order mark hides a BEGIN line",
    finds: "A UTF-8 byte order mark before a BEGIN line that is not the first line Node looks at; `cat` of files with such marks leaves them in the middle.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Node 18 and later pass over one mark on the first line of each search, no other; Node 16 over none.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
1"#,
    fix: r#"`sed "s/$(printf '\357\273\277')//g" FILE > ca.pem`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name` (`PEM_read_bio_ex` with BOM check in OpenSSL 3)",
};

/// Lines of the CA file end with CR alone.
pub static CARRIAGE_RETURNS: Rule = Rule {
    id: "pem-carriage-returns",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "Lines of the CA file end with CR alone",
    finds: "Lines that end with CR and no LF, as old Macintosh programs and some editors write them.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Lines end with LF (CR LF is fine too). Without any LF the whole file is one line. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: r#"`tr '\r' '\n' < FILE > ca.pem`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// Newlines in the CA file are written as \n.
pub static LITERAL_NEWLINES: Rule = Rule {
    id: "pem-literal-newlines",
    severity: Severity::Error,
    actor: Actor::Client,
    title: r#"Newlines in the CA file are written as \n"#,
    finds: r#"PEM on one line with the two characters `\n` for each newline, as JSON and `.env` files hold it."#,
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: r#"Write the text with real newlines: `printf '%b' "$CA_PEM" > ca.pem`; in JavaScript `text.replaceAll('\\n', '\n')`. Dockerfile: `COPY` a file instead of `echo`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// A certificate in the CA file stands on one line.
pub static ONE_LINE: Rule = Rule {
    id: "pem-one-line",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A certificate in the CA file stands on one line",
    finds: "BEGIN, base64 and END on one line, or the base64 behind BEGIN on its line.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Unquoted `echo $CA_PEM` turns newlines into blanks and is the usual cause. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: r#"Quote the variable: `echo "$CA_PEM" > ca.pem`. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// Two blocks of the CA file are glued together.
pub static GLUED: Rule = Rule {
    id: "pem-glued-blocks",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "Two blocks of the CA file are glued together",
    finds: "`-----END CERTIFICATE----------BEGIN CERTIFICATE-----` on one line.",
    why: "`cat` of files without a final newline glues them. The END line has text behind it, which OpenSSL refuses: the block before it and all behind it are lost. Node prints a warning. The same happens to a `ca` option made with `list.join('')`, there without one. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:04800066:PEM routines::bad end line",
    fix: r#"Put a newline between the files: `for file in a.pem b.pem; do cat "$file"; echo; done > ca.pem`. PowerShell: `Get-Content a.pem, b.pem | Set-Content -Encoding ascii ca.pem`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_header_and_data`",
};

/// A certificate in the CA file is indented.
pub static INDENTED: Rule = Rule {
    id: "pem-indented",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A certificate in the CA file is indented",
    finds: "Blanks or tabs before a BEGIN line, as in YAML or in an indented here document.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`sed 's/^[[:space:]]*//' FILE > ca.pem`. PowerShell: `(Get-Content FILE).TrimStart() | Set-Content -Encoding ascii ca.pem`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// A certificate in the CA file is quoted as in a mail.
pub static MAIL_QUOTED: Rule = Rule {
    id: "pem-mail-quoted",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A certificate in the CA file is quoted as in a mail",
    finds: "`>` or `|` before a BEGIN line.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`sed 's/^[>| ]*//' FILE > ca.pem`. PowerShell: `(Get-Content FILE) -replace '^[>| ]*' | Set-Content -Encoding ascii ca.pem`.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// A certificate in the CA file stands in quotation marks.
pub static QUOTED: Rule = Rule {
    id: "pem-quoted",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A certificate in the CA file stands in quotation marks",
    finds: "A quotation mark before a BEGIN line.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Take the quotation marks out. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// Text stands before a BEGIN line.
pub static TEXT_BEFORE: Rule = Rule {
    id: "pem-text-before-begin",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "Text stands before a BEGIN line",
    finds: "Text before the dashes on a BEGIN line, such as `CA=`, a form feed or an invisible character.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Put BEGIN on a line of its own. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// Text stands behind a BEGIN line.
pub static TEXT_AFTER: Rule = Rule {
    id: "pem-text-after-begin",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "Text stands behind a BEGIN line",
    finds: "Text behind the dashes on a BEGIN line, such as a comment, a quotation mark or a backslash.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. Blanks and bytes from 0x80 on may follow the dashes, other text may not. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Put BEGIN on a line of its own. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// A BEGIN line is not written as it must be.
pub static BEGIN_DAMAGED: Rule = Rule {
    id: "pem-begin-damaged",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A BEGIN line is not written as it must be",
    finds: "A BEGIN line with more or fewer than five dashes, with dashes that a word processor turned into others, in lower case, or with blanks where none may be.",
    why: "A block begins where a line starts with `-----BEGIN ` and ends with `-----`. Any other line is text that Node passes by, so the block does not exist for it and nothing is printed. The line must be `-----BEGIN CERTIFICATE-----`, exactly. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Write the line as `-----BEGIN CERTIFICATE-----`. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// A certificate has the label TRUSTED CERTIFICATE.
pub static TRUSTED_LABEL: Rule = Rule {
    id: "pem-trusted-label",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A certificate has the label TRUSTED CERTIFICATE",
    finds: "A `TRUSTED CERTIFICATE` block, OpenSSL's form with trust settings (`openssl x509 -trustout`, `/etc/pki/ca-trust/extracted/openssl`).",
    why: "For `NODE_EXTRA_CA_CERTS` Node reads with `PEM_read_bio_X509`, which steps over this label without a warning. (The `ca` option reads with `PEM_read_bio_X509_AUX` and takes it.) A certificate that the settings reject for servers is no trust anchor, and is not part of the repaired copy. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=ca-bundle.trust.crt node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "`openssl x509 -in FILE -out ca.pem` for one certificate. On Fedora and RHEL use `/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem`. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `check_pem`",
};

/// A certificate has a label that Node does not know.
pub static OTHER_LABEL: Rule = Rule {
    id: "pem-other-label",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A certificate has a label that Node does not know",
    finds: "A certificate in a block whose label is neither `CERTIFICATE` nor `X509 CERTIFICATE`.",
    why: "Node steps over blocks with other labels, without a warning. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Write `CERTIFICATE` on the BEGIN and the END line. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `check_pem`",
};

/// A blank line stands inside a certificate.
pub static BLANK_LINE: Rule = Rule {
    id: "pem-blank-line",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A blank line stands inside a certificate",
    finds: "A blank line between BEGIN and END.",
    why: "A blank line ends the headers of a block (RFC 1421), so what stands before it is no base64 for OpenSSL. Before END it leaves nothing: the reading ends without a warning. Behind BEGIN it is taken, if no line is longer than 64 characters: then the reading ends without a warning too. In the middle, or twice, it ends with one. All that follows is lost. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:04800066:PEM routines::bad end line",
    fix: "Take the blank lines out of the blocks. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_header_and_data`",
};

/// A header line stands inside a certificate.
pub static HEADER: Rule = Rule {
    id: "pem-header",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A header line stands inside a certificate",
    finds: "A line with a colon between BEGIN and END: a comment, or a header as in an encrypted key.",
    why: "A line with a colon begins headers (RFC 1421), and a certificate may not have any but those of encryption, which Node has no password for. With a blank line behind them Node warns; without one all of the block is header, and the reading ends without a warning. All that follows is lost. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:0480006B:PEM routines::not proc type",
    fix: "Put comments before BEGIN. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_header_and_data` and `PEM_get_EVP_CIPHER_INFO`",
};

/// A block has no END line.
pub static END_MISSING: Rule = Rule {
    id: "pem-end-missing",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A block has no END line",
    finds: "A block that ends with the file, or with the next BEGIN line.",
    why: "At the end of the file Node warns, and the block is lost. Before another block it does not: a dash ends the base64, so OpenSSL reads on to the next END, loads the first certificate, and the second is lost without a word. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:04800066:PEM routines::bad end line",
    fix: "Get the file again: it may be cut off. Or add the line `-----END CERTIFICATE-----`. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_header_and_data`",
};

/// An END line is not written as it must be.
pub static END_DAMAGED: Rule = Rule {
    id: "pem-end-damaged",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "An END line is not written as it must be",
    finds: "An END line with another label than its BEGIN line, with text before or behind it, or with other dashes than five.",
    why: "Only a line `-----END ` with the label of the BEGIN line and `-----` ends a block. Where it starts right and goes on wrong, Node warns and stops. Where it starts wrong, OpenSSL reads on to the next END, and the block in between is lost. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:04800066:PEM routines::bad end line",
    fix: "Write the line as `-----END CERTIFICATE-----`. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_header_and_data`",
};

/// A block holds text that is not base64.
pub static BAD_BASE64: Rule = Rule {
    id: "pem-bad-base64",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A block holds text that is not base64",
    finds: "A character that base64 does not have, or a base64 text of a length it cannot have: a damaged or shortened certificate, or `[...]` in place of its middle.",
    why: "OpenSSL refuses the block, Node warns and stops reading: the block and all that follows are lost. This goes for blocks of every label, so `…redacted…` in a key block loses the certificates behind it. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:04800064:PEM routines::bad base64 decode",
    fix: "Get the certificate again. Take out blocks that are no certificates.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `PEM_read_bio_ex`; `crypto/evp/encode.c`, `EVP_DecodeUpdate`",
};

/// A block is empty.
pub static EMPTY_BLOCK: Rule = Rule {
    id: "pem-empty-block",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A block is empty",
    finds: "BEGIN and END with nothing between, of any label, or BEGIN twice in a row.",
    why: "OpenSSL stops at a block without data and queues no error, so Node prints nothing: all that follows is lost. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Take the empty block out. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `PEM_read_bio_ex`",
};

/// A block that is no certificate ends the reading.
pub static FOREIGN_BLOCK: Rule = Rule {
    id: "pem-foreign-block",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A block that is no certificate ends the reading",
    finds: "A block of another kind, such as a PGP key or signature, that OpenSSL cannot read.",
    why: "OpenSSL reads blocks of every label to their end before it looks at the label. PGP's checksum line, or a text in place of a key, is an error to it: Node warns and stops reading, and all that follows is lost. Node 18, 20, 22, 24 and 26 alike.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:04800066:PEM routines::bad end line",
    fix: "Take the block out of the file. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_header_and_data`",
};

/// A CERTIFICATE block holds no certificate that OpenSSL reads.
pub static NOT_A_CERTIFICATE: Rule = Rule {
    id: "pem-not-a-certificate",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A CERTIFICATE block holds no certificate that OpenSSL reads",
    finds: "A block labelled `CERTIFICATE` whose contents are cut short, damaged, or something else.",
    why: "`d2i_X509` refuses it, Node warns and stops reading: the block and all that follows are lost. OpenSSL 3.5 (Node 22 and later) refuses some certificates that OpenSSL 3.0 (Node 18 and 20) takes.",
    looks: "$ NODE_EXTRA_CA_CERTS=corp.pem node app.js
Warning: Ignoring extra certs from `corp.pem`, load failed: error:0488000D:PEM routines::ASN1 lib",
    fix: "Get the certificate again. `openssl asn1parse -in FILE` shows what is there.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `PEM_ASN1_read_bio`; `crypto/x509/x_x509.c`, `d2i_X509`; RFC 5280 section 4.1",
};

/// A block holds more than one certificate.
pub static SECOND_CERTIFICATE: Rule = Rule {
    id: "pem-second-certificate",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A block holds more than one certificate",
    finds: "A `CERTIFICATE` block with a second certificate behind the first, as base64 of several DER files in a row gives.",
    why: "`d2i_X509` takes the first certificate and leaves the rest of the block unread: the others are lost without a warning. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
1"#,
    fix: "Give each certificate its own block. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `PEM_ASN1_read_bio`",
};

/// A certificate has no BEGIN line.
pub static NO_ARMOR: Rule = Rule {
    id: "pem-no-armor",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "A certificate has no BEGIN line",
    finds: "Base64 of a certificate without BEGIN and END around it.",
    why: "Without a BEGIN line there is no block for Node: nothing is loaded, nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: "Put `-----BEGIN CERTIFICATE-----` before it and `-----END CERTIFICATE-----` behind it, each on a line of its own. `npx trust-anchors inspect FILE --fix OUT` writes a clean copy of every CA certificate in the file; point `NODE_EXTRA_CA_CERTS` at the copy.",
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// The PEM text is in base64 once more.
pub static BASE64_OF_PEM: Rule = Rule {
    id: "pem-base64-of-pem",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The PEM text is in base64 once more",
    finds: "Base64 that decodes to PEM (it starts with `LS0tLS1CRUdJTi`), as in the `data` of a Kubernetes secret.",
    why: "There is no BEGIN line in it for Node: nothing is loaded, nothing is printed. Node 18, 20, 22, 24 and 26 alike.",
    looks: r#"$ NODE_EXTRA_CA_CERTS=corp.pem node -p "tls.getCACertificates('extra').length"
0"#,
    fix: r#"`base64 -d FILE > ca.pem`; with kubectl: `kubectl get secret NAME -o jsonpath='{.data.ca\.crt}' | base64 -d > ca.pem`."#,
    source: "Node `src/crypto/crypto_context.cc`, `LoadCertsFromFile` (`AddCertsFromFile` in Node 18 and 20); OpenSSL `crypto/pem/pem_lib.c`, `get_name`",
};

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &MISSING,
    &NOT_READABLE,
    &PATH_NOT_A_DIRECTORY,
    &SYMLINK_LOOP,
    &NAME_TOO_LONG,
    &READ_ERROR,
    &DIRECTORY,
    &PIPE,
    &SOCKET,
    &DEVICE,
    &TOO_LARGE,
    &CHANGED,
    &EMPTY,
    &HTML,
    &COMPRESSED,
    &JAVA_KEYSTORE,
    &NO_CERTIFICATE,
    &DER,
    &PKCS7,
    &PKCS12,
    &PKCS12_LOCKED,
    &PRIVATE_KEY,
    &COMMENTED_OUT,
    &UTF16,
    &NUL,
    &BYTE_ORDER_MARK,
    &CARRIAGE_RETURNS,
    &LITERAL_NEWLINES,
    &ONE_LINE,
    &GLUED,
    &INDENTED,
    &MAIL_QUOTED,
    &QUOTED,
    &TEXT_BEFORE,
    &TEXT_AFTER,
    &BEGIN_DAMAGED,
    &TRUSTED_LABEL,
    &OTHER_LABEL,
    &BLANK_LINE,
    &HEADER,
    &END_MISSING,
    &END_DAMAGED,
    &BAD_BASE64,
    &EMPTY_BLOCK,
    &FOREIGN_BLOCK,
    &NOT_A_CERTIFICATE,
    &SECOND_CERTIFICATE,
    &NO_ARMOR,
    &BASE64_OF_PEM,
];
