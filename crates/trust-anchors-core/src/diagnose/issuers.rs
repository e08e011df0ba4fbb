//! The names under which products issue certificates: proxies that inspect TLS, virus scanners, debugging proxies, authorities that tools make
//! for themselves, and certificates that software shows until it is given another.
//!
//! Every name is one that the product itself writes, as its documentation, its source or a certificate of it shows; one that could only be
//! guessed is left out. Palo Alto Networks, Check Point and Barracuda have none: whoever sets those gateways up names the authority, so they are
//! told by the structure of the chain alone (`interception`). A name is compared whole, or by a beginning or end that is long enough to be
//! nobody else's; never by a word in it.

use crate::der;

/// What it means when a certificate bears such a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A proxy, firewall or cloud service between this machine and the server decrypts what passes.
    InspectingProxy,
    /// Software on this machine does.
    Antivirus,
    /// A tool that a developer has started does.
    DebuggingProxy,
    /// One of these does, and could not verify the server either: it signs with an authority that nobody is meant to trust.
    RefusedUpstream,
    /// An authority that a tool made for itself, with its certificate in a known place.
    LocalAuthority,
    /// Certificates for trying out, from an authority that nobody trusts.
    Staging,
    /// What software shows until it is given a certificate. Its subject is compared, and it signed itself.
    DefaultCertificate,
    /// A certificate whose private key everybody has.
    PublishedKey,
}

/// Somebody who issues certificates.
#[derive(Debug)]
pub struct Issuer {
    /// The product.
    pub product: &'static str,
    /// What its certificates mean.
    pub kind: Kind,
    /// Where its certificate is, or what is to be configured, as one sentence without a final period.
    pub advice: &'static str,
    /// The command that shows or fetches it; empty when there is none.
    pub command: &'static str,
    names: &'static [Pattern],
}

/// Every part that is there has to fit.
#[derive(Debug)]
struct Pattern {
    common_name: Option<Text>,
    organization: Option<Text>,
    organizational_unit: Option<Text>,
    email: Option<Text>,
    /// Whether the name has no other attribute.
    is_whole: bool,
}

#[derive(Debug)]
enum Text {
    Is(&'static str),
    Starts(&'static str),
    /// Beginning and end.
    Around(&'static str, &'static str),
}

use Text::{Around, Is, Starts};

impl Text {
    /// Case is ignored: products have changed it (`Adguard`, `AdGuard`).
    fn fits(&self, value: &str) -> bool {
        let starts = |start: &str| {
            value
                .get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        match self {
            Is(expected) => value.eq_ignore_ascii_case(expected),
            Starts(start) => starts(start),
            Around(start, end) => {
                let tail = value.len().checked_sub(end.len());
                value.len() > start.len() + end.len()
                    && starts(start)
                    && tail
                        .and_then(|tail| value.get(tail..))
                        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            }
        }
    }
}

const ANY: Pattern = Pattern {
    common_name: None,
    organization: None,
    organizational_unit: None,
    email: None,
    is_whole: false,
};

const fn cn(common_name: Text) -> Pattern {
    Pattern {
        common_name: Some(common_name),
        ..ANY
    }
}

const fn o(organization: Text) -> Pattern {
    Pattern {
        organization: Some(organization),
        ..ANY
    }
}

const fn cn_o(common_name: Text, organization: Text) -> Pattern {
    Pattern {
        common_name: Some(common_name),
        organization: Some(organization),
        ..ANY
    }
}

/// Nothing but this common name.
const fn only_cn(common_name: Text) -> Pattern {
    Pattern {
        common_name: Some(common_name),
        is_whole: true,
        ..ANY
    }
}

const ASK: &str =
    "Ask whoever runs the network for the CA certificate of the inspection, with its fingerprint";

/// A product that inspects what passes through a network.
const fn proxy(product: &'static str, names: &'static [Pattern]) -> Issuer {
    Issuer {
        product,
        kind: Kind::InspectingProxy,
        advice: ASK,
        command: "",
        names,
    }
}

/// Software that inspects the connections of its own machine.
const fn antivirus(product: &'static str, names: &'static [Pattern]) -> Issuer {
    Issuer {
        product,
        kind: Kind::Antivirus,
        advice: "Its installation puts the CA certificate into the system's store; exclude the program from the inspection where that is not wanted",
        command: "",
        names,
    }
}

const fn debugger(
    product: &'static str,
    advice: &'static str,
    command: &'static str,
    names: &'static [Pattern],
) -> Issuer {
    Issuer {
        product,
        kind: Kind::DebuggingProxy,
        advice,
        command,
        names,
    }
}

const fn refused(product: &'static str, names: &'static [Pattern]) -> Issuer {
    Issuer {
        product,
        kind: Kind::RefusedUpstream,
        advice: "Look at the server from a network without the inspection, and mend what is found there",
        command: "",
        names,
    }
}

const fn local(
    product: &'static str,
    advice: &'static str,
    command: &'static str,
    names: &'static [Pattern],
) -> Issuer {
    Issuer {
        product,
        kind: Kind::LocalAuthority,
        advice,
        command,
        names,
    }
}

const fn default(product: &'static str, advice: &'static str, names: &'static [Pattern]) -> Issuer {
    Issuer {
        product,
        kind: Kind::DefaultCertificate,
        advice,
        command: "",
        names,
    }
}

/// All of them. What is more special stands before what is less.
pub static ISSUERS: &[Issuer] = &[
    // ---- authorities for servers that the inspection itself could not verify ----
    refused("Avast", &[cn(Is("Avast Web/Mail Shield Untrusted Root"))]),
    refused("AVG", &[cn(Is("AVG Web/Mail Shield Untrusted Root"))]),
    refused("Norton", &[cn(Is("Norton Web/Mail Shield Untrusted Root"))]),
    refused(
        "Fortinet",
        &[cn_o(Is("Fortinet Untrusted CA"), Is("Fortinet"))],
    ),
    // ---- on the network ----
    // CN=Zscaler Root CA, and CN=Zscaler Intermediate Root CA (zscaler.net) and the other clouds.
    proxy("Zscaler", &[o(Is("Zscaler Inc."))]),
    // CN=ca.<tenant>.goskope.com; the root of every tenant bears the address.
    proxy(
        "Netskope",
        &[
            Pattern {
                email: Some(Is("certadmin@netskope.com")),
                ..ANY
            },
            cn(Around("ca.", ".goskope.com")),
        ],
    ),
    // CN is the serial number of the device, in older releases `FortiGate CA`.
    proxy(
        "Fortinet FortiGate",
        &[
            Pattern {
                organization: Some(Is("Fortinet")),
                organizational_unit: Some(Is("Certificate Authority")),
                ..ANY
            },
            cn_o(Is("FortiGate CA"), Is("Fortinet")),
            o(Is("Fortinet Ltd.")),
        ],
    ),
    // Root CA, Primary SubCA, and Secondary SubCA with the place of the data centre.
    proxy(
        "Cisco Umbrella",
        &[cn_o(Starts("Cisco Umbrella "), Is("Cisco"))],
    ),
    proxy(
        "Symantec / Broadcom (Blue Coat)",
        &[o(Starts("Blue Coat "))],
    ),
    // CN ends with the serial number of the device.
    proxy(
        "Sophos",
        &[
            cn_o(Starts("Sophos SSL CA_"), Is("Sophos")),
            cn(Starts("Sophos_CA_")),
            cn_o(Is("sophosutm Proxy CA"), Is("sophosutm")),
            cn_o(Is("Sophos Web Appliance"), Is("Sophos Plc")),
        ],
    ),
    proxy(
        "Forcepoint",
        &[cn_o(Is("Forcepoint Cloud CA"), Is("Forcepoint LLC"))],
    ),
    proxy("McAfee Web Gateway", &[cn(Is("McAfee Web Gateway"))]),
    proxy(
        "ContentKeeper",
        &[cn_o(
            Starts("ContentKeeper Appliance CA ("),
            Is("ContentKeeper Technologies"),
        )],
    ),
    proxy("Cyberoam", &[o(Is("Cyberoam Certificate Authority"))]),
    proxy("NetSpark", &[cn_o(Is("www.netspark.com"), Is("NetSpark"))]),
    proxy(
        "Smoothwall",
        &[cn(Is("Smoothwall-default-root-certificate-authority"))],
    ),
    proxy(
        "Trend Micro InterScan Web Security",
        &[cn(Is("IWSS.TREND"))],
    ),
    // ---- on this machine ----
    antivirus(
        "Kaspersky",
        &[cn(Is("Kaspersky Anti-Virus Personal Root Certificate"))],
    ),
    antivirus("ESET", &[cn(Is("ESET SSL Filter CA"))]),
    antivirus(
        "Avast",
        &[
            cn(Is("Avast Web/Mail Shield Root")),
            cn(Is("avast! Web/Mail Shield Root")),
        ],
    ),
    antivirus("AVG", &[cn(Is("AVG Web/Mail Shield Root"))]),
    antivirus("Norton", &[cn(Is("Norton Web/Mail Shield Root"))]),
    antivirus(
        "Bitdefender",
        &[
            cn(Is("Bitdefender Personal CA.Net-Defender")),
            cn(Is("Bitdefender CA SSL")),
        ],
    ),
    antivirus("AdGuard", &[cn(Is("AdGuard Personal CA"))]),
    // ---- a developer's tools ----
    debugger(
        "mitmproxy",
        "Its CA certificate is ~/.mitmproxy/mitmproxy-ca-cert.pem of whoever runs it",
        "export NODE_EXTRA_CA_CERTS=\"$HOME/.mitmproxy/mitmproxy-ca-cert.pem\"",
        &[cn_o(Is("mitmproxy"), Is("mitmproxy"))],
    ),
    debugger(
        "Charles",
        "Save its CA certificate with Help > SSL Proxying > Save Charles Root Certificate",
        "",
        &[cn_o(Starts("Charles Proxy "), Is("XK72 Ltd"))],
    ),
    debugger(
        "Fiddler",
        "Export its CA certificate from the HTTPS settings",
        "",
        &[
            cn(Is("DO_NOT_TRUST_FiddlerRoot")),
            o(Is("DO_NOT_TRUST_BC")),
            cn_o(
                Is("Fiddler Root Certificate Authority"),
                Is("Progress Telerik Fiddler"),
            ),
        ],
    ),
    debugger(
        "Burp Suite",
        "Its CA certificate is at http://burpsuite/cert through the proxy, as DER",
        "",
        &[cn_o(Is("PortSwigger CA"), Is("PortSwigger"))],
    ),
    debugger(
        "Proxyman",
        "Export its CA certificate from the Certificate menu",
        "",
        &[cn_o(Starts("Proxyman CA ("), Starts("Proxyman "))],
    ),
    debugger(
        "HTTP Toolkit",
        "Export its CA certificate from the settings",
        "",
        &[
            cn(Is("HTTP Toolkit CA")),
            cn(Is("HTTP Toolkit CA - DO NOT TRUST")),
        ],
    ),
    debugger(
        "OWASP ZAP",
        "Save its CA certificate from Options > Network > Server Certificates",
        "",
        &[cn_o(
            Is("OWASP Zed Attack Proxy Root CA"),
            Is("OWASP Root CA"),
        )],
    ),
    // ---- authorities that tools make for themselves ----
    local(
        "mkcert",
        "Its CA certificate is rootCA.pem in the folder that `mkcert -CAROOT` prints, on the machine where it was made",
        "export NODE_EXTRA_CA_CERTS=\"$(mkcert -CAROOT)/rootCA.pem\"",
        &[o(Is("mkcert development CA"))],
    ),
    local(
        "Caddy",
        "Its CA certificate is pki/authorities/local/root.crt in the data folder of Caddy, on the server",
        "export NODE_EXTRA_CA_CERTS=\"$HOME/.local/share/caddy/pki/authorities/local/root.crt\"",
        &[cn(Starts("Caddy Local Authority - "))],
    ),
    local(
        "k3s",
        "Its CA certificate is /var/lib/rancher/k3s/server/tls/server-ca.crt on the server, and certificate-authority-data in the kubeconfig",
        "kubectl config view --raw --minify -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > cluster-ca.pem",
        &[only_cn(Starts("k3s-server-ca@"))],
    ),
    local(
        "minikube",
        "Its CA certificate is ~/.minikube/ca.crt",
        "export NODE_EXTRA_CA_CERTS=\"$HOME/.minikube/ca.crt\"",
        &[only_cn(Is("minikubeCA"))],
    ),
    local(
        "Kubernetes",
        "Its CA certificate is /var/run/secrets/kubernetes.io/serviceaccount/ca.crt in every pod, and certificate-authority-data in the kubeconfig",
        "export NODE_EXTRA_CA_CERTS=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
        &[only_cn(Is("kubernetes"))],
    ),
    local(
        "MySQL",
        "Its CA certificate is ca.pem in the data folder of the server, for the `ca` of the driver's `ssl` option; the certificate names no host",
        "",
        &[cn(Around(
            "MySQL_Server_",
            "_Auto_Generated_CA_Certificate",
        ))],
    ),
    local(
        "Proxmox VE",
        "Its CA certificate is /etc/pve/pve-root-ca.pem on every node",
        "",
        &[cn_o(
            Is("Proxmox Virtual Environment"),
            Is("PVE Cluster Manager CA"),
        )],
    ),
    // ---- for trying out ----
    Issuer {
        product: "Let's Encrypt staging",
        kind: Kind::Staging,
        advice: "Issue the certificate from the production environment: leave out `--staging`, `--test-cert` or the address of acme-staging",
        command: "",
        names: &[
            o(Is("(STAGING) Let's Encrypt")),
            o(Is("(STAGING) Internet Security Research Group")),
            only_cn(Is("Fake LE Intermediate X1")),
            only_cn(Is("Fake LE Root X1")),
        ],
    },
    // ---- what is shown until there is another ----
    default(
        "Traefik",
        "Give the router of this host a certificate: a `tls` section with its certResolver, or the certificate in tls.stores.default",
        &[cn(Is("TRAEFIK DEFAULT CERT"))],
    ),
    default(
        "the Kubernetes ingress controller",
        "Name the secret with the certificate in the `tls` section of the Ingress, with this host, in the namespace of the Ingress",
        &[cn_o(
            Is("Kubernetes Ingress Controller Fake Certificate"),
            Is("Acme Co"),
        )],
    ),
    default(
        "Plesk",
        "Assign a certificate to the domain, and to the mail server for its names",
        &[cn_o(Is("Plesk"), Is("Plesk"))],
    ),
    default(
        "pfSense",
        "Give its web configurator a certificate",
        &[o(Is("pfSense webConfigurator Self-Signed Certificate"))],
    ),
    Issuer {
        product: "Node.js",
        kind: Kind::PublishedKey,
        advice: "Replace the certificate and its key: both are in the source of Node, for its tests",
        command: "",
        names: &[Pattern {
            organization: Some(Is("Joyent")),
            organizational_unit: Some(Is("Node.js")),
            email: Some(Is("ry@tinyclouds.org")),
            ..ANY
        }],
    },
];

/// A `Name`'s parts that are compared; of several the last counts, as for common names.
#[derive(Debug, Default)]
struct Parts {
    common_name: Option<String>,
    organization: Option<String>,
    organizational_unit: Option<String>,
    email: Option<String>,
    attributes: usize,
}

impl Parts {
    fn read(name: &[u8]) -> Self {
        let mut parts = Self::default();
        for attribute in der::name_attributes(name) {
            parts.attributes += 1;
            let Some(value) = attribute.to_utf8() else {
                continue;
            };
            let part = match attribute.attribute {
                [0x55, 0x04, 3] => &mut parts.common_name,
                [0x55, 0x04, 10] => &mut parts.organization,
                [0x55, 0x04, 11] => &mut parts.organizational_unit,
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 1] => &mut parts.email,
                _ => continue,
            };
            *part = Some(value.into_owned());
        }
        parts
    }

    fn fit(&self, pattern: &Pattern) -> bool {
        let fits = |wanted: &Option<Text>, value: &Option<String>| match (wanted, value) {
            (None, _) => true,
            (Some(wanted), Some(value)) => wanted.fits(value),
            (Some(_), None) => false,
        };
        (!pattern.is_whole || self.attributes == 1)
            && fits(&pattern.common_name, &self.common_name)
            && fits(&pattern.organization, &self.organization)
            && fits(&pattern.organizational_unit, &self.organizational_unit)
            && fits(&pattern.email, &self.email)
    }
}

/// Who bears a name, given as the DER of a `Name`; `None` for a name that is not known.
pub fn bearer(name: &[u8]) -> Option<&'static Issuer> {
    let parts = Parts::read(name);
    ISSUERS
        .iter()
        .find(|issuer| issuer.names.iter().any(|pattern| parts.fit(pattern)))
}

impl Issuer {
    /// Whether a name, given as the DER of a `Name`, has the organization of the product itself. Some products sign in the name of their owner, whose
    /// own servers are no devices of theirs.
    pub fn is_owner(&self, name: &[u8]) -> bool {
        let organization = Parts::read(name).organization;
        let own = self.names.iter().filter_map(|it| it.organization.as_ref());
        organization.is_some_and(|value| own.into_iter().any(|text| text.fits(&value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Certificate;
    use crate::der::OpensslVersion;
    use crate::node::NodeVersion;
    use crate::shipped_roots;

    const COMMON_NAME: &[u8] = &[0x55, 0x04, 3];
    const ORGANIZATION: &[u8] = &[0x55, 0x04, 10];
    const UNIT: &[u8] = &[0x55, 0x04, 11];
    const EMAIL: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 1];

    fn element(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u8::try_from(body.len()).unwrap();
        let head = if length < 128 {
            vec![tag, length]
        } else {
            vec![tag, 0x81, length]
        };
        [head, body.to_vec()].concat()
    }

    fn name(attributes: &[(&[u8], &str)]) -> Vec<u8> {
        let sets: Vec<u8> = attributes
            .iter()
            .flat_map(|(attribute, value)| {
                let value = [element(6, attribute), element(12, value.as_bytes())].concat();
                element(0x31, &element(0x30, &value))
            })
            .collect();
        element(0x30, &sets)
    }

    fn product(attributes: &[(&[u8], &str)]) -> Option<&'static str> {
        bearer(&name(attributes)).map(|issuer| issuer.product)
    }

    #[test]
    fn names_that_products_write_are_known() {
        for (attributes, expected) in [
            (
                vec![
                    (ORGANIZATION, "Zscaler Inc."),
                    (COMMON_NAME, "Zscaler Intermediate Root CA (zscaler.net)"),
                ],
                "Zscaler",
            ),
            (
                vec![
                    (ORGANIZATION, "Example"),
                    (COMMON_NAME, "ca.example.eu.goskope.com"),
                ],
                "Netskope",
            ),
            (
                vec![
                    (ORGANIZATION, "Fortinet"),
                    (UNIT, "Certificate Authority"),
                    (COMMON_NAME, "FG100ETK00000000"),
                    (EMAIL, "support@fortinet.com"),
                ],
                "Fortinet FortiGate",
            ),
            (
                vec![
                    (ORGANIZATION, "Cisco"),
                    (COMMON_NAME, "Cisco Umbrella Secondary SubCA ams-SG"),
                ],
                "Cisco Umbrella",
            ),
            (
                vec![(
                    COMMON_NAME,
                    "Kaspersky Anti-Virus Personal Root Certificate",
                )],
                "Kaspersky",
            ),
            (
                vec![(
                    COMMON_NAME,
                    "MySQL_Server_8.0.36_Auto_Generated_CA_Certificate",
                )],
                "MySQL",
            ),
            (vec![(COMMON_NAME, "k3s-server-ca@1600000000")], "k3s"),
            (vec![(COMMON_NAME, "kubernetes")], "Kubernetes"),
        ] {
            assert_eq!(product(&attributes), Some(expected), "{attributes:?}");
        }
    }

    /// A name that fits the pattern, and no more.
    fn sample(pattern: &Pattern) -> Vec<u8> {
        let value = |text: &Text| match text {
            Is(value) => (*value).to_owned(),
            Starts(start) => format!("{start}x"),
            Around(start, end) => format!("{start}x{end}"),
        };
        let parts = [
            (COMMON_NAME, &pattern.common_name),
            (ORGANIZATION, &pattern.organization),
            (UNIT, &pattern.organizational_unit),
            (EMAIL, &pattern.email),
        ];
        let values: Vec<(&[u8], String)> = parts
            .into_iter()
            .filter_map(|(attribute, text)| Some((attribute, value(text.as_ref()?))))
            .collect();
        let attributes: Vec<(&[u8], &str)> = values
            .iter()
            .map(|(attribute, value)| (*attribute, value.as_str()))
            .collect();
        name(&attributes)
    }

    #[test]
    fn every_name_leads_to_its_own_product() {
        let mut seen = std::collections::HashSet::new();
        for issuer in ISSUERS {
            assert!(
                seen.insert((issuer.product, format!("{:?}", issuer.kind))),
                "{} stands twice",
                issuer.product
            );
            assert!(!issuer.names.is_empty() && !issuer.advice.is_empty());
            assert!(!issuer.advice.ends_with('.'), "{}", issuer.product);
            for pattern in issuer.names {
                let found = bearer(&sample(pattern)).unwrap();
                assert!(std::ptr::eq(found, issuer), "{pattern:?}: {found:?}");
            }
        }
    }

    #[test]
    fn no_pattern_is_one_loose_word() {
        for pattern in ISSUERS.iter().flat_map(|issuer| issuer.names) {
            let parts = [
                &pattern.common_name,
                &pattern.organization,
                &pattern.organizational_unit,
                &pattern.email,
            ];
            let given: Vec<&Text> = parts.into_iter().flatten().collect();
            assert!(!given.is_empty());
            // A single attribute is compared whole, or by enough of it to be nobody else's.
            if let [Starts(start)] = given.as_slice() {
                assert!(start.len() >= 10, "{pattern:?}");
            }
        }
    }

    #[test]
    fn names_that_only_sound_like_them_are_not() {
        for attributes in [
            vec![(COMMON_NAME, "Zscaler")],
            vec![
                (ORGANIZATION, "Zscaler Fans"),
                (COMMON_NAME, "Zscaler Root CA"),
            ],
            vec![(ORGANIZATION, "Fortinet"), (COMMON_NAME, "www.example.com")],
            vec![(ORGANIZATION, "Cisco"), (COMMON_NAME, "Cisco Root CA")],
            vec![(COMMON_NAME, "ca.goskope.com")],
            vec![
                (ORGANIZATION, "Example"),
                (COMMON_NAME, "Sophos SSL CA_C01"),
            ],
            vec![(ORGANIZATION, "Example"), (COMMON_NAME, "kubernetes")],
            vec![(ORGANIZATION, "Example"), (COMMON_NAME, "Example Root CA")],
            vec![(COMMON_NAME, "mitmproxy")],
            vec![(ORGANIZATION, "Plesk")],
            vec![],
        ] {
            assert_eq!(product(&attributes), None, "{attributes:?}");
        }
        assert!(bearer(b"garbage").is_none());
    }

    #[test]
    fn no_public_root_bears_one_of_them() {
        let mut seen = 0;
        for line in ["18", "20", "22", "24", "26"] {
            for der in shipped_roots::of_node(NodeVersion::parse(line).unwrap()).unwrap() {
                let root = Certificate::decode_static(der, OpensslVersion::V3_5).unwrap();
                let known = bearer(root.subject_der());
                assert!(known.is_none(), "{}: {known:?}", root.subject());
                seen += 1;
            }
        }
        for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
            let root = Certificate::decode(root, OpensslVersion::V3_5).unwrap();
            assert!(bearer(root.subject_der()).is_none(), "{}", root.subject());
        }
        assert!(seen > 600);
    }
}
