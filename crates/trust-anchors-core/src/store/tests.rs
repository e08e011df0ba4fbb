//! The merge on trees of files laid out like real systems.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::certificate::forge::{Forge, element, name};
use crate::certificate::hexadecimal;
use crate::findings::Shell;
use crate::node::NodeVersion;

/// 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// A folder that goes when the test ends.
struct Tree(PathBuf);

impl Tree {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("store-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn link(&self, path: &str, target: &str) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
        self
    }

    fn system(&self) -> system::Options {
        system::Options {
            root: self.0.clone(),
            certificate_file: None,
            certificate_directory: None,
        }
    }

    fn options(&self) -> Options {
        Options {
            mozilla: false,
            system: Some(self.system()),
            distrust_root: Some(self.0.clone()),
            extra_from_environment: None,
            extra: Vec::new(),
            inline: Vec::new(),
            inspect: inspect::Options {
                runtime: crate::runtime::Runtime::Node,
                node: NodeVersion::parse("24").unwrap(),
                now: NOW,
                min_days_left: 30,
                password: None,
                bundled: None,
            },
        }
    }

    fn merge(&self) -> Store {
        merge(&load(self.options()), None)
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A root of its own name, key and serial number.
fn root(number: u8) -> Forge {
    let names = [
        "Alpha Root",
        "Beta Root",
        "Gamma Root",
        "Delta Root",
        "Epsilon Root",
    ];
    Forge {
        subject: names[usize::from(number)],
        key: 10 + number,
        serial: 10 + number,
        ..Forge::default()
    }
}

fn snakeoil() -> Forge {
    Forge {
        subject: "localhost",
        key: 99,
        ca: Some(false),
        ..Forge::default()
    }
}

fn subjects(store: &Store) -> Vec<String> {
    store
        .certificates
        .iter()
        .map(|certificate| certificate.display_name())
        .collect()
}

fn rules_of(store: &Store) -> Vec<&'static str> {
    store
        .findings()
        .iter()
        .map(|finding| finding.rule.id)
        .collect()
}

fn finding(store: &Store, rule: &str) -> Finding {
    let mut found: Vec<Finding> = store
        .findings()
        .into_iter()
        .filter(|finding| finding.rule.id == rule)
        .collect();
    assert_eq!(found.len(), 1, "{rule}: {:?}", rules_of(store));
    found.remove(0)
}

fn reasons(store: &Store) -> Vec<(String, String)> {
    store
        .excluded
        .iter()
        .map(|excluded| (excluded.certificate.display_name(), excluded.reason()))
        .collect()
}

fn sources(store: &Store, tree: &Tree) -> Vec<Vec<String>> {
    store
        .certificates
        .iter()
        .map(|certificate| {
            certificate
                .sources
                .iter()
                .map(|source| {
                    let place = source.path.as_ref().map(|path| {
                        let inside = path.strip_prefix(&tree.0).unwrap_or(path);
                        format!(" {}:{}", inside.display(), source.line.unwrap_or(0))
                    });
                    format!("{}{}", source.store.as_str(), place.unwrap_or_default())
                })
                .collect()
        })
        .collect()
}

/// Debian with `ca-certificates` and `ssl-cert`: a bundle, links to the certificates, links from hashes to those, and snakeoil.
fn debian(names: &[u8]) -> Tree {
    let tree = Tree::new();
    let mut bundle = String::new();
    for number in [0, 1, 2] {
        let file = root(number).subject.replace(' ', "_");
        bundle += &root(number).pem();
        tree.write(
            &format!("usr/share/ca-certificates/mozilla/{file}.crt"),
            root(number).pem(),
        );
    }
    for number in names {
        let file = root(*number).subject.replace(' ', "_");
        tree.link(
            &format!("etc/ssl/certs/{number:08x}.0"),
            &format!("{file}.pem"),
        );
        tree.link(
            &format!("etc/ssl/certs/{file}.pem"),
            &format!("../../../usr/share/ca-certificates/mozilla/{file}.crt"),
        );
    }
    tree.write("etc/ssl/certs/ca-certificates.crt", bundle)
        .write("etc/ssl/certs/ssl-cert-snakeoil.pem", snakeoil().pem())
        .link("etc/ssl/certs/deadbeef.0", "ssl-cert-snakeoil.pem")
        .link("etc/ssl/certs/Removed.pem", "../../../usr/share/gone.crt");
    tree
}

#[test]
fn debian_gives_each_certificate_once_with_all_its_sources() {
    let tree = debian(&[0, 1, 2]);
    let store = tree.merge();
    assert_eq!(subjects(&store), ["Alpha Root", "Beta Root", "Gamma Root"]);
    let lines = root(0).pem().lines().count();
    assert_eq!(
        sources(&store, &tree)[1],
        [
            format!("system etc/ssl/certs/ca-certificates.crt:{}", lines + 1),
            "system etc/ssl/certs/Beta_Root.pem:1".into()
        ]
    );
    assert_eq!(
        reasons(&store),
        [(
            "localhost".into(),
            "a server's own certificate that lies in a directory of the system store".into()
        )]
    );
    let snakeoil = finding(&store, "server-certificate-in-system-store");
    let location = snakeoil.location.unwrap();
    assert_eq!(
        location.path,
        Some(tree.path("etc/ssl/certs/ssl-cert-snakeoil.pem"))
    );
    assert_eq!(rules_of(&store), ["server-certificate-in-system-store"]);
}

#[test]
fn the_order_does_not_depend_on_the_directory() {
    let orders: Vec<Vec<String>> = [[0, 1, 2], [2, 1, 0], [1, 2, 0]]
        .iter()
        .map(|names| {
            let tree = debian(names);
            fs::remove_file(tree.path("etc/ssl/certs/ca-certificates.crt")).unwrap();
            subjects(&tree.merge())
        })
        .collect();
    assert_eq!(orders[0], ["Alpha Root", "Beta Root", "Gamma Root"]);
    assert!(orders.iter().all(|order| *order == orders[0]));
}

#[test]
fn a_server_certificate_that_a_person_named_stays() {
    let tree = debian(&[0]);
    let named = tree.path("etc/ssl/certs/ssl-cert-snakeoil.pem");
    for options in [
        Options {
            extra: vec![named.clone()],
            ..tree.options()
        },
        Options {
            extra_from_environment: Some(named.clone().into()),
            ..tree.options()
        },
        Options {
            inline: vec![snakeoil().pem().into()],
            ..tree.options()
        },
        Options {
            system: Some(system::Options {
                certificate_file: Some(named.clone().into()),
                ..tree.system()
            }),
            ..tree.options()
        },
    ] {
        let store = merge(&load(options), None);
        assert!(subjects(&store).contains(&"localhost".to_owned()));
        assert!(!rules_of(&store).contains(&"server-certificate-in-system-store"));
    }
}

#[test]
fn fedora_reads_the_bundle_and_heeds_what_openssls_own_format_rejects() {
    let tree = Tree::new();
    tree.write(
        "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        root(0).pem() + &root(1).pem(),
    )
    .link(
        "etc/pki/tls/certs/ca-bundle.crt",
        "../../ca-trust/extracted/pem/tls-ca-bundle.pem",
    )
    .write(
        "etc/pki/tls/certs/ca-bundle.trust.crt",
        trusted(&root(0), Some(true), Some(false))
            + &trusted(&root(2), Some(false), Some(true))
            + &trusted(&root(3), None, None),
    );
    let node = root(0).pem() + &root(2).pem();
    let store = merge(&load(tree.options()), Some(&node));
    assert_eq!(subjects(&store), ["Alpha Root", "Beta Root", "Delta Root"]);
    let lines = trusted(&root(0), Some(true), Some(false)).lines().count();
    assert_eq!(
        reasons(&store),
        [(
            "Gamma Root".into(),
            format!(
                "distrusted by the system: {}, line {}",
                tree.path("etc/pki/tls/certs/ca-bundle.trust.crt").display(),
                lines + 1
            )
        )]
    );
}

/// A `TRUSTED CERTIFICATE` block that trusts and rejects TLS servers or e-mail.
fn trusted(forge: &Forge, trusts_servers: Option<bool>, rejects_servers: Option<bool>) -> String {
    let purpose = |server: bool| {
        let last = if server { 1 } else { 4 };
        element(0x06, &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, last])
    };
    let mut settings = Vec::new();
    if let Some(server) = trusts_servers {
        settings.extend(element(0x30, &purpose(server)));
    }
    if let Some(server) = rejects_servers {
        settings.extend(element(0xa0, &purpose(server)));
    }
    let data = [forge.der(), element(0x30, &settings)].concat();
    crate::certificate::pem(&data).replace("CERTIFICATE", "TRUSTED CERTIFICATE")
}

#[test]
fn alpine_reads_one_file_once_under_both_names() {
    let tree = Tree::new();
    tree.write("etc/ssl/certs/ca-certificates.crt", root(0).pem())
        .link("etc/ssl/cert.pem", "certs/ca-certificates.crt");
    let store = tree.merge();
    assert_eq!(
        sources(&store, &tree),
        [["system etc/ssl/certs/ca-certificates.crt:1"]]
    );
    assert_eq!(rules_of(&store), [""; 0]);
}

#[test]
fn arch_reads_through_its_links() {
    let tree = Tree::new();
    tree.write(
        "etc/ca-certificates/extracted/tls-ca-bundle.pem",
        root(0).pem(),
    )
    .link(
        "etc/ssl/certs/ca-certificates.crt",
        "../../ca-certificates/extracted/tls-ca-bundle.pem",
    )
    .link(
        "etc/ssl/cert.pem",
        "../ca-certificates/extracted/tls-ca-bundle.pem",
    )
    .write(
        "etc/ca-certificates/trust-source/blocklist/beta.crt",
        root(1).pem(),
    );
    let store = merge(&load(tree.options()), Some(&root(1).pem()));
    assert_eq!(subjects(&store), ["Alpha Root"]);
    assert_eq!(store.excluded.len(), 1);
}

#[test]
fn an_empty_container_is_told_which_package_to_install() {
    for (release, bash, dockerfile) in [
        ("ID=debian\n", Some("apt-get"), "RUN apt-get"),
        (
            "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n",
            Some("apt-get"),
            "RUN apt-get",
        ),
        (
            "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
            Some("apt-get"),
            "RUN apt-get",
        ),
        ("ID=alpine\n", Some("apk add"), "RUN apk add"),
        (
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            Some("dnf"),
            "RUN (dnf",
        ),
        (
            "ID='opensuse-leap'\nID_LIKE='suse opensuse'\n",
            Some("zypper"),
            "RUN zypper",
        ),
        ("ID=arch\n", Some("pacman"), "RUN pacman"),
        ("", None, "COPY --from="),
        ("ID=homemade\n", None, "COPY --from="),
    ] {
        let tree = Tree::new();
        tree.write("etc/os-release", release);
        let store = merge(&load(tree.options()), Some(&root(0).pem()));
        let finding = finding(&store, "no-system-store");
        let command = |shell| {
            finding.fixes[0]
                .commands
                .iter()
                .find(|command| command.shell == shell)
                .map(|command| command.text.as_str())
        };
        assert_eq!(
            command(Shell::Bash).map(|text| text.contains(bash.unwrap_or("?"))),
            bash.map(|_| true),
            "{release}"
        );
        assert!(command(Shell::Dockerfile).unwrap().starts_with(dockerfile));
    }
    let tree = debian(&[0]);
    assert!(!rules_of(&tree.merge()).contains(&"no-system-store"));
    let without = Options {
        system: None,
        ..Tree::new().options()
    };
    assert!(!rules_of(&merge(&load(without), None)).contains(&"no-system-store"));
}

#[test]
fn each_variable_replaces_its_own_default_alone() {
    let tree = debian(&[0, 1, 2]);
    tree.write("mine.pem", root(3).pem())
        .write("mine.d/epsilon.pem", root(4).pem())
        .write("colon:ated/epsilon.pem", root(4).pem());
    let store = |file: Option<&str>, directory: Option<&str>| {
        let options = system::Options {
            certificate_file: file.map(Into::into),
            certificate_directory: directory.map(Into::into),
            ..tree.system()
        };
        let options = Options {
            system: Some(options),
            ..tree.options()
        };
        merge(&load(options), None)
    };
    let file = tree.path("mine.pem").display().to_string();
    let directory = tree.path("mine.d").display().to_string();
    let default = tree.path("etc/ssl/certs").display().to_string();
    let strange = tree.path("colon:ated").display().to_string();
    let both = format!("{directory}:{default}");
    let all = ["Alpha Root", "Beta Root", "Gamma Root"];
    for (file, directory, expected) in [
        (
            Some(&file[..]),
            None,
            &["Delta Root", "Alpha Root", "Beta Root", "Gamma Root"][..],
        ),
        (
            None,
            Some(&directory[..]),
            &["Alpha Root", "Beta Root", "Gamma Root", "Epsilon Root"],
        ),
        (
            Some(&file),
            Some(&directory),
            &["Delta Root", "Epsilon Root"],
        ),
        (Some(""), Some(&directory), &["Epsilon Root"]),
        (Some(&file), Some(""), &["Delta Root"]),
        (Some(""), None, &all),
        (Some(""), Some(&strange), &["Epsilon Root"]),
        (
            Some(""),
            Some(&both),
            &["Epsilon Root", "Alpha Root", "Beta Root", "Gamma Root"],
        ),
    ] {
        assert_eq!(
            subjects(&store(file, directory)),
            expected,
            "{file:?} {directory:?}"
        );
    }
    let nowhere = store(
        Some("/nonexistent/file.pem"),
        Some("/nonexistent/directory"),
    );
    let messages: Vec<String> = nowhere
        .findings()
        .iter()
        .map(|finding| finding.message.clone())
        .collect();
    assert_eq!(rules_of(&nowhere)[..2], ["system-store-unreadable"; 2]);
    assert!(messages[0].starts_with("`/nonexistent/file.pem` does not exist"));
    assert!(messages[1].starts_with("`/nonexistent/directory` does not exist"));
    let empty = finding(&nowhere, "no-system-store");
    assert_eq!(
        empty.fixes[0].commands[0].text,
        "unset SSL_CERT_FILE SSL_CERT_DIR"
    );
    assert!(empty.fixes.iter().all(|fix| !fix.title.contains("Install")));
    assert!(rules_of(&nowhere).contains(&"no-anchors"));
}

#[test]
fn hostile_entries_end_in_findings() {
    let tree = debian(&[0]);
    tree.link("etc/ssl/certs/zero.pem", "/dev/zero")
        .link("etc/ssl/certs/loop.pem", "loop.pem");
    fs::create_dir(tree.path("etc/ssl/certs/directory.pem")).unwrap();
    let made = Command::new("mkfifo")
        .arg(tree.path("etc/ssl/certs/pipe.pem"))
        .status()
        .unwrap();
    assert!(made.success());
    let large = fs::File::create(tree.path("etc/ssl/certs/large.pem")).unwrap();
    large.set_len(1 << 30).unwrap();
    let store = tree.merge();
    assert_eq!(subjects(&store), ["Alpha Root", "Beta Root", "Gamma Root"]);
    let limit = finding(&store, "store-directory-too-large");
    assert!(
        limit
            .message
            .contains("large.pem` is 1073741824 bytes long")
    );

    let extra = Options {
        system: None,
        extra: vec![tree.path("etc/ssl/certs")],
        ..tree.options()
    };
    let store = merge(&load(extra), None);
    assert_eq!(
        subjects(&store),
        ["Alpha Root", "Beta Root", "Gamma Root", "localhost"]
    );
    finding(&store, "store-directory-too-large");

    let pipe = Options {
        system: Some(system::Options {
            certificate_file: Some(tree.path("etc/ssl/certs/pipe.pem").into()),
            ..tree.system()
        }),
        ..tree.options()
    };
    let store = merge(&load(pipe), None);
    let unreadable = finding(&store, "system-store-unreadable");
    assert!(unreadable.message.contains("is not a regular file"));
}

#[test]
fn a_directory_of_too_many_entries_is_read_in_part() {
    let tree = Tree::new();
    fs::create_dir_all(tree.path("many")).unwrap();
    for number in 0..=system::DIRECTORY_ENTRY_LIMIT {
        fs::File::create(tree.path(&format!("many/{number}"))).unwrap();
    }
    let options = system::Options {
        certificate_directory: Some(tree.path("many").into()),
        ..tree.system()
    };
    let store = system::read_files(&options);
    assert_eq!(store.files.len(), system::DIRECTORY_ENTRY_LIMIT);
    assert_eq!(store.findings.len(), 1);
    assert_eq!(store.findings[0].rule.id, "store-directory-too-large");
}

#[test]
fn a_directory_of_too_many_bytes_is_read_in_part() {
    let tree = Tree::new();
    fs::create_dir_all(tree.path("heavy")).unwrap();
    for number in 0..5 {
        let file = fs::File::create(tree.path(&format!("heavy/{number}"))).unwrap();
        file.set_len(system::DIRECTORY_FILE_LIMIT).unwrap();
    }
    let options = system::Options {
        certificate_directory: Some(tree.path("heavy").into()),
        ..tree.system()
    };
    let store = system::read_files(&options);
    assert_eq!(store.files.len(), 4);
    assert_eq!(store.findings[0].rule.id, "store-directory-too-large");
}

#[test]
fn every_form_of_distrust_is_honoured_and_names_its_file() {
    let percent = |octets: &[u8]| {
        hexadecimal(octets)
            .as_bytes()
            .chunks(2)
            .map(|digits| format!("%{}", std::str::from_utf8(digits).unwrap()))
            .collect::<String>()
    };
    let alpha = root(0);
    let header = "[p11-kit-object-v1]\n";
    let object = format!(
        "{header}class: certificate\nx-distrusted: true\n{}",
        alpha.pem()
    );
    let trusted_object = format!("{header}trusted: true\n{}\n", root(1).pem());
    let by_number = format!(
        "{header}class: certificate\nissuer: \"{}\"\nserial-number: \"{}\"\nx-distrusted: true\n",
        percent(&name(alpha.subject)),
        percent(&element(0x02, &[alpha.serial]))
    );
    let by_key = format!(
        "{header}x-distrusted: true\npublic-key-info: \"{}\"\n",
        percent(&alpha.public_key())
    );
    let reissued = Forge {
        serial: 77,
        ..alpha.clone()
    };
    let file = "usr/share/ca-certificates/mozilla/Alpha_Root.crt";
    let fedora = "etc/pki/ca-trust/source/blocklist/alpha.pem";
    let p11 = "usr/share/pki/ca-trust-source/ca-bundle.trust.p11-kit";
    let cases: [(&str, Vec<u8>, Option<u32>); 9] = [
        (fedora, alpha.pem().into(), Some(1)),
        (
            "usr/share/pki/ca-trust-source/blacklist/alpha.pem",
            format!("# why\n{}", alpha.pem()).into(),
            Some(2),
        ),
        (
            "etc/pki/trust/blocklist/alpha.pem",
            alpha.pem().into(),
            Some(1),
        ),
        (fedora, reissued.pem().into(), Some(1)),
        (
            p11,
            (trusted_object.clone() + &object).into(),
            Some(1 + trusted_object.lines().count() as u32),
        ),
        (p11, by_number.into(), Some(1)),
        (p11, by_key.into(), Some(1)),
        (
            "etc/pki/ca-trust/source/anchors/alpha.pem",
            trusted(&alpha, None, Some(true)).into(),
            Some(1),
        ),
        (
            "etc/ca-certificates.conf",
            b"# comment\nmozilla/Beta_Root.crt\n!mozilla/Alpha_Root.crt\n!mozilla/None.crt\n"
                .to_vec(),
            Some(3),
        ),
    ];
    for (path, content, line) in cases {
        let tree = Tree::new();
        tree.write(path, &content).write(file, alpha.pem());
        let node = alpha.pem() + &root(1).pem();
        let store = merge(&load(tree.options()), Some(&node));
        assert_eq!(subjects(&store), ["Beta Root"], "{path}");
        let place = rules::place(&tree.path(path), line);
        assert_eq!(
            reasons(&store),
            [(
                "Alpha Root".into(),
                format!("distrusted by the system: {place}")
            )]
        );
        let distrusted = finding(&store, "distrusted-by-system");
        let location = distrusted.location.unwrap();
        assert_eq!(
            (location.path, location.line),
            (Some(tree.path(path)), line)
        );

        let options = Options {
            distrust_root: None,
            ..tree.options()
        };
        let store = merge(&load(options), Some(&node));
        assert_eq!(subjects(&store), ["Alpha Root", "Beta Root"], "{path}");
        assert!(!rules_of(&store).contains(&"distrusted-by-system"));
    }
}

#[test]
fn what_is_merely_mentioned_is_not_distrusted() {
    let tree = Tree::new();
    tree.write(
        "usr/share/pki/ca-trust-source/ca-bundle.trust.p11-kit",
        format!(
            "[p11-kit-object-v1]\nx-distrusted: false\n{}[p11-kit-object-v1]\nx-distrusted: true\n{}",
            root(0).pem(),
            root(2).pem()
        ),
    )
    .write("etc/pki/ca-trust/source/anchors/alpha.pem", root(0).pem())
    .write("etc/ca-certificates.conf", "mozilla/Alpha_Root.crt\n#!mozilla/Alpha_Root.crt\n!../../../alpha.pem\n")
    .write("alpha.pem", root(0).pem());
    let node = root(0).pem() + &root(1).pem();
    let store = merge(&load(tree.options()), Some(&node));
    assert_eq!(subjects(&store), ["Alpha Root", "Beta Root"]);
}

#[test]
fn one_bad_certificate_never_loses_the_rest() {
    let tree = Tree::new();
    let broken = crate::certificate::pem(&[0x30, 0x03, 0x02, 0x01, 0x05]);
    tree.write(
        "etc/ssl/certs/ca-certificates.crt",
        root(0).pem() + &broken + &root(1).pem(),
    );
    let store = tree.merge();
    assert_eq!(subjects(&store), ["Alpha Root", "Beta Root"]);
    assert_eq!(store.excluded.len(), 1);
    assert_eq!(
        store.excluded[0].reason(),
        "not parsable: OpenSSL does not take it for a certificate"
    );
    assert_eq!(store.excluded[0].certificate.pem(), broken);
    let unparsable = finding(&store, "unparsable-certificate");
    let line = 1 + root(0).pem().lines().count() as u32;
    assert_eq!(unparsable.location.unwrap().line, Some(line));
    assert!(!rules_of(&debian(&[0]).merge()).contains(&"unparsable-certificate"));
}

#[test]
fn the_expired_and_what_anchors_nothing_are_left_out_with_the_reason() {
    let tree = Tree::new();
    let expired = Forge {
        not_after: "20250101000000Z",
        ..root(0)
    };
    let leaf = Forge {
        issuer: Some("Beta Root"),
        authority_key: Some(11),
        subject: "www.example.com",
        ca: Some(false),
        ..root(2)
    };
    let intermediate = Forge {
        issuer: Some("Beta Root"),
        ..root(3)
    };
    let node = [expired.pem(), leaf.pem(), intermediate.pem(), root(1).pem()].concat();
    tree.write("etc/ssl/certs/ca-certificates.crt", root(4).pem());
    let store = merge(&load(tree.options()), Some(&node));
    assert_eq!(
        subjects(&store),
        ["Delta Root", "Beta Root", "Epsilon Root"]
    );
    assert_eq!(
        reasons(&store),
        [
            (
                "Alpha Root".into(),
                "expired on 2025-01-01T00:00:00Z".into()
            ),
            (
                "www.example.com".into(),
                "can anchor nothing: an end entity that another certificate issued".into()
            )
        ]
    );
    assert_eq!(
        rules_of(&store),
        ["expired-anchor-left-out", "leaf-in-store"]
    );
    assert_eq!(
        rules_of(&merge(&load(tree.options()), Some(&root(1).pem()))),
        [""; 0]
    );
}

#[test]
fn nothing_at_all_is_an_error() {
    let tree = Tree::new();
    let options = Options {
        system: None,
        ..tree.options()
    };
    assert_eq!(
        rules_of(&merge(&load(options.clone()), None)),
        ["no-anchors"]
    );
    assert_eq!(
        rules_of(&merge(&load(options), Some(&root(0).pem()))),
        [""; 0]
    );
}

#[test]
fn mozillas_decisions_that_a_ca_array_cannot_carry_are_told() {
    let tree = Tree::new();
    let options = Options {
        mozilla: true,
        system: None,
        ..tree.options()
    };
    let removed = root(0);
    let kept: String = bundled::mozilla().map(crate::certificate::pem).collect();
    let store = merge(
        &load(options.clone()),
        Some(&(kept.clone() + &removed.pem())),
    );
    assert_eq!(store.certificates.len(), bundled::mozilla().count() + 1);
    let told = finding(&store, "removed-by-mozilla");
    assert!(told.message.contains("Alpha Root"), "{}", told.message);
    let constraint = finding(&store, "mozilla-name-constraint");
    assert!(
        constraint.message.contains("for .tr alone"),
        "{}",
        constraint.message
    );

    let store = merge(&load(options.clone()), Some(&kept));
    assert!(!rules_of(&store).contains(&"removed-by-mozilla"));
    let options = Options {
        mozilla: false,
        ..options
    };
    let store = merge(&load(options), Some(&removed.pem()));
    assert_eq!(rules_of(&store), [""; 0]);
}

#[test]
fn a_certificate_from_every_store_is_one_certificate_with_every_source() {
    let tree = debian(&[0, 1, 2]);
    tree.write("extra/b.pem", root(0).pem() + &root(3).pem())
        .write("extra/a.pem", root(1).pem());
    let wrapped = {
        let text = root(0).pem();
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        let lines: Vec<&[u8]> = body.as_bytes().chunks(72).collect();
        format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
            String::from_utf8(lines.join(&b'\n')).unwrap()
        )
    };
    let options = Options {
        extra: vec![tree.path("extra")],
        inline: vec![root(0).pem().into(), root(4).pem().into()],
        ..tree.options()
    };
    let store = merge(&load(options), Some(&wrapped));
    let lines = root(0).pem().lines().count() + 1;
    assert_eq!(
        sources(&store, &tree),
        [
            vec![
                "node".to_owned(),
                "system etc/ssl/certs/ca-certificates.crt:1".into(),
                "system etc/ssl/certs/Alpha_Root.pem:1".into(),
                "extra extra/b.pem:1".into(),
                "ca".into()
            ],
            vec![
                format!("system etc/ssl/certs/ca-certificates.crt:{lines}"),
                "system etc/ssl/certs/Beta_Root.pem:1".into(),
                "extra extra/a.pem:1".into()
            ],
            vec![
                format!("system etc/ssl/certs/ca-certificates.crt:{}", 2 * lines - 1),
                "system etc/ssl/certs/Gamma_Root.pem:1".into()
            ],
            vec![format!("extra extra/b.pem:{lines}")],
            vec!["ca".into()],
        ]
    );
    let read: Vec<String> = store
        .files
        .iter()
        .map(|path| path.strip_prefix(&tree.0).unwrap().display().to_string())
        .collect();
    for path in [
        "etc/ssl/certs",
        "etc/ssl/certs/ca-certificates.crt",
        "extra",
        "extra/a.pem",
        "extra/b.pem",
    ] {
        assert_eq!(
            read.iter().filter(|read| *read == path).count(),
            1,
            "{path}: {read:?}"
        );
    }
}

#[test]
fn very_many_certificates_of_one_subject_take_bounded_time() {
    let tree = Tree::new();
    let one = Forge {
        subject_key_identifier: false,
        ..root(0)
    }
    .der();
    let key = root(0).public_key();
    let at = one.windows(key.len()).position(|part| part == key).unwrap() + key.len() - 8;
    let mut bundle = root(0).pem().repeat(2_000);
    for number in 0u32..20_000 {
        let mut der = one.clone();
        der[at..at + 4].copy_from_slice(&number.to_be_bytes());
        crate::certificate::write_pem(&der, &mut bundle);
    }
    tree.write("etc/ssl/certs/ca-certificates.crt", bundle);
    let store = tree.merge();
    assert_eq!(store.certificates.len(), 20_001);
    assert_eq!(store.certificates[0].sources.len(), 2_000);
    let conflicts = store.findings();
    assert_eq!(conflicts.len(), 10);
    assert!(
        conflicts
            .iter()
            .all(|finding| finding.rule.id == "same-subject-conflict")
    );
    assert!(
        conflicts[0]
            .detail
            .as_ref()
            .unwrap()
            .contains("19990 more certificates")
    );
}

/// `rustls-native-certs` reads the same places for the same certificates.
#[test]
fn the_peer_finds_the_same_certificates() {
    let debian = debian(&[0, 1, 2]);
    let fedora = Tree::new();
    fedora
        .write(
            "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            root(0).pem() + &root(1).pem(),
        )
        .write("etc/pki/tls/certs/company.pem", root(2).pem());
    let machine = system::Options {
        root: "/".into(),
        certificate_file: None,
        certificate_directory: None,
    };
    for options in [debian.system(), fedora.system(), machine] {
        let locations = system::locations(&options);
        let mut peer: Vec<Vec<u8>> = Vec::new();
        for (file, directory) in locations
            .files
            .iter()
            .map(|file| (Some(&**file), None))
            .chain(
                locations
                    .directories
                    .iter()
                    .map(|path| (None::<&Path>, Some(&**path))),
            )
        {
            let found = rustls_native_certs::load_certs_from_paths(file, directory);
            peer.extend(found.certs.iter().map(|certificate| certificate.to_vec()));
        }
        peer.sort();
        peer.dedup();
        let ours = Options {
            system: Some(options),
            distrust_root: None,
            ..debian.options()
        };
        let store = merge(&load(ours), None);
        let mut ours: Vec<Vec<u8>> = store
            .certificates
            .iter()
            .chain(store.excluded.iter().map(|excluded| &excluded.certificate))
            .map(|certificate| certificate.der().to_vec())
            .collect();
        ours.sort();
        assert_eq!(ours.len(), peer.len());
        assert!(ours == peer);
    }
}
