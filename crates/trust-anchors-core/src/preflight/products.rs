//! Products that put a certificate authority of their own on a machine, told by the names they give it.

/// Part of a subject in lower case, and the product.
const PRODUCTS: &[(&str, &str)] = &[
    ("zscaler", "Zscaler"),
    ("netskope", "Netskope"),
    ("goskope", "Netskope"),
    ("palo alto", "Palo Alto Networks"),
    ("paloalto", "Palo Alto Networks"),
    ("globalprotect", "Palo Alto Networks"),
    ("fortinet", "Fortinet"),
    ("fortigate", "Fortinet"),
    ("check point", "Check Point"),
    ("checkpoint", "Check Point"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("opendns", "Cisco Umbrella"),
    ("cisco ironport", "Cisco Secure Web Appliance"),
    ("blue coat", "Blue Coat (Broadcom)"),
    ("bluecoat", "Blue Coat (Broadcom)"),
    ("broadcom", "Broadcom"),
    (
        "symantec web security",
        "Symantec Web Security Service (Broadcom)",
    ),
    ("sophos", "Sophos"),
    ("forcepoint", "Forcepoint"),
    ("websense", "Forcepoint"),
    ("barracuda", "Barracuda"),
    ("mcafee", "McAfee"),
    ("skyhigh", "Skyhigh Security"),
    ("trellix", "Trellix"),
    ("cloudflare for teams", "Cloudflare Zero Trust"),
    ("gateway ca - cloudflare", "Cloudflare Zero Trust"),
    ("cato networks", "Cato Networks"),
    ("iboss", "iboss"),
    ("watchguard", "WatchGuard"),
    ("sonicwall", "SonicWall"),
    ("trend micro", "Trend Micro"),
    ("untangle", "Untangle"),
    ("smoothwall", "Smoothwall"),
    ("securly", "Securly"),
    ("lightspeed", "Lightspeed"),
    ("kaspersky", "Kaspersky"),
    ("eset ssl filter", "ESET"),
    ("avast", "Avast"),
    ("avg web", "AVG"),
    ("avg technologies", "AVG"),
    ("bitdefender", "Bitdefender"),
    ("dr.web", "Dr.Web"),
    ("adguard", "AdGuard"),
    ("mitmproxy", "mitmproxy"),
    ("charles proxy", "Charles"),
    ("charlesproxy", "Charles"),
    ("fiddler", "Fiddler"),
    ("portswigger", "Burp Suite"),
    ("burp suite", "Burp Suite"),
    ("owasp zed attack proxy", "OWASP ZAP"),
    ("proxyman", "Proxyman"),
    ("http toolkit", "HTTP Toolkit"),
    ("mkcert", "mkcert"),
    ("caddy local authority", "Caddy"),
    ("squid", "Squid"),
];

/// The product that makes certificates with this subject; `None` when the name tells of none.
pub fn product(subject: &str) -> Option<&'static str> {
    let subject = subject.to_lowercase();
    PRODUCTS
        .iter()
        .find(|(part, _)| subject.contains(part))
        .map(|(_, product)| *product)
}

#[cfg(test)]
mod tests {
    use super::product;

    #[test]
    fn products_are_told_by_the_names_they_use() {
        for (subject, expected) in [
            (
                "emailAddress=support@zscaler.com,CN=Zscaler Root CA,OU=Zscaler Inc.,O=Zscaler Inc.,L=San Jose,ST=California,C=US",
                "Zscaler",
            ),
            ("CN=ca.example.goskope.com,O=Example", "Netskope"),
            ("CN=mitmproxy,O=mitmproxy", "mitmproxy"),
            ("CN=DO_NOT_TRUST_FiddlerRoot,O=DO_NOT_TRUST", "Fiddler"),
            ("CN=PortSwigger CA,O=PortSwigger", "Burp Suite"),
            ("CN=Caddy Local Authority - 2026 ECC Root", "Caddy"),
            (
                "CN=mkcert user@host,OU=user@host,O=mkcert development CA",
                "mkcert",
            ),
            ("CN=Fortinet_CA_SSL,O=Fortinet", "Fortinet"),
        ] {
            assert_eq!(product(subject), Some(expected), "{subject}");
        }
        assert_eq!(product("CN=Preset Root,O=Example"), None);
    }
}
