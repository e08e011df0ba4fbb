//! Certificates made to order for tests. Nothing in this crate tries a signature, so they carry none that is right.

/// What the certificate says.
#[derive(Debug, Clone)]
pub struct Forge {
    pub subject: &'static str,
    pub issuer: Option<&'static str>,
    /// Tells keys apart.
    pub key: u8,
    pub serial: u8,
    pub not_before: &'static str,
    pub not_after: &'static str,
    /// basicConstraints' cA; `None` for no extension.
    pub ca: Option<bool>,
    pub subject_key_identifier: bool,
    /// The key whose identifier the authority key identifier gives.
    pub authority_key: Option<u8>,
    /// The elements of subjectAltName; none for no extension.
    pub alternative_names: Vec<Vec<u8>>,
    /// The caIssuers of authorityInfoAccess; none for no extension.
    pub issuer_addresses: Vec<&'static str>,
}

impl Default for Forge {
    fn default() -> Self {
        Self {
            subject: "Example Root",
            issuer: None,
            key: 1,
            serial: 1,
            not_before: "20200101000000Z",
            not_after: "20450101000000Z",
            ca: Some(true),
            subject_key_identifier: true,
            authority_key: None,
            alternative_names: Vec::new(),
            issuer_addresses: Vec::new(),
        }
    }
}

impl Forge {
    /// The certificate in DER.
    pub fn der(&self) -> Vec<u8> {
        let algorithm = element(
            0x30,
            &element(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]),
        );
        let mut extensions = Vec::new();
        if let Some(ca) = self.ca {
            let value = if ca {
                element(0x01, &[0xff])
            } else {
                Vec::new()
            };
            extensions.extend(extension(19, &element(0x30, &value)));
        }
        if self.subject_key_identifier {
            extensions.extend(extension(14, &element(0x04, &[self.key; 20])));
        }
        if let Some(key) = self.authority_key {
            extensions.extend(extension(35, &element(0x30, &element(0x80, &[key; 20]))));
        }
        if !self.alternative_names.is_empty() {
            let names = element(0x30, &self.alternative_names.concat());
            extensions.extend(extension(17, &names));
        }
        if !self.issuer_addresses.is_empty() {
            let descriptions = self.issuer_addresses.iter().map(|address| {
                let method = element(0x06, &[0x2b, 6, 1, 5, 5, 7, 48, 2]);
                element(0x30, &[method, element(0x86, address.as_bytes())].concat())
            });
            let access = element(0x30, &descriptions.collect::<Vec<_>>().concat());
            extensions.extend(extension_of(&[0x2b, 6, 1, 5, 5, 7, 1, 1], &access));
        }
        let signed_part = [
            element(0xa0, &element(0x02, &[2])),
            element(0x02, &[self.serial]),
            algorithm.clone(),
            name(self.issuer.unwrap_or(self.subject)),
            element(
                0x30,
                &[
                    element(0x18, self.not_before.as_bytes()),
                    element(0x18, self.not_after.as_bytes()),
                ]
                .concat(),
            ),
            name(self.subject),
            self.public_key(),
            element(0xa3, &element(0x30, &extensions)),
        ]
        .concat();
        element(
            0x30,
            &[
                element(0x30, &signed_part),
                algorithm,
                element(0x03, &[0, 1, 2, 3, self.serial]),
            ]
            .concat(),
        )
    }

    /// The `SubjectPublicKeyInfo`.
    pub fn public_key(&self) -> Vec<u8> {
        let identifiers = [
            element(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
            element(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]),
        ]
        .concat();
        let mut point = vec![0, 4];
        point.extend([self.key; 64]);
        element(
            0x30,
            &[element(0x30, &identifiers), element(0x03, &point)].concat(),
        )
    }

    /// The certificate as PEM.
    pub fn pem(&self) -> String {
        super::pem(&self.der())
    }
}

/// An element with its tag and length.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut element = vec![tag];
    match content.len() {
        length @ ..=0x7f => element.push(length as u8),
        length => {
            let octets = length.to_be_bytes();
            let used = octets.iter().skip_while(|octet| **octet == 0);
            element.push(0x80 | used.clone().count() as u8);
            element.extend(used);
        }
    }
    element.extend(content);
    element
}

/// A name with one common name.
pub fn name(common_name: &str) -> Vec<u8> {
    let attribute = [
        element(0x06, &[0x55, 0x04, 0x03]),
        element(0x0c, common_name.as_bytes()),
    ]
    .concat();
    element(0x30, &element(0x31, &element(0x30, &attribute)))
}

fn extension(number: u8, value: &[u8]) -> Vec<u8> {
    extension_of(&[0x55, 0x1d, number], value)
}

fn extension_of(identifier: &[u8], value: &[u8]) -> Vec<u8> {
    let parts = [element(0x06, identifier), element(0x04, value)].concat();
    element(0x30, &parts)
}
