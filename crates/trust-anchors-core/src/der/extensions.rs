//! Whether OpenSSL can make sense of a certificate's extensions (`ossl_x509v3_cache_extensions` in
//! `crypto/x509/v3_purp.c`). A certificate of which it cannot is loaded like any other and called invalid from then on.
//!
//! The types are OpenSSL's templates in `crypto/x509/v3_*.c`, read as `asn1_item_embed_d2i` reads them. Bytes after a
//! value are ignored, as `X509V3_EXT_d2i` ignores them.

use super::{
    BIT_STRING, CONTEXT, DecodeError, Decoder, Extension, Frame, Header, INTEGER, NULL,
    OBJECT_IDENTIFIER, OCTET_STRING, OpensslVersion, Reason, SEQUENCE, SET, UNIVERSAL,
    check_characters, read_extensions,
};

pub(super) const IA5_STRING: u32 = 22;

const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x0e];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const ISSUER_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x12];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
const NETSCAPE_CERTIFICATE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
const PROXY_CERTIFICATE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0e];
const IP_ADDRESS_BLOCKS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x07];
const AUTONOMOUS_SYSTEMS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x08];

/// Whether OpenSSL calls a certificate with this `Extensions` sequence invalid (`EXFLAG_INVALID`): one of the extensions it
/// knows is there twice, cannot be decoded, or contradicts itself.
pub fn is_invalid(extensions: &[u8], version: OpensslVersion) -> bool {
    let all: Vec<Extension<'_>> = read_extensions(extensions).collect();
    let of = |identifier: &[u8]| {
        all.iter()
            .filter(move |extension| extension.identifier == identifier)
            .collect::<Vec<_>>()
    };
    let accepts =
        |identifier: &[u8], accept: fn(&mut Decoder<'_>, usize) -> Accepted| match of(identifier)
            .as_slice()
        {
            [] => true,
            [only] => {
                let mut decoder = Decoder::new(&only.value, version);
                accept(&mut decoder, only.value.len()).unwrap_or(false)
            }
            _ => false,
        };
    let is_ca = of(BASIC_CONSTRAINTS).first().is_some_and(|extension| {
        let mut decoder = Decoder::new(&extension.value, version);
        basic_constraints(&mut decoder, extension.value.len())
            .is_ok_and(|constraints| constraints.0)
    });
    let proxy_contradicts = is_ca
        || !of(SUBJECT_ALTERNATIVE_NAME).is_empty()
        || !of(ISSUER_ALTERNATIVE_NAME).is_empty();
    let is_readable = accepts(BASIC_CONSTRAINTS, |decoder, limit| {
        basic_constraints(decoder, limit).map(|(_, is_negative)| !is_negative)
    }) && accepts(PROXY_CERTIFICATE, |decoder, limit| {
        decoder.value(limit, &PROXY_CERTIFICATE_INFORMATION)
    }) && (of(PROXY_CERTIFICATE).is_empty() || !proxy_contradicts)
        && accepts(KEY_USAGE, |decoder, limit| {
            // Only the first two octets count, and no usage at all is a fault (RFC 5280 section 4.2.1.3).
            let usages = decoder.bit_string(limit)?.octets;
            Ok(usages.iter().take(2).any(|octet| *octet != 0))
        })
        && accepts(EXTENDED_KEY_USAGE, |decoder, limit| {
            decoder.template(limit, &many(&Type::Value(OBJECT_IDENTIFIER)), false)
        })
        && accepts(NETSCAPE_CERTIFICATE_TYPE, |decoder, limit| {
            decoder.value(limit, &Type::Value(BIT_STRING))
        })
        && accepts(SUBJECT_KEY_IDENTIFIER, |decoder, limit| {
            decoder.value(limit, &Type::Value(OCTET_STRING))
        })
        && accepts(AUTHORITY_KEY_IDENTIFIER, |decoder, limit| {
            decoder.value(limit, &AUTHORITY_KEY)
        })
        && accepts(SUBJECT_ALTERNATIVE_NAME, |decoder, limit| {
            decoder.template(limit, &many(&GENERAL_NAME), false)
        })
        && accepts(NAME_CONSTRAINTS, |decoder, limit| {
            decoder.value(limit, &CONSTRAINTS)
        })
        && accepts(CRL_DISTRIBUTION_POINTS, distribution_points)
        && accepts(IP_ADDRESS_BLOCKS, |decoder, limit| {
            decoder.template(limit, &many(&ADDRESS_FAMILY), false)
        })
        && accepts(AUTONOMOUS_SYSTEMS, |decoder, limit| {
            decoder.value(limit, &SYSTEM_IDENTIFIERS)
        });
    !is_readable
}

/// Whether OpenSSL decodes an extension value as `GeneralNames` (RFC 5280 section 4.2.1.6).
pub fn are_general_names(value: &[u8], version: OpensslVersion) -> bool {
    Decoder::new(value, version)
        .template(value.len(), &many(&GENERAL_NAME), false)
        .unwrap_or(false)
}

/// Whether OpenSSL can make something of this extension in an `Extensions` sequence, whatever the others are: it is there once and
/// can be decoded. Answers for proxyCertInfo and the resources of RFC 3779, which count in an invalid certificate too.
pub fn is_readable(extensions: &[u8], identifier: &[u8], version: OpensslVersion) -> bool {
    let mut found = read_extensions(extensions).filter(|found| found.identifier == identifier);
    let (Some(only), None) = (found.next(), found.next()) else {
        return false;
    };
    let limit = only.value.len();
    let mut decoder = Decoder::new(&only.value, version);
    match identifier {
        PROXY_CERTIFICATE => decoder.value(limit, &PROXY_CERTIFICATE_INFORMATION),
        IP_ADDRESS_BLOCKS => decoder.template(limit, &many(&ADDRESS_FAMILY), false),
        AUTONOMOUS_SYSTEMS => decoder.value(limit, &SYSTEM_IDENTIFIERS),
        _ => return false,
    }
    .unwrap_or(false)
}

/// Whether something is there; an error when what is there is wrong.
pub(super) type Accepted = Result<bool, DecodeError>;

/// `ASN1_ITEM`.
pub(super) enum Type {
    /// A primitive type of the universal class.
    Value(u32),
    /// `ASN1_ANY`.
    Any,
    /// `DIRECTORYSTRING`.
    DirectoryString,
    /// `X509_NAME`.
    Name,
    /// `X509_NAME_ENTRY`.
    NameAttribute,
    Sequence(&'static [Field]),
    Choice(&'static [Field]),
}

/// `ASN1_TEMPLATE`.
pub(super) struct Field {
    tag: Tag,
    is_optional: bool,
    /// The universal tag of the SEQUENCE OF or SET OF that holds any number of the type.
    many: Option<u32>,
    of: &'static Type,
}

#[derive(Clone, Copy)]
enum Tag {
    Own,
    Implicit(u32),
    Explicit(u32),
}

pub(super) const fn own(of: &'static Type) -> Field {
    field(Tag::Own, of)
}

pub(super) const fn implicit(number: u32, of: &'static Type) -> Field {
    field(Tag::Implicit(number), of)
}

const fn explicit(number: u32, of: &'static Type) -> Field {
    field(Tag::Explicit(number), of)
}

pub(super) const fn many(of: &'static Type) -> Field {
    Field {
        many: Some(SEQUENCE),
        ..field(Tag::Own, of)
    }
}

const fn field(tag: Tag, of: &'static Type) -> Field {
    Field {
        tag,
        is_optional: false,
        many: None,
        of,
    }
}

impl Field {
    pub(super) const fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }

    pub(super) const fn many_of(self, number: u32) -> Self {
        Self {
            many: Some(number),
            ..self
        }
    }
}

/// `GENERAL_NAME` (`v3_genn.c`).
static GENERAL_NAME: Type = Type::Choice(&[
    implicit(
        0,
        &Type::Sequence(&[
            own(&Type::Value(OBJECT_IDENTIFIER)),
            explicit(0, &Type::Any),
        ]),
    ),
    implicit(1, &Type::Value(IA5_STRING)),
    implicit(2, &Type::Value(IA5_STRING)),
    implicit(3, &Type::Value(SEQUENCE)),
    explicit(4, &Type::Name),
    implicit(
        5,
        &Type::Sequence(&[
            explicit(0, &Type::DirectoryString).optional(),
            explicit(1, &Type::DirectoryString),
        ]),
    ),
    implicit(6, &Type::Value(IA5_STRING)),
    implicit(7, &Type::Value(OCTET_STRING)),
    implicit(8, &Type::Value(OBJECT_IDENTIFIER)),
]);

/// `AUTHORITY_KEYID` (`v3_akeya.c`).
static AUTHORITY_KEY: Type = Type::Sequence(&[
    implicit(0, &Type::Value(OCTET_STRING)).optional(),
    implicit(1, &GENERAL_NAME).many_of(SEQUENCE).optional(),
    implicit(2, &Type::Value(INTEGER)).optional(),
]);

/// `NAME_CONSTRAINTS` and `GENERAL_SUBTREE` (`v3_ncons.c`).
static CONSTRAINTS: Type = Type::Sequence(&[
    implicit(0, &SUBTREE).many_of(SEQUENCE).optional(),
    implicit(1, &SUBTREE).many_of(SEQUENCE).optional(),
]);
static SUBTREE: Type = Type::Sequence(&[
    own(&GENERAL_NAME),
    implicit(0, &Type::Value(INTEGER)).optional(),
    implicit(1, &Type::Value(INTEGER)).optional(),
]);

/// `DIST_POINT_NAME` (`v3_crld.c`).
static DISTRIBUTION_POINT_NAME: Type = Type::Choice(&[
    implicit(0, &GENERAL_NAME).many_of(SEQUENCE),
    implicit(1, &Type::NameAttribute).many_of(SET),
]);

/// `PROXY_CERT_INFO_EXTENSION` (`v3_pcia.c`).
static PROXY_CERTIFICATE_INFORMATION: Type = Type::Sequence(&[
    own(&Type::Value(INTEGER)).optional(),
    own(&Type::Sequence(&[
        own(&Type::Value(OBJECT_IDENTIFIER)),
        own(&Type::Value(OCTET_STRING)).optional(),
    ])),
]);

/// `IPAddressFamily` (`v3_addr.c`).
static ADDRESS_FAMILY: Type = Type::Sequence(&[
    own(&Type::Value(OCTET_STRING)),
    own(&Type::Choice(&[
        own(&Type::Value(NULL)),
        many(&Type::Choice(&[
            own(&Type::Value(BIT_STRING)),
            own(&Type::Sequence(&[
                own(&Type::Value(BIT_STRING)),
                own(&Type::Value(BIT_STRING)),
            ])),
        ])),
    ])),
]);

/// `ASIdentifiers` (`v3_asid.c`).
static SYSTEM_IDENTIFIERS: Type = Type::Sequence(&[
    explicit(0, &SYSTEM_IDENTIFIER_CHOICE).optional(),
    explicit(1, &SYSTEM_IDENTIFIER_CHOICE).optional(),
]);
static SYSTEM_IDENTIFIER_CHOICE: Type = Type::Choice(&[
    own(&Type::Value(NULL)),
    many(&Type::Choice(&[
        own(&Type::Value(INTEGER)),
        own(&Type::Sequence(&[
            own(&Type::Value(INTEGER)),
            own(&Type::Value(INTEGER)),
        ])),
    ])),
]);

/// `BASIC_CONSTRAINTS` (`v3_bcons.c`): cA, and whether the path length is negative.
fn basic_constraints(decoder: &mut Decoder<'_>, limit: usize) -> Result<(bool, bool), DecodeError> {
    let mut frame = decoder.sequence(limit)?;
    let is_ca = decoder.field(&mut frame, Decoder::boolean_or_false)?;
    let path_length = decoder.field(&mut frame, Decoder::integer)?;
    decoder.close_sequence(&mut frame)?;
    let is_negative = path_length
        .and_then(|range| decoder.slice(range).first().copied())
        .is_some_and(|octet| octet >= 0x80);
    Ok((is_ca.unwrap_or_default(), is_negative))
}

/// `CRL_DIST_POINTS` (`v3_crld.c`) and `setup_dp`: each point has a name or an issuer.
fn distribution_points(decoder: &mut Decoder<'_>, limit: usize) -> Accepted {
    let mut points = decoder.collection(limit, SEQUENCE)?;
    let mut are_named = true;
    while decoder.more(&mut points)? {
        let mut point = decoder.sequence(points.limit)?;
        let name = explicit(0, &DISTRIBUTION_POINT_NAME);
        let reasons = implicit(1, &Type::Value(BIT_STRING));
        let issuers = implicit(2, &GENERAL_NAME).many_of(SEQUENCE);
        let has_name = decoder.field(&mut point, |decoder, limit| {
            decoder.template(limit, &name, true)
        })?;
        decoder.field(&mut point, |decoder, limit| {
            decoder.template(limit, &reasons, true)
        })?;
        let has_issuers = decoder.field(&mut point, |decoder, limit| {
            let header = decoder.header(limit)?;
            decoder.template(limit, &issuers, false)?;
            // An indefinite length holds at least the octets that end it.
            let end = if header.indefinite {
                decoder.at - 2
            } else {
                decoder.at
            };
            Ok(end > header.content)
        })?;
        decoder.close_sequence(&mut point)?;
        are_named &= has_name.unwrap_or_default() || has_issuers.unwrap_or_default();
    }
    decoder.close_collection(&points)?;
    Ok(are_named)
}

impl Decoder<'_> {
    /// `ASN1_item_d2i` of a type that is not tagged.
    pub(super) fn value(&mut self, limit: usize, of: &Type) -> Accepted {
        self.item(limit, of, None, false)
    }

    /// `asn1_template_ex_d2i`; false when an optional field is not here.
    fn template(&mut self, limit: usize, field: &Field, is_optional: bool) -> Accepted {
        match field.tag {
            Tag::Own => self.untagged(limit, field, None, is_optional),
            Tag::Implicit(number) => self.untagged(limit, field, Some(number), is_optional),
            Tag::Explicit(number) => {
                let Some(mut frame) = self.explicit(limit, number, is_optional)? else {
                    return Ok(false);
                };
                self.untagged(frame.limit, field, None, false)?;
                self.close_explicit(&mut frame)?;
                Ok(true)
            }
        }
    }

    /// `asn1_template_noexp_d2i`.
    fn untagged(
        &mut self,
        limit: usize,
        field: &Field,
        implicit: Option<u32>,
        is_optional: bool,
    ) -> Accepted {
        let Some(number) = field.many else {
            return self.item(limit, field.of, implicit, is_optional);
        };
        let Some(header) = self.tagged(limit, number, implicit, is_optional)? else {
            return Ok(false);
        };
        self.at = header.content;
        let mut frame = Frame::of(&header);
        while self.more(&mut frame)? {
            self.item(frame.limit, field.of, None, false)?;
        }
        self.close_collection(&frame)?;
        Ok(true)
    }

    /// `asn1_item_embed_d2i`.
    fn item(
        &mut self,
        limit: usize,
        of: &Type,
        implicit: Option<u32>,
        is_optional: bool,
    ) -> Accepted {
        match of {
            Type::Value(kind) => {
                let Some(header) = self.tagged(limit, *kind, implicit, is_optional)? else {
                    return Ok(false);
                };
                self.contents(&header, *kind)?;
            }
            Type::Any => {
                self.any(limit)?;
            }
            Type::DirectoryString => {
                self.one_of(limit, |number| matches!(number, 12 | 19 | 20 | 28 | 30))?;
            }
            Type::Name => {
                self.name(limit)?;
            }
            Type::NameAttribute => {
                // The one place that holds it makes a name of it (`DIST_POINT_set_dpname`), which its characters may prevent.
                let offset = self.at;
                let attribute = self.name_attribute(limit, 0)?;
                check_characters(attribute.string_type, &attribute.value)
                    .map_err(|reason| DecodeError { offset, reason })?;
            }
            Type::Choice(fields) => {
                for field in *fields {
                    if self.template(limit, field, true)? {
                        return Ok(true);
                    }
                }
                if is_optional {
                    return Ok(false);
                }
                return Err(self.fault(Reason::WrongTag));
            }
            Type::Sequence(fields) => {
                let Some(header) = self.tagged(limit, SEQUENCE, implicit, is_optional)? else {
                    return Ok(false);
                };
                if !header.constructed {
                    return Err(self.fault(Reason::SequenceNotConstructed));
                }
                self.at = header.content;
                let mut frame = Frame::of(&header);
                let mut rest = fields.iter();
                while self.more(&mut frame)? {
                    let Some(field) = rest.next() else { break };
                    // What is in the place of the last field must be it.
                    let is_last = rest.len() == 0;
                    self.template(frame.limit, field, field.is_optional && !is_last)?;
                    if is_last {
                        break;
                    }
                }
                self.close_sequence(&mut frame)?;
                if rest.any(|field| !field.is_optional) {
                    return Err(self.fault(Reason::FieldMissing));
                }
            }
        }
        Ok(true)
    }

    /// The header at hand, which must have the implicit tag or the type's own; `None` when it has another and may.
    fn tagged(
        &self,
        limit: usize,
        own: u32,
        implicit: Option<u32>,
        is_optional: bool,
    ) -> Result<Option<Header>, DecodeError> {
        let header = self.header(limit)?;
        let fits = match implicit {
            Some(number) => header.is(CONTEXT, number),
            None => header.is(UNIVERSAL, own),
        };
        if fits {
            Ok(Some(header))
        } else if is_optional {
            Ok(None)
        } else {
            Err(self.fault(Reason::WrongTag))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
        let contents = contents.concat();
        let mut element = vec![tag, u8::try_from(contents.len()).unwrap()];
        element.extend(contents);
        element
    }

    fn extensions(list: &[(&[u8], &[u8])]) -> Vec<u8> {
        let list: Vec<Vec<u8>> = list
            .iter()
            .map(|(identifier, value)| {
                element(0x30, &[&element(6, &[identifier]), &element(4, &[value])])
            })
            .collect();
        element(0x30, &list.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    fn invalid(list: &[(&[u8], &[u8])]) -> bool {
        is_invalid(&extensions(list), OpensslVersion::V3_0)
    }

    #[test]
    fn extensions_that_openssl_reads_are_not_invalid() {
        assert!(!is_invalid(b"", OpensslVersion::V3_0));
        assert!(!invalid(&[]));
        assert!(!invalid(&[
            (BASIC_CONSTRAINTS, b"\x30\x00"),
            (b"\x2a\x03", b"anything")
        ]));
        assert!(!invalid(&[(
            BASIC_CONSTRAINTS,
            b"\x30\x06\x01\x01\xff\x02\x01\x00trailing"
        )]));
        assert!(!invalid(&[(
            SUBJECT_ALTERNATIVE_NAME,
            b"\x30\x03\x82\x01a"
        )]));
        assert!(!invalid(&[(
            CRL_DISTRIBUTION_POINTS,
            b"\x30\x07\x30\x05\xa2\x03\x82\x01a"
        )]));
    }

    #[test]
    fn what_openssl_cannot_read_is_invalid() {
        assert!(invalid(&[(BASIC_CONSTRAINTS, b"garbage")]));
        assert!(invalid(&[(BASIC_CONSTRAINTS, b"\x30\x03\x02\x01\xff")]));
        assert!(invalid(&[(KEY_USAGE, b"\x03\x01\x00")]));
        assert!(invalid(&[(KEY_USAGE, b"\x03\x02\x00\x00")]));
        assert!(invalid(&[(SUBJECT_KEY_IDENTIFIER, b"")]));
        assert!(invalid(&[(SUBJECT_ALTERNATIVE_NAME, b"\x30\x03\x8a\x01a")]));
        assert!(invalid(&[(AUTHORITY_KEY_IDENTIFIER, b"\x30\x02\x83\x00")]));
    }

    #[test]
    fn what_contradicts_itself_is_invalid() {
        let twice: (&[u8], &[u8]) = (BASIC_CONSTRAINTS, b"\x30\x00");
        assert!(invalid(&[twice, twice]));
        assert!(invalid(&[(CRL_DISTRIBUTION_POINTS, b"\x30\x02\x30\x00")]));
        let proxy: (&[u8], &[u8]) = (PROXY_CERTIFICATE, b"\x30\x05\x30\x03\x06\x01\x2a");
        assert!(!invalid(&[proxy]));
        assert!(invalid(&[
            proxy,
            (BASIC_CONSTRAINTS, b"\x30\x03\x01\x01\xff")
        ]));
        assert!(invalid(&[proxy, (ISSUER_ALTERNATIVE_NAME, b"\x30\x00")]));
    }
}
