use super::*;
use crate::certificate::forge::Forge;
use crate::certificate::pem;

const NODE: NodeVersion = NodeVersion {
    major: 24,
    minor: 21,
};

fn der(subject: &'static str) -> Vec<u8> {
    Forge {
        subject,
        ..Forge::default()
    }
    .der()
}

fn block(subject: &'static str) -> String {
    pem(&der(subject))
}

fn options() -> Options {
    Options {
        runtime: crate::runtime::Runtime::Node,
        node: NODE,
        now: 1_767_225_600,
        min_days_left: 30,
        password: None,
        bundled: None,
    }
}

fn report(bytes: impl AsRef<[u8]>) -> CaFileReport {
    inspect(Input::Bytes(bytes.as_ref()), &options())
}

fn names(certificates: &[Arc<Certificate>]) -> Vec<String> {
    certificates
        .iter()
        .map(|certificate| certificate.display_name())
        .collect()
}

/// What is found, the rules about the file that apply with their lines, and the fates of the blocks.
fn outline(bytes: impl AsRef<[u8]>) -> (Vec<String>, Vec<(&'static str, u32)>, Vec<Fate>) {
    let report = report(bytes);
    let rules = report
        .findings
        .iter()
        .filter(|finding| !finding.rule.id.starts_with("certificate-"))
        .map(|finding| {
            let line = finding.location.as_ref().and_then(|location| location.line);
            (finding.rule.id, line.unwrap_or_default())
        })
        .collect();
    let fates = report.blocks.iter().map(|block| block.fate).collect();
    (names(&report.found), rules, fates)
}

fn indent(text: &str, with: &str) -> String {
    text.lines().map(|line| format!("{with}{line}\n")).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_block_that_node_does_not_see_is_found_with_its_fault() {
    let a = block("A");
    let b = block("B");
    let cases: &[(&str, String)] = &[
        ("pem-indented", indent(&a, "  ")),
        ("pem-mail-quoted", indent(&a, "> ")),
        ("pem-quoted", format!("\"{}\"\n", a.trim_end())),
        ("pem-text-before-begin", format!("CA={a}")),
        ("pem-text-before-begin", indent(&a, "+")),
        (
            "pem-text-after-begin",
            a.replacen("-----\n", "----- # a\n", 1),
        ),
        ("pem-carriage-returns", a.replace('\n', "\r") + "\n"),
        ("pem-literal-newlines", a.replace('\n', "\\n") + "\n"),
        ("pem-one-line", a.replace('\n', " ") + "\n"),
        ("pem-begin-damaged", a.replace("-----BEGIN", "——BEGIN")),
        ("pem-begin-damaged", a.replace("BEGIN", "begin")),
        (
            "pem-no-armor",
            a.lines()
                .filter(|line| !line.contains('-'))
                .collect::<Vec<_>>()
                .join("\n")
                + "\n",
        ),
        ("pem-other-label", a.replace("CERTIFICATE", "CERT")),
        (
            "pem-trusted-label",
            a.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
        ),
    ];
    for (rule, text) in cases {
        let (found, rules, fates) = outline(format!("{text}{b}"));
        assert_eq!(found, ["A", "B"], "{text}");
        assert_eq!(rules, [(*rule, 1)], "{text}");
        assert!(
            matches!(fates.as_slice(), [Fate::Lost | Fate::Skipped, Fate::Loaded]),
            "{text}"
        );
    }
}

#[test]
fn a_block_that_stops_node_loses_what_is_behind_it() {
    let a = block("A");
    let b = block("B");
    let lines = u32::try_from(a.lines().count()).unwrap();
    let cases: &[(&str, u32, String)] = &[
        ("pem-blank-line", lines, a.replace("-----END", "\n-----END")),
        ("pem-header", 2, a.replacen('\n', "\nComment: a\n\n", 1)),
        (
            "pem-end-damaged",
            lines,
            a.replace("END CERTIFICATE", "END CERT"),
        ),
        ("pem-begin-damaged", 1, a.replace("BEGIN ", "BEGIN  ")),
    ];
    for (rule, line, text) in cases {
        let (found, rules, fates) = outline(format!("{text}{b}"));
        assert_eq!(found, ["A", "B"], "{text}");
        assert_eq!(rules, [(*rule, *line)], "{text}");
        assert_eq!(fates, [Fate::Stopped, Fate::Lost], "{text}");
    }
}

#[test]
fn glued_blocks_are_one_finding() {
    let text = format!("{}{}{}", block("A").trim_end(), block("B"), block("C"));
    let (found, rules, fates) = outline(text);
    assert_eq!(found, ["A", "B", "C"]);
    assert_eq!(
        rules.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(),
        ["pem-glued-blocks"]
    );
    assert_eq!(fates, [Fate::Stopped, Fate::Lost, Fate::Lost]);
}

#[test]
fn a_missing_end_swallows_the_next_block() {
    let a = block("A").replace("-----END CERTIFICATE-----\n", "");
    let report = report(format!("{a}{}{}", block("B"), block("C")));
    assert_eq!(names(&report.loaded_by_node), ["A", "C"]);
    assert_eq!(names(&report.found), ["A", "B", "C"]);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].rule.id, "pem-end-missing");
    assert!(report.findings[0].message.ends_with("`B` is lost"));
}

#[test]
fn utf_16_has_the_lines_and_bytes_of_the_file() {
    let text = format!("# x\n{}{}", block("A"), block("B"));
    let bytes = utf16(&text);
    let report = report(&bytes);
    assert_eq!(names(&report.found), ["A", "B"]);
    let second = report.blocks[1].position.clone().unwrap();
    assert_eq!(second.line as usize, 2 + block("A").lines().count());
    assert_eq!(second.bytes.start, 2 * text.rfind("-----BEGIN").unwrap());
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].rule.id, "pem-utf16");
}

#[test]
fn binary_is_found_before_and_behind_text() {
    let (a, c) = (der("A"), der("C"));
    let (found, rules, fates) =
        outline([a.as_slice(), b"\n", block("B").as_bytes(), c.as_slice()].concat());
    assert_eq!(found, ["A", "B", "C"]);
    assert_eq!(rules, [("ca-file-der", 0)]);
    assert_eq!(fates, [Fate::Lost, Fate::Loaded, Fate::Lost]);
}

#[test]
fn several_faults_are_a_finding_each_and_a_repeated_one_is_not_repeated() {
    let indented = indent(&(block("A") + &block("B")), " ");
    let quoted = indent(&block("C"), "> ");
    let (found, rules, _) = outline(format!("{indented}{quoted}{}", block("D")));
    assert_eq!(found, ["A", "B", "C", "D"]);
    assert_eq!(rules.len(), 2);
}

#[test]
fn what_node_loads_whole_has_no_finding_and_no_repair() {
    let report = report(format!("{}{}", block("A"), block("B")));
    assert!(report.findings.is_empty());
    assert_eq!(report.repaired, None);
    assert_eq!(report.format, Format::Pem);
}

#[test]
fn the_repaired_text_reads_back_as_what_was_found() {
    let report = report(indent(&(block("A") + &block("B")), "\t"));
    let again = super::inspect(
        Input::Bytes(report.repaired.unwrap().as_bytes()),
        &options(),
    );
    assert_eq!(names(&again.loaded_by_node), ["A", "B"]);
    assert!(again.findings.is_empty());
}

#[test]
fn what_is_bundled_can_be_given() {
    let bundled = report(block("A")).found[0].sha256().to_owned();
    let options = Options {
        bundled: Some(Arc::new(HashSet::from([bundled]))),
        ..options()
    };
    let report = inspect(Input::Bytes(block("A").as_bytes()), &options);
    assert_eq!(report.findings[0].rule.id, "certificate-already-bundled");
}

#[test]
fn nested_base64_is_opened_once() {
    use base64::Engine;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let once = encode(&block("A"));
    let (found, rules, _) = outline(&once);
    assert_eq!(found, ["A"]);
    assert_eq!(rules, [("pem-base64-of-pem", 1)]);
    assert!(outline(encode(&once)).0.is_empty());
}

#[test]
fn any_bytes_get_a_report() {
    let text = format!("{}{}", block("A"), block("B"));
    let bytes = text.as_bytes();
    // Every cut of the file, and every byte of it changed, in steps that keep the test short.
    for cut in (0..bytes.len()).step_by(7) {
        let report = report(&bytes[..cut]);
        assert!(report.found.len() <= 2);
        assert!(!report.findings.is_empty() || report.loaded_by_node.len() == report.found.len());
    }
    for index in (0..bytes.len()).step_by(5) {
        for value in [0, b'\n', b'-', b':', b'=', 0xff] {
            let mut changed = bytes.to_vec();
            changed[index] = value;
            let report = report(&changed);
            for certificate in &report.loaded_by_node {
                assert!(
                    report
                        .found
                        .iter()
                        .any(|found| found.der() == certificate.der())
                );
            }
            if report.loaded_by_node.len() < report.found.len() {
                assert!(
                    !report.findings.is_empty(),
                    "{}",
                    String::from_utf8_lossy(&changed)
                );
            }
        }
    }
}

fn read_by(runtime: Runtime, text: &str) -> CaFileReport {
    let options = Options {
        runtime,
        ..options()
    };
    inspect(Input::Bytes(text.as_bytes()), &options)
}

/// Three certificates, the second of which is not base64.
fn with_a_fault() -> String {
    let bad = block("Two").replacen("\nM", "\n!", 1);
    [block("One"), bad, block("Three")].concat()
}

#[test]
fn bun_and_deno_drop_the_whole_file_because_of_one_fault() {
    for (runtime, name, words) in [
        (
            Runtime::Bun,
            "Bun",
            "`, load failed: error:09000064:PEM routines:OPENSSL_internal:BAD_BASE64_DECODE",
        ),
        (Runtime::Deno, "Deno", "\", load failed: InvalidByte(0, 33)"),
    ] {
        let report = read_by(runtime, &with_a_fault());
        assert!(report.loaded_by_node.is_empty());
        let fates: Vec<Fate> = report.blocks.iter().map(|block| block.fate).collect();
        assert_eq!(fates, [Fate::Lost, Fate::Stopped, Fate::Lost]);
        assert!(report.node_warning.unwrap().ends_with(words));
        let [finding] = report.findings.as_slice() else {
            panic!("{:?}", report.findings);
        };
        assert_eq!(finding.rule.id, "pem-bad-base64");
        assert_eq!(
            finding.message,
            format!(
                "a block holds what is not base64 (line 10); {name} warns and drops the whole file because of it: the block is lost, and with it `One` and `Three`"
            )
        );
        assert!(report.repaired.is_some());
    }
    assert_eq!(names(&report(with_a_fault()).loaded_by_node), ["One"]);
}

#[test]
fn bun_says_what_node_is_silent_about() {
    let bun = read_by(Runtime::Bun, "no certificate");
    assert!(
        bun.node_warning
            .unwrap()
            .ends_with(crate::pem::bun::NO_CERTIFICATE)
    );
    assert_eq!(report("no certificate").node_warning, None);
    assert_eq!(read_by(Runtime::Deno, "no certificate").node_warning, None);
}

#[test]
fn deno_passes_over_other_labels_and_what_is_no_certificate() {
    let text =
        block("One").replace("CERTIFICATE", "X509 CERTIFICATE") + &pem(b"\x30\x00") + &block("Two");
    let report = read_by(Runtime::Deno, &text);
    assert_eq!(names(&report.loaded_by_node), ["Two"]);
    assert_eq!(report.node_warning, None);
    let rules: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.rule.id)
        .collect();
    assert_eq!(rules, ["pem-other-label", "pem-not-a-certificate"]);
    assert!(
        report.findings[0]
            .message
            .contains("a label that Deno does not know")
    );
}
