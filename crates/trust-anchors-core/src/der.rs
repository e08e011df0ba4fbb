//! Reading DER and BER, and the decision whether OpenSSL's `d2i_X509` accepts a certificate.
//!
//! Node hands every `CERTIFICATE` block of a CA file to `d2i_X509`, so what that function accepts is what Node trusts. It
//! reads BER, ignores what follows the certificate, checks some values and not others, and gives the certificate back with
//! only its outermost parts written anew. [`decode_certificate`] does the same, for the same inputs: no parser that is
//! stricter, more lenient or merely more correct can say what Node loads. The other functions read the parts of a
//! certificate that was accepted, in BER too.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

mod auxiliary;
mod extensions;
mod general_name;
mod value;
pub use auxiliary::{Uses, decode_auxiliary};
pub use extensions::{are_general_names, is_invalid, is_readable};
pub use general_name::{
    GeneralName, OtherName, Subtree, Subtrees, read_general_names, read_name_constraints,
};
pub use value::{Value, read_integer, values};

#[cfg(test)]
pub(crate) mod tests;

/// The OpenSSL release line whose decoder is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpensslVersion {
    /// OpenSSL 3.0: Node 18 and 20.
    V3_0,
    /// OpenSSL 3.5.0 to 3.5.6: Node 22, 24 and 26 up to the middle of 2026.
    V3_5_0,
    /// OpenSSL 3.5.7 and later: Node 22, 24 and 26.
    V3_5,
}

impl OpensslVersion {
    /// Whether `asn1_ex_c2i` refuses a UTCTime of less than 13 octets and a GeneralizedTime of less than 15.
    fn refuses_short_times(self) -> bool {
        self != Self::V3_0
    }

    /// Whether `asn1_get_length` wants another octet after length octets in the long form, even when the length is zero.
    fn wants_octet_after_long_length(self) -> bool {
        self != Self::V3_5
    }
}

/// A certificate that `d2i_X509` accepts.
#[derive(Debug, Clone)]
pub struct DecodedCertificate<'a> {
    /// How many bytes of the input the certificate takes; OpenSSL ignores what follows.
    pub consumed: usize,
    /// What `i2d_X509` gives back, and so the certificate's identity: the `TBSCertificate` as it was, the rest in DER.
    /// Borrowed when that is what was read.
    pub der: Cow<'a, [u8]>,
    /// Where the fields are, as ranges of `der`.
    pub fields: Fields,
}

/// Where the fields of a certificate are (RFC 5280 section 4.1), as ranges of [`DecodedCertificate::der`]. Every range holds a
/// whole element, which may be BER inside the `TBSCertificate`, unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The `TBSCertificate`, which the signature covers.
    pub tbs_certificate: Range<usize>,
    /// Content octets of the version; empty when there is none.
    pub version: Range<usize>,
    /// Content octets of the serial number.
    pub serial_number: Range<usize>,
    /// The `signature` algorithm inside the `TBSCertificate`.
    pub tbs_signature_algorithm: Range<usize>,
    /// The issuer `Name`.
    pub issuer: Range<usize>,
    /// The notBefore element.
    pub not_before: Range<usize>,
    /// The notAfter element.
    pub not_after: Range<usize>,
    /// The subject `Name`.
    pub subject: Range<usize>,
    /// The `SubjectPublicKeyInfo`.
    pub subject_public_key_info: Range<usize>,
    /// The `Extensions` sequence; empty when there is none.
    pub extensions: Range<usize>,
    /// The outer `signatureAlgorithm`.
    pub signature_algorithm: Range<usize>,
    /// The `signatureValue` BIT STRING.
    pub signature: Range<usize>,
}

/// Decodes a certificate as OpenSSL's `d2i_X509` does (`X509_it` in `crypto/x509/x_x509.c`, read by `ASN1_item_d2i`).
///
/// # Errors
///
/// What `d2i_X509` refuses, with the reason that OpenSSL queues first and the offset of the element it applies to.
pub fn decode_certificate(
    input: &[u8],
    version: OpensslVersion,
) -> Result<DecodedCertificate<'_>, DecodeError> {
    let mut decoder = Decoder::new(input, version);
    let mut frame = decoder.sequence(input.len())?;
    let fields = decoder.field(&mut frame, Decoder::tbs_certificate)?;
    let algorithm = decoder.field(&mut frame, Decoder::algorithm_identifier)?;
    let signature = decoder.field(&mut frame, Decoder::bit_string)?;
    decoder.close_sequence(&mut frame)?;
    let (Some(mut fields), Some(algorithm), Some(signature)) = (fields, algorithm, signature)
    else {
        return Err(decoder.fault(Reason::FieldMissing));
    };
    let consumed = decoder.at;
    let tbs_certificate = decoder.slice(fields.tbs_certificate.clone());
    let der = encoded_certificate(
        decoder.slice(0..consumed),
        &mut fields,
        tbs_certificate,
        &algorithm,
        &signature,
    );
    Ok(DecodedCertificate {
        consumed,
        der,
        fields,
    })
}

/// Whether the bytes are, or begin as, an X.509 certificate, whole or damaged further on: good enough to say what a file is meant
/// to be.
///
/// Told apart from the structures that begin alike: a certification request has no algorithm after its version, a revocation
/// list has a time after its issuer.
pub fn looks_like_certificate(input: &[u8]) -> bool {
    [OpensslVersion::V3_5, OpensslVersion::V3_0]
        .into_iter()
        .any(|version| decode_certificate(input, version).is_ok())
        || begins_like_certificate(input).unwrap_or_default()
}

/// `None` when there is no INTEGER where the serial number must be.
fn begins_like_certificate(input: &[u8]) -> Option<bool> {
    let (certificate, _) = enter(input, CONSTRUCTED_SEQUENCE)?;
    let (tbs, _) = enter(certificate, CONSTRUCTED_SEQUENCE)?;
    let versioned = step_over(tbs, 0xa0);
    let algorithm = step_over(versioned.unwrap_or(tbs), 0x02)?;
    let has_algorithm = match enter(algorithm, CONSTRUCTED_SEQUENCE) {
        Some((content, _)) => content.first().is_none_or(|tag| *tag == 0x06),
        None => algorithm.is_empty(),
    };
    let after_issuer = step_over(algorithm, CONSTRUCTED_SEQUENCE)
        .and_then(|issuer| step_over(issuer, CONSTRUCTED_SEQUENCE))
        .and_then(|validity| validity.first());
    let has_validity = after_issuer.is_none_or(|tag| *tag == CONSTRUCTED_SEQUENCE);
    Some(has_algorithm && (versioned.is_some() || has_validity))
}

/// What follows an element with this tag; nothing when it reaches past the end.
fn step_over(input: &[u8], tag: u8) -> Option<&[u8]> {
    let (content, length) = enter(input, tag)?;
    Some(content.get(length..).unwrap_or_default())
}

/// What follows the header of an element with this tag, and the length it tells.
fn enter(input: &[u8], tag: u8) -> Option<(&[u8], usize)> {
    let (&first, rest) = input.strip_prefix(&[tag])?.split_first()?;
    if first <= 0x80 {
        return Some((rest, usize::from(first & 0x7f)));
    }
    let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
    Some((rest, length(octets)?))
}

/// Why `d2i_X509` refuses the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError {
    /// Offset, from the start of the input, of the element that is refused.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

impl DecodeError {
    /// OpenSSL's text for the reason, from which Node makes an error code.
    pub fn openssl_reason(&self) -> &'static str {
        self.reason.openssl().1
    }

    /// The error that OpenSSL puts into its queue first, as `ERR_error_string` writes it: Node 18 and 20 print it in their
    /// warning about `NODE_EXTRA_CA_CERTS`.
    pub fn openssl_error(&self) -> String {
        let (number, text) = self.reason.openssl();
        format!("error:{number:08X}:asn1 encoding routines::{text}")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at byte {}", self.reason, self.offset)
    }
}

impl std::error::Error for DecodeError {}

macro_rules! reasons {
    ($($(#[$documentation:meta])* $name:ident = $number:literal $openssl:literal $text:literal,)*) => {
        /// What is wrong with an element, after OpenSSL's `ASN1_R_…` reasons.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$documentation])* $name,)*
        }

        impl Reason {
            /// OpenSSL's number for the reason, without the library's, and its text.
            fn reason(self) -> (u32, &'static str) {
                match self {
                    $(Self::$name => ($number, $openssl),)*
                }
            }
        }

        impl fmt::Display for Reason {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(match self {
                    $(Self::$name => $text,)*
                })
            }
        }
    };
}

reasons! {
    /// An element must begin where the data ends.
    TooSmall = 224 "too small" "the data ends where an element must begin",
    /// The identifier or length octets are cut off, too large, or indefinite on a primitive element.
    HeaderTooLong = 123 "header too long" "the tag or the length of an element is cut off or malformed",
    /// The length reaches past the end of the enclosing element.
    TooLong = 155 "too long" "the length of an element reaches past the end of the data",
    /// Another tag than the one that must be here.
    WrongTag = 168 "wrong tag" "another element than a certificate has in this place",
    /// A SEQUENCE without the constructed bit.
    SequenceNotConstructed = 149 "sequence not constructed" "a SEQUENCE is marked as primitive",
    /// An explicit tag without the constructed bit.
    ExplicitTagNotConstructed = 120 "explicit tag not constructed" "an explicit tag is marked as primitive",
    /// A SEQUENCE or SET among the algorithm's parameters or a name's values without the constructed bit.
    TypeNotConstructed = 156 "type not constructed" "a SEQUENCE or SET is marked as primitive",
    /// A BOOLEAN, INTEGER, NULL, OBJECT IDENTIFIER or ENUMERATED with the constructed bit.
    TypeNotPrimitive = 195 "type not primitive" "an element that must be primitive is marked as constructed",
    /// Something is left inside an explicit tag.
    ExplicitLengthMismatch = 119 "explicit length mismatch" "an explicit tag holds more than one element",
    /// Something is left at the end of a SEQUENCE.
    SequenceLengthMismatch = 148 "sequence length mismatch" "a SEQUENCE holds more elements than a certificate has there",
    /// End-of-contents octets where the length is definite.
    UnexpectedEndOfContents = 159 "unexpected eoc" "end-of-contents octets stand inside an element of definite length",
    /// No end-of-contents octets where the length is indefinite.
    MissingEndOfContents = 137 "missing eoc" "the end-of-contents octets of an element of indefinite length are missing",
    /// A SEQUENCE ends before its last required field.
    FieldMissing = 121 "field missing" "a SEQUENCE ends before its last required field",
    /// A constructed string nested more than five deep.
    StringNestedTooDeep = 197 "nested asn1 string" "a constructed string is nested more than five deep",
    /// A NULL with content.
    NullIsWrongLength = 144 "null is wrong length" "a NULL has content",
    /// A BOOLEAN that is not one octet long.
    BooleanIsWrongLength = 106 "boolean is wrong length" "a BOOLEAN is not one octet long",
    /// A BIT STRING without the octet that counts its unused bits.
    BitStringTooShort = 152 "string too short" "a BIT STRING is empty",
    /// A BIT STRING with more than seven unused bits.
    InvalidUnusedBits = 220 "invalid bit string bits left" "a BIT STRING claims more than seven unused bits",
    /// An INTEGER without content.
    IntegerIsEmpty = 222 "illegal zero content" "an INTEGER is empty",
    /// An INTEGER with more leading octets than it needs.
    IntegerIsPadded = 221 "illegal padding" "an INTEGER has superfluous leading octets",
    /// An OBJECT IDENTIFIER that is empty, cut off, or padded.
    InvalidObjectEncoding = 216 "invalid object encoding" "an OBJECT IDENTIFIER is empty, cut off or padded",
    /// A BMPString of an odd number of octets.
    BmpStringIsWrongLength = 214 "bmpstring is wrong length" "a BMPString has an odd number of octets",
    /// A UniversalString whose octets are not a multiple of four.
    UniversalStringIsWrongLength = 215 "universalstring is wrong length" "the octets of a UniversalString are not a multiple of four",
    /// A UTCTime of less than 13 octets (OpenSSL 3.5).
    UtcTimeIsTooShort = 233 "utctime is too short" "a UTCTime has less than 13 octets",
    /// A GeneralizedTime of less than 15 octets (OpenSSL 3.5).
    GeneralizedTimeIsTooShort = 232 "generalizedtime is too short" "a GeneralizedTime has less than 15 octets",
    /// A string or time whose tag is not of the universal class.
    StringNotUniversal = 139 "mstring not universal" "another element than a string or a time stands where one must be",
    /// A string or time of a type that is not allowed here.
    StringWrongTag = 140 "mstring wrong tag" "a string or a time is of a type that is not allowed here",
    /// A UTF8String in a name that is not UTF-8.
    InvalidUtf8 = 134 "invalid utf8string" "a UTF8String of a name is not UTF-8",
    /// A BMPString or UniversalString in a name with a value that is not a Unicode character.
    IllegalCharacters = 124 "illegal characters" "a string of a name holds a value that is not a Unicode character",
    /// The public key's algorithm has an identifier of more than 586 octets.
    KeyAlgorithmTooLong = 0x8010a "nested asn1 error" "the identifier of the public key's algorithm has more than 586 octets",
}

impl Reason {
    /// OpenSSL's packed error number (`ERR_PACK` with `ERR_LIB_ASN1`) and its text.
    fn openssl(self) -> (u32, &'static str) {
        const ERR_LIB_ASN1: u32 = 13;
        let (number, text) = self.reason();
        ((ERR_LIB_ASN1 << 23) | number, text)
    }
}

/// One tag-length-value element of definite length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The content octets.
    pub content: &'a [u8],
    /// Identifier, length and content octets.
    pub whole: &'a [u8],
}

/// Reads one element of definite length with a one-byte tag, and returns it with what follows it. Longer length octets than
/// necessary are accepted: most of what is in a certificate, OpenSSL accepts so.
pub fn read_element(input: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = input.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 {
            return None;
        }
        let (octets, rest) = rest.split_at_checked(count)?;
        (length(octets)?, rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    let whole = input.get(..input.len() - after.len())?;
    Some((
        Element {
            tag,
            content,
            whole,
        },
        after,
    ))
}

/// An `AlgorithmIdentifier` (RFC 5280 section 4.1.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmIdentifier<'a> {
    /// Content octets of the object identifier.
    pub algorithm: &'a [u8],
    /// The parameters as a whole element, as `i2d_X509_ALGOR` writes them.
    pub parameters: Option<Cow<'a, [u8]>>,
}

/// The value of a BIT STRING.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BitString<'a> {
    /// How many bits of the last octet do not count: 0 to 7.
    pub unused_bits: u8,
    /// The octets, with the unused bits zero.
    pub octets: Cow<'a, [u8]>,
}

/// One attribute of a `Name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAttribute<'a> {
    /// Which relative distinguished name it belongs to, from 0.
    pub set: usize,
    /// Content octets of the attribute's type.
    pub attribute: &'a [u8],
    /// Universal tag number of the value: 12 UTF8String, 19 PrintableString, 22 IA5String, 30 BMPString …
    pub string_type: u32,
    /// The value's octets in the encoding of its type; for a SEQUENCE the whole element.
    pub value: Cow<'a, [u8]>,
}

impl NameAttribute<'_> {
    /// The value as a whole element.
    pub fn value_der(&self) -> Vec<u8> {
        if self.string_type == SEQUENCE {
            return self.value.to_vec();
        }
        let header = HeaderOctets::new(false, self.string_type, self.value.len());
        [&header, &*self.value].concat()
    }

    /// The value as text (`ASN1_STRING_to_UTF8`); `None` for a type that is none. NumericString, PrintableString, TeletexString and
    /// IA5String are Latin-1 to OpenSSL.
    pub fn to_utf8(&self) -> Option<Cow<'_, str>> {
        let octets = &*self.value;
        match self.string_type {
            UTF8_STRING => std::str::from_utf8(octets).ok().map(Cow::Borrowed),
            18 | 19 | 20 | 22 => match std::str::from_utf8(octets) {
                Ok(text) if octets.is_ascii() => Some(text.into()),
                _ => Some(octets.iter().map(|octet| char::from(*octet)).collect()),
            },
            BMP_STRING => characters(octets, 2).map(Cow::Owned),
            UNIVERSAL_STRING => characters(octets, 4).map(Cow::Owned),
            _ => None,
        }
    }
}

/// Characters of so many octets each.
fn characters(octets: &[u8], size: usize) -> Option<String> {
    octets
        .chunks(size)
        .map(|unit| {
            let number = unit
                .iter()
                .fold(0, |number, octet| (number << 8) | u32::from(*octet));
            char::from_u32(number).filter(|_| unit.len() == size)
        })
        .collect()
}

/// One certificate extension (RFC 5280 section 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension<'a> {
    /// Content octets of the extension's identifier.
    pub identifier: &'a [u8],
    /// Whether it is critical: any BOOLEAN but 0.
    pub critical: bool,
    /// The octets of extnValue, which encode the extension.
    pub value: Cow<'a, [u8]>,
}

/// The universal tag number (23 UTCTime, 24 GeneralizedTime) and the text of a `Time` that [`decode_certificate`] accepted.
pub fn read_time(element: &[u8]) -> Option<(u32, Cow<'_, [u8]>)> {
    Decoder::lenient(element).time(element.len()).ok()
}

/// Reads an `AlgorithmIdentifier` that [`decode_certificate`] accepted.
pub fn read_algorithm_identifier(element: &[u8]) -> Option<AlgorithmIdentifier<'_>> {
    Decoder::lenient(element)
        .algorithm_identifier(element.len())
        .ok()
}

/// Reads a `SubjectPublicKeyInfo` that [`decode_certificate`] accepted.
pub fn read_subject_public_key_info(
    element: &[u8],
) -> Option<(AlgorithmIdentifier<'_>, BitString<'_>)> {
    Decoder::lenient(element)
        .subject_public_key_info(element.len())
        .ok()
}

/// The content octets of the `N` INTEGERs of a SEQUENCE that holds nothing else, whatever they are padded with: the numbers of
/// keys (`BIGNUM_it` in `crypto/asn1/x_bignum.c`, which takes them for unsigned). What follows the SEQUENCE is not looked at.
pub fn read_numbers<const N: usize>(input: &[u8]) -> Option<[&[u8]; N]> {
    let mut decoder = Decoder::lenient(input);
    let mut frame = decoder.sequence(input.len()).ok()?;
    let mut numbers = [&[][..]; N];
    for number in &mut numbers {
        let header = decoder.expect(frame.limit, UNIVERSAL, INTEGER).ok()?;
        if header.constructed || !decoder.more(&mut frame).ok()? {
            return None;
        }
        decoder.at = header.end;
        *number = decoder.slice(header.content..header.end);
    }
    decoder.close_sequence(&mut frame).ok()?;
    Some(numbers)
}

/// The header and the content of a SEQUENCE in DER.
pub fn sequence_of(content: &[u8]) -> Vec<u8> {
    [&HeaderOctets::new(true, SEQUENCE, content.len()), content].concat()
}

/// A non-negative INTEGER in DER, from its octets with or without leading zeros.
pub fn unsigned_integer(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(zeros..).unwrap_or_default();
    // A zero octet keeps the first bit from meaning a negative number, and stands for zero itself.
    let padding = significant.first().is_none_or(|octet| octet & 0x80 != 0);
    let padding: &[u8] = if padding { &[0] } else { &[] };
    let length = padding.len() + significant.len();
    [
        &HeaderOctets::new(false, INTEGER, length),
        padding,
        significant,
    ]
    .concat()
}

/// The attributes of a `Name` that [`decode_certificate`] accepted, in their order.
pub fn name_attributes(name: &[u8]) -> impl Iterator<Item = NameAttribute<'_>> {
    let mut decoder = Decoder::lenient(name);
    let mut outer = decoder.collection(name.len(), SEQUENCE).ok();
    let mut inner: Option<Frame> = None;
    let mut sets = 0;
    std::iter::from_fn(move || {
        loop {
            if let Some(frame) = &mut inner {
                if decoder.more(frame).ok()? {
                    return decoder.name_attribute(frame.limit, sets - 1).ok();
                }
                inner = None;
            }
            let frame = outer.as_mut()?;
            if !decoder.more(frame).ok()? {
                return None;
            }
            inner = Some(decoder.collection(frame.limit, SET).ok()?);
            sets += 1;
        }
    })
}

/// The extensions of an `Extensions` sequence that [`decode_certificate`] accepted, in their order.
pub fn read_extensions(sequence: &[u8]) -> impl Iterator<Item = Extension<'_>> {
    let mut decoder = Decoder::lenient(sequence);
    let mut frame = decoder.collection(sequence.len(), SEQUENCE).ok();
    std::iter::from_fn(move || {
        let frame = frame.as_mut()?;
        if !decoder.more(frame).ok()? {
            return None;
        }
        decoder.extension(frame.limit).ok()
    })
}

const CONSTRUCTED_SEQUENCE: u8 = 0x30;

const UNIVERSAL: u8 = 0x00;
const CONTEXT: u8 = 0x80;

const BOOLEAN: u32 = 1;
const INTEGER: u32 = 2;
const BIT_STRING: u32 = 3;
const OCTET_STRING: u32 = 4;
const NULL: u32 = 5;
const OBJECT_IDENTIFIER: u32 = 6;
const ENUMERATED: u32 = 10;
const UTF8_STRING: u32 = 12;
const SEQUENCE: u32 = 16;
const SET: u32 = 17;
const UTC_TIME: u32 = 23;
const GENERALIZED_TIME: u32 = 24;
const UNIVERSAL_STRING: u32 = 28;
const BMP_STRING: u32 = 30;

/// OpenSSL's `V_ASN1_OTHER`: a value that is not of the universal class and is kept as it is encoded.
const OTHER: u32 = u32::MAX;

/// `X509_NAME_MAX`: a `Name` sees no more octets than this.
const NAME_MAX: usize = 1024 * 1024;

/// `ASN1_MAX_STRING_NEST`. The other limit, `ASN1_MAX_CONSTRUCTED_NEST` of 30, is out of a certificate's reach: no type in it
/// contains itself.
const STRING_NEST_MAX: u32 = 5;

/// The longest object identifier that `OBJ_obj2txt` writes.
const OBJECT_TEXT_MAX: usize = 586;

/// What the identifier and length octets of an element say (`ASN1_get_object`).
struct Header {
    class: u8,
    number: u32,
    constructed: bool,
    indefinite: bool,
    /// Offset of the first content octet.
    content: usize,
    /// Offset after the content; of an indefinite length, the end of the enclosing element.
    end: usize,
}

/// How far an element that contains others reaches, and whether its end was seen.
struct Frame {
    limit: usize,
    indefinite: bool,
    closed: bool,
}

struct Decoder<'a> {
    input: &'a [u8],
    at: usize,
    version: Option<OpensslVersion>,
}

impl<'a> Decoder<'a> {
    fn new(input: &'a [u8], version: OpensslVersion) -> Self {
        Self {
            input,
            at: 0,
            version: Some(version),
        }
    }

    /// For parts of a certificate that was accepted before, by whichever version: nothing is refused that one of them accepts.
    fn lenient(input: &'a [u8]) -> Self {
        Self {
            input,
            at: 0,
            version: None,
        }
    }

    fn refuses(&self, refused_by: fn(OpensslVersion) -> bool) -> bool {
        self.version.is_some_and(refused_by)
    }

    /// `X509_CINF` (`crypto/x509/x_x509.c`).
    fn tbs_certificate(&mut self, limit: usize) -> Result<Fields, DecodeError> {
        let start = self.at;
        let mut frame = self.sequence(limit)?;
        let version = self.field(&mut frame, Self::version)?;
        let serial_number = self.field(&mut frame, Self::integer)?;
        let algorithm = self.field(&mut frame, |decoder, limit| {
            decoder.located(limit, Self::algorithm_identifier)
        })?;
        let issuer = self.field(&mut frame, Self::name)?;
        let validity = self.field(&mut frame, Self::validity)?;
        let subject = self.field(&mut frame, Self::name)?;
        let key = self.field(&mut frame, |decoder, limit| {
            decoder.located(limit, Self::subject_public_key_info)
        })?;
        self.field(&mut frame, |decoder, limit| {
            decoder.unique_identifier(limit, 1)
        })?;
        self.field(&mut frame, |decoder, limit| {
            decoder.unique_identifier(limit, 2)
        })?;
        let extensions = self.field(&mut frame, Self::extensions)?;
        self.close_sequence(&mut frame)?;
        let (
            Some(serial_number),
            Some((tbs_signature_algorithm, _)),
            Some(issuer),
            Some((not_before, not_after)),
            Some(subject),
            Some((subject_public_key_info, _)),
        ) = (serial_number, algorithm, issuer, validity, subject, key)
        else {
            return Err(self.fault(Reason::FieldMissing));
        };
        Ok(Fields {
            tbs_certificate: start..self.at,
            version: version.flatten().unwrap_or_default(),
            serial_number,
            tbs_signature_algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            subject_public_key_info,
            extensions: extensions.unwrap_or_default(),
            ..Fields::default()
        })
    }

    fn version(&mut self, limit: usize) -> Result<Option<Range<usize>>, DecodeError> {
        let Some(mut frame) = self.explicit(limit, 0, true)? else {
            return Ok(None);
        };
        let version = self.integer(frame.limit)?;
        self.close_explicit(&mut frame)?;
        Ok(Some(version))
    }

    /// The content octets of an INTEGER (`ASN1_INTEGER`).
    fn integer(&mut self, limit: usize) -> Result<Range<usize>, DecodeError> {
        let header = self.expect(limit, UNIVERSAL, INTEGER)?;
        self.contents(&header, INTEGER)?;
        Ok(header.content..header.end)
    }

    /// The content octets of an OBJECT IDENTIFIER (`ASN1_OBJECT`).
    fn object_identifier(&mut self, limit: usize) -> Result<&'a [u8], DecodeError> {
        let header = self.expect(limit, UNIVERSAL, OBJECT_IDENTIFIER)?;
        self.contents(&header, OBJECT_IDENTIFIER)?;
        Ok(self.slice(header.content..header.end))
    }

    /// `ASN1_BIT_STRING`.
    fn bit_string(&mut self, limit: usize) -> Result<BitString<'a>, DecodeError> {
        let header = self.expect(limit, UNIVERSAL, BIT_STRING)?;
        Ok(BitString::new(self.contents(&header, BIT_STRING)?))
    }

    /// issuerUniqueID and subjectUniqueID: an implicitly tagged, optional `ASN1_BIT_STRING`.
    fn unique_identifier(&mut self, limit: usize, number: u32) -> Result<(), DecodeError> {
        let header = self.header(limit)?;
        if header.is(CONTEXT, number) {
            self.contents(&header, BIT_STRING)?;
        }
        Ok(())
    }

    /// `X509_ALGOR` (`crypto/asn1/x_algor.c`).
    fn algorithm_identifier(
        &mut self,
        limit: usize,
    ) -> Result<AlgorithmIdentifier<'a>, DecodeError> {
        let mut frame = self.sequence(limit)?;
        let algorithm = self.field(&mut frame, Self::object_identifier)?;
        let parameters = self.field(&mut frame, Self::any)?;
        self.close_sequence(&mut frame)?;
        Ok(AlgorithmIdentifier {
            algorithm: algorithm.ok_or_else(|| self.fault(Reason::FieldMissing))?,
            parameters,
        })
    }

    /// `ASN1_ANY`, given back as `i2d_ASN1_TYPE` writes it: strings primitive and all headers in DER, except that SEQUENCE, SET
    /// and everything outside the universal class stay as they are.
    fn any(&mut self, limit: usize) -> Result<Cow<'a, [u8]>, DecodeError> {
        let start = self.at;
        let header = self.header(limit)?;
        let kind = if header.class == UNIVERSAL {
            header.number
        } else {
            OTHER
        };
        let contents = self.contents(&header, kind)?;
        let read = self.slice(start..self.at);
        Ok(match kind {
            SEQUENCE | SET | OTHER => contents,
            BIT_STRING => {
                let value = BitString::new(contents);
                unless_equal(read, &value.pieces(&value.header()))
            }
            _ => unless_equal(
                read,
                &[&HeaderOctets::new(false, kind, contents.len()), &contents],
            ),
        })
    }

    /// `X509_NAME` (`x509_name_ex_d2i` in `crypto/x509/x_name.c`).
    fn name(&mut self, limit: usize) -> Result<Range<usize>, DecodeError> {
        let start = self.at;
        let limit = limit.min(start.saturating_add(NAME_MAX));
        // `x509_name_canon` runs when the whole name is read: any other fault in the name is reported before its faults.
        let mut canonical = Ok(());
        let mut name = self.collection(limit, SEQUENCE)?;
        while self.more(&mut name)? {
            let mut set = self.collection(name.limit, SET)?;
            while self.more(&mut set)? {
                let entry = self.at;
                let attribute = self.name_attribute(set.limit, 0)?;
                if canonical.is_ok() {
                    canonical = check_characters(attribute.string_type, &attribute.value).map_err(
                        |reason| DecodeError {
                            offset: entry,
                            reason,
                        },
                    );
                }
            }
            self.close_collection(&set)?;
        }
        self.close_collection(&name)?;
        canonical?;
        Ok(start..self.at)
    }

    /// `X509_NAME_ENTRY` (`crypto/x509/x_name.c`), as a member of this set.
    fn name_attribute(
        &mut self,
        limit: usize,
        set: usize,
    ) -> Result<NameAttribute<'a>, DecodeError> {
        let mut frame = self.sequence(limit)?;
        let attribute = self.field(&mut frame, Self::object_identifier)?;
        let value = self.field(&mut frame, |decoder, limit| {
            decoder.one_of(limit, is_printable_type)
        })?;
        self.close_sequence(&mut frame)?;
        match (attribute, value) {
            (Some(attribute), Some((string_type, value))) => Ok(NameAttribute {
                set,
                attribute,
                string_type,
                value,
            }),
            _ => Err(self.fault(Reason::FieldMissing)),
        }
    }

    /// `X509_VAL` (`crypto/x509/x_val.c`): where notBefore and notAfter are.
    fn validity(&mut self, limit: usize) -> Result<(Range<usize>, Range<usize>), DecodeError> {
        let mut frame = self.sequence(limit)?;
        let not_before = self.field(&mut frame, |decoder, limit| {
            decoder.located(limit, Self::time)
        })?;
        let not_after = self.field(&mut frame, |decoder, limit| {
            decoder.located(limit, Self::time)
        })?;
        self.close_sequence(&mut frame)?;
        match (not_before, not_after) {
            (Some((not_before, _)), Some((not_after, _))) => Ok((not_before, not_after)),
            _ => Err(self.fault(Reason::FieldMissing)),
        }
    }

    /// `ASN1_TIME`: the tag and the length decide, never the digits.
    fn time(&mut self, limit: usize) -> Result<(u32, Cow<'a, [u8]>), DecodeError> {
        self.one_of(limit, |number| {
            matches!(number, UTC_TIME | GENERALIZED_TIME)
        })
    }

    /// `X509_PUBKEY` (`x509_pubkey_ex_d2i_ex` in `crypto/x509/x_pubkey.c`). A key that cannot be decoded is not a fault, but an
    /// algorithm that cannot be written as text is: OpenSSL then gives up before it tries to decode the key.
    fn subject_public_key_info(
        &mut self,
        limit: usize,
    ) -> Result<(AlgorithmIdentifier<'a>, BitString<'a>), DecodeError> {
        let start = self.at;
        let mut frame = self.sequence(limit)?;
        let algorithm = self.field(&mut frame, Self::algorithm_identifier)?;
        let key = self.field(&mut frame, Self::bit_string)?;
        self.close_sequence(&mut frame)?;
        let (Some(algorithm), Some(key)) = (algorithm, key) else {
            return Err(self.fault(Reason::FieldMissing));
        };
        if algorithm.algorithm.len() > OBJECT_TEXT_MAX {
            return Err(DecodeError {
                offset: start,
                reason: Reason::KeyAlgorithmTooLong,
            });
        }
        Ok((algorithm, key))
    }

    /// The explicitly tagged SEQUENCE OF `X509_EXTENSION`. The last field of `X509_CINF`: what is here must be it.
    fn extensions(&mut self, limit: usize) -> Result<Range<usize>, DecodeError> {
        let mut outer = self
            .explicit(limit, 3, false)?
            .ok_or_else(|| self.fault(Reason::WrongTag))?;
        let start = self.at;
        let mut frame = self.collection(outer.limit, SEQUENCE)?;
        while self.more(&mut frame)? {
            self.extension(frame.limit)?;
        }
        self.close_collection(&frame)?;
        let extensions = start..self.at;
        self.close_explicit(&mut outer)?;
        Ok(extensions)
    }

    /// A BOOLEAN DEFAULT FALSE (`ASN1_FBOOLEAN`); false, and nothing read, where another element stands.
    fn boolean_or_false(&mut self, limit: usize) -> Result<bool, DecodeError> {
        let header = self.header(limit)?;
        if !header.is(UNIVERSAL, BOOLEAN) {
            return Ok(false);
        }
        let contents = self.contents(&header, BOOLEAN)?;
        Ok(contents.first().is_some_and(|octet| *octet != 0))
    }

    /// `X509_EXTENSION` (`crypto/x509/x_exten.c`). The extension's own encoding is not looked into.
    fn extension(&mut self, limit: usize) -> Result<Extension<'a>, DecodeError> {
        let mut frame = self.sequence(limit)?;
        let identifier = self.field(&mut frame, Self::object_identifier)?;
        let critical = self.field(&mut frame, Self::boolean_or_false)?;
        let value = self.field(&mut frame, |decoder, limit| {
            let header = decoder.expect(limit, UNIVERSAL, OCTET_STRING)?;
            decoder.contents(&header, OCTET_STRING)
        })?;
        self.close_sequence(&mut frame)?;
        match (identifier, value) {
            (Some(identifier), Some(value)) => Ok(Extension {
                identifier,
                critical: critical.unwrap_or_default(),
                value,
            }),
            _ => Err(self.fault(Reason::FieldMissing)),
        }
    }

    /// `ASN1_ITYPE_MSTRING`: any of several universal types. The type's number and the contents.
    fn one_of(
        &mut self,
        limit: usize,
        allowed: fn(u32) -> bool,
    ) -> Result<(u32, Cow<'a, [u8]>), DecodeError> {
        let header = self.header(limit)?;
        if header.class != UNIVERSAL {
            return Err(self.fault(Reason::StringNotUniversal));
        }
        if !allowed(header.number) {
            return Err(self.fault(Reason::StringWrongTag));
        }
        Ok((header.number, self.contents(&header, header.number)?))
    }

    /// The contents of the element at hand, which this moves past (`asn1_d2i_ex_primitive`): SEQUENCE, SET and what is not
    /// universal as encoded, constructed strings put together, all else as it is.
    fn contents(&mut self, header: &Header, kind: u32) -> Result<Cow<'a, [u8]>, DecodeError> {
        let start = self.at;
        let contents = match kind {
            SEQUENCE | SET | OTHER => {
                if kind != OTHER && !header.constructed {
                    return Err(self.fault(Reason::TypeNotConstructed));
                }
                if header.indefinite {
                    self.find_end(header)?;
                } else {
                    self.at = header.end;
                }
                Cow::Borrowed(self.slice(start..self.at))
            }
            BOOLEAN | INTEGER | NULL | OBJECT_IDENTIFIER | ENUMERATED if header.constructed => {
                return Err(self.fault(Reason::TypeNotPrimitive));
            }
            _ if header.constructed => {
                let mut collected = Vec::new();
                self.at = header.content;
                self.collect(header, 0, &mut collected)?;
                Cow::Owned(collected)
            }
            _ => {
                self.at = header.end;
                Cow::Borrowed(self.slice(header.content..header.end))
            }
        };
        let short_times = !self.refuses(OpensslVersion::refuses_short_times);
        match check_contents(kind, &contents, short_times) {
            Ok(()) => Ok(contents),
            Err(reason) => Err(DecodeError {
                offset: start,
                reason,
            }),
        }
    }

    /// Moves past the end-of-contents octets of an indefinite length, without a look at what stands before them but the lengths
    /// (`asn1_find_end`).
    fn find_end(&mut self, header: &Header) -> Result<(), DecodeError> {
        let mut open = 1usize;
        self.at = header.content;
        while self.at < header.end {
            if self.end_of_contents(header.end) {
                open -= 1;
                if open == 0 {
                    return Ok(());
                }
                continue;
            }
            let inner = self.header(header.end)?;
            if inner.indefinite {
                open += 1;
                self.at = inner.content;
            } else {
                self.at = inner.end;
            }
        }
        Err(self.fault(Reason::MissingEndOfContents))
    }

    /// Puts the segments of a constructed string together, whatever their tags (`asn1_collect`).
    fn collect(
        &mut self,
        header: &Header,
        depth: u32,
        collected: &mut Vec<u8>,
    ) -> Result<(), DecodeError> {
        let mut frame = Frame::of(header);
        while self.more(&mut frame)? {
            let segment = self.header(frame.limit)?;
            if segment.constructed {
                if depth >= STRING_NEST_MAX {
                    return Err(self.fault(Reason::StringNestedTooDeep));
                }
                self.at = segment.content;
                self.collect(&segment, depth + 1, collected)?;
            } else {
                collected.extend_from_slice(self.slice(segment.content..segment.end));
                self.at = segment.end;
            }
        }
        self.close_collection(&frame)
    }

    /// Enters a SEQUENCE (`ASN1_ITYPE_SEQUENCE` of `asn1_item_embed_d2i`).
    fn sequence(&mut self, limit: usize) -> Result<Frame, DecodeError> {
        let header = self.expect(limit, UNIVERSAL, SEQUENCE)?;
        if !header.constructed {
            return Err(self.fault(Reason::SequenceNotConstructed));
        }
        self.at = header.content;
        Ok(Frame::of(&header))
    }

    /// Reads the next field of a SEQUENCE; `None` when the SEQUENCE has ended.
    fn field<T>(
        &mut self,
        frame: &mut Frame,
        read: impl FnOnce(&mut Self, usize) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if self.more(frame)? {
            read(self, frame.limit).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Leaves a SEQUENCE: nothing may be left in it.
    fn close_sequence(&mut self, frame: &mut Frame) -> Result<(), DecodeError> {
        if frame.indefinite {
            self.close_indefinite(frame)
        } else if self.at == frame.limit {
            Ok(())
        } else {
            Err(self.fault(Reason::SequenceLengthMismatch))
        }
    }

    /// Enters an explicit tag of the context class (`asn1_template_ex_d2i`); `None` when it is optional and not here.
    fn explicit(
        &mut self,
        limit: usize,
        number: u32,
        optional: bool,
    ) -> Result<Option<Frame>, DecodeError> {
        let header = self.header(limit)?;
        if !header.is(CONTEXT, number) {
            return if optional {
                Ok(None)
            } else {
                Err(self.fault(Reason::WrongTag))
            };
        }
        if !header.constructed {
            return Err(self.fault(Reason::ExplicitTagNotConstructed));
        }
        self.at = header.content;
        Ok(Some(Frame::of(&header)))
    }

    /// Leaves an explicit tag: nothing may be left in it.
    fn close_explicit(&mut self, frame: &mut Frame) -> Result<(), DecodeError> {
        if frame.indefinite {
            self.close_indefinite(frame)
        } else if self.at == frame.limit {
            Ok(())
        } else {
            Err(self.fault(Reason::ExplicitLengthMismatch))
        }
    }

    fn close_indefinite(&mut self, frame: &mut Frame) -> Result<(), DecodeError> {
        if frame.closed || self.end_of_contents(frame.limit) {
            Ok(())
        } else {
            Err(self.fault(Reason::MissingEndOfContents))
        }
    }

    /// Enters a SEQUENCE OF or SET OF (`asn1_template_noexp_d2i`), which OpenSSL accepts without the constructed bit.
    fn collection(&mut self, limit: usize, number: u32) -> Result<Frame, DecodeError> {
        let header = self.expect(limit, UNIVERSAL, number)?;
        self.at = header.content;
        Ok(Frame::of(&header))
    }

    /// Whether another element follows; moves past the end-of-contents octets if they do.
    fn more(&mut self, frame: &mut Frame) -> Result<bool, DecodeError> {
        if frame.closed || self.at >= frame.limit {
            return Ok(false);
        }
        let start = self.at;
        if self.end_of_contents(frame.limit) {
            if !frame.indefinite {
                // Parameters of tag 0 without content are refused, unless their encoding differs; then `i2d_X509` writes this.
                self.at = start;
                if self.version.is_none() {
                    return Ok(true);
                }
                return Err(DecodeError {
                    offset: start,
                    reason: Reason::UnexpectedEndOfContents,
                });
            }
            frame.closed = true;
            return Ok(false);
        }
        Ok(true)
    }

    /// Leaves a SEQUENCE OF, SET OF or constructed string of which all elements are read.
    fn close_collection(&self, frame: &Frame) -> Result<(), DecodeError> {
        if frame.indefinite && !frame.closed {
            return Err(self.fault(Reason::MissingEndOfContents));
        }
        Ok(())
    }

    /// Moves past end-of-contents octets if they are next (`asn1_check_eoc`).
    fn end_of_contents(&mut self, limit: usize) -> bool {
        let found = self
            .input
            .get(self.at..limit)
            .is_some_and(|rest| rest.starts_with(&[0, 0]));
        if found {
            self.at += 2;
        }
        found
    }

    /// The header of the element at hand, which must have this tag.
    fn expect(&self, limit: usize, class: u8, number: u32) -> Result<Header, DecodeError> {
        let header = self.header(limit)?;
        if header.is(class, number) {
            Ok(header)
        } else {
            Err(self.fault(Reason::WrongTag))
        }
    }

    /// The identifier and length octets at hand (`ASN1_get_object` as `asn1_check_tlen` calls it).
    fn header(&self, limit: usize) -> Result<Header, DecodeError> {
        let malformed = || self.fault(Reason::HeaderTooLong);
        let available = self.input.get(self.at..limit).unwrap_or_default();
        let Some((&identifier, mut rest)) = available.split_first() else {
            return Err(self.fault(Reason::TooSmall));
        };
        let constructed = identifier & 0x20 != 0;
        let mut number = u32::from(identifier & 0x1f);
        if number == 0x1f {
            number = 0;
            loop {
                let (&octet, after) = rest.split_first().ok_or_else(malformed)?;
                rest = after;
                number = (number << 7) | u32::from(octet & 0x7f);
                if octet & 0x80 == 0 {
                    break;
                }
                // The tag number must fit a C `int`.
                if number > (i32::MAX as u32) >> 7 {
                    return Err(malformed());
                }
            }
        }
        let (&first, mut rest) = rest.split_first().ok_or_else(malformed)?;
        let indefinite = first == 0x80;
        let length = if indefinite {
            if !constructed {
                return Err(malformed());
            }
            rest.len()
        } else if first < 0x80 {
            usize::from(first)
        } else {
            let count = usize::from(first & 0x7f);
            if rest.len() <= count && self.refuses(OpensslVersion::wants_octet_after_long_length) {
                return Err(malformed());
            }
            let (octets, after) = rest.split_at_checked(count).ok_or_else(malformed)?;
            rest = after;
            length(octets).ok_or_else(malformed)?
        };
        if length > rest.len() {
            return Err(self.fault(Reason::TooLong));
        }
        let content = limit - rest.len();
        Ok(Header {
            class: identifier & 0xc0,
            number,
            constructed,
            indefinite,
            content,
            end: content + length,
        })
    }

    /// What a function reads, and where it stands.
    fn located<T>(
        &mut self,
        limit: usize,
        read: impl FnOnce(&mut Self, usize) -> Result<T, DecodeError>,
    ) -> Result<(Range<usize>, T), DecodeError> {
        let start = self.at;
        let value = read(self, limit)?;
        Ok((start..self.at, value))
    }

    fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.input.get(range).unwrap_or_default()
    }

    fn fault(&self, reason: Reason) -> DecodeError {
        DecodeError {
            offset: self.at,
            reason,
        }
    }
}

impl Header {
    fn is(&self, class: u8, number: u32) -> bool {
        self.class == class && self.number == number
    }
}

impl Frame {
    fn of(header: &Header) -> Self {
        Self {
            limit: header.end,
            indefinite: header.indefinite,
            closed: false,
        }
    }
}

/// The value of long-form length octets (`asn1_get_length`); `None` when it does not fit a C `long` of 64 bits. Where `long` has
/// 32 bits (Windows), OpenSSL gives another reason for refusing the same.
fn length(octets: &[u8]) -> Option<usize> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(zeros..)?;
    if significant.len() > size_of::<i64>() {
        return None;
    }
    let value = significant
        .iter()
        .fold(0u64, |value, octet| (value << 8) | u64::from(*octet));
    i64::try_from(value).ok()?;
    Some(usize::try_from(value).unwrap_or(usize::MAX))
}

/// The checks on the contents of a primitive element (`asn1_ex_c2i`).
fn check_contents(kind: u32, contents: &[u8], short_times: bool) -> Result<(), Reason> {
    let length = contents.len();
    match kind {
        OBJECT_IDENTIFIER => check_object_identifier(contents),
        INTEGER | ENUMERATED => check_integer(contents),
        BIT_STRING => match contents.first() {
            None => Err(Reason::BitStringTooShort),
            Some(8..) => Err(Reason::InvalidUnusedBits),
            Some(_) => Ok(()),
        },
        NULL if length != 0 => Err(Reason::NullIsWrongLength),
        BOOLEAN if length != 1 => Err(Reason::BooleanIsWrongLength),
        BMP_STRING if !length.is_multiple_of(2) => Err(Reason::BmpStringIsWrongLength),
        UNIVERSAL_STRING if !length.is_multiple_of(4) => Err(Reason::UniversalStringIsWrongLength),
        GENERALIZED_TIME if length < 15 && !short_times => Err(Reason::GeneralizedTimeIsTooShort),
        UTC_TIME if length < 13 && !short_times => Err(Reason::UtcTimeIsTooShort),
        _ => Ok(()),
    }
}

/// `c2i_ASN1_OBJECT`: the last octet ends a subidentifier, and no subidentifier begins with an empty octet.
fn check_object_identifier(contents: &[u8]) -> Result<(), Reason> {
    let mut begins = true;
    for octet in contents {
        if begins && *octet == 0x80 {
            return Err(Reason::InvalidObjectEncoding);
        }
        begins = octet & 0x80 == 0;
    }
    if begins && !contents.is_empty() {
        Ok(())
    } else {
        Err(Reason::InvalidObjectEncoding)
    }
}

/// `c2i_ibuf` in `crypto/asn1/a_int.c`: not empty, and the first nine bits neither all 0 nor all 1.
fn check_integer(contents: &[u8]) -> Result<(), Reason> {
    match contents {
        [] => Err(Reason::IntegerIsEmpty),
        [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(Reason::IntegerIsPadded),
        _ => Ok(()),
    }
}

/// `asn1_string_canon` in `crypto/x509/x_name.c`, as far as it can fail: strings that cannot be converted to UTF-8
/// (`ASN1_mbstring_ncopy`). PrintableString, IA5String, VisibleString and T61String take any octets.
fn check_characters(string_type: u32, value: &[u8]) -> Result<(), Reason> {
    let characters = |size| characters(value, size).is_some();
    match string_type {
        UTF8_STRING if std::str::from_utf8(value).is_err() => Err(Reason::InvalidUtf8),
        BMP_STRING if !characters(2) => Err(Reason::IllegalCharacters),
        UNIVERSAL_STRING if !characters(4) => Err(Reason::IllegalCharacters),
        _ => Ok(()),
    }
}

/// `B_ASN1_PRINTABLE`, the types that a name's value may have: among them BIT STRING, SEQUENCE and the numbers that ASN.1 assigned
/// late or never, but not VisibleString.
fn is_printable_type(number: u32) -> bool {
    matches!(number, 3 | 7..=9 | 11..=16 | 18..=20 | 22 | 28..=30)
}

impl<'a> BitString<'a> {
    /// From contents that [`check_contents`] accepts (`c2i_ASN1_BIT_STRING`): the unused bits become zero.
    fn new(contents: Cow<'a, [u8]>) -> Self {
        let unused_bits = contents.first().copied().unwrap_or_default();
        let mut octets = match contents {
            Cow::Borrowed(contents) => Cow::Borrowed(contents.get(1..).unwrap_or_default()),
            Cow::Owned(contents) => Cow::Owned(contents.into_iter().skip(1).collect()),
        };
        let mask = 0xffu8 << (unused_bits & 7);
        match octets.last() {
            // `i2c_ASN1_BIT_STRING` writes no unused bits for a string without octets.
            None => Self {
                unused_bits: 0,
                octets,
            },
            Some(last) => {
                if last & !mask != 0
                    && let Some(last) = octets.to_mut().last_mut()
                {
                    *last &= mask;
                }
                Self {
                    unused_bits,
                    octets,
                }
            }
        }
    }

    fn header(&self) -> HeaderOctets {
        HeaderOctets::new(false, BIT_STRING, self.octets.len() + 1)
    }

    fn pieces<'b>(&'b self, header: &'b HeaderOctets) -> [&'b [u8]; 3] {
        [
            header,
            std::slice::from_ref(&self.unused_bits),
            &self.octets,
        ]
    }
}

/// `i2d_X509`: the `TBSCertificate` as it was read (`ASN1_SEQUENCE_enc`), all else in DER. The fields move with it.
fn encoded_certificate<'a>(
    read: &'a [u8],
    fields: &mut Fields,
    tbs_certificate: &[u8],
    algorithm: &AlgorithmIdentifier<'_>,
    signature: &BitString<'_>,
) -> Cow<'a, [u8]> {
    let identifier = HeaderOctets::new(false, OBJECT_IDENTIFIER, algorithm.algorithm.len());
    let parameters = algorithm.parameters.as_deref().unwrap_or_default();
    let contents = identifier.len() + algorithm.algorithm.len() + parameters.len();
    let sequence = HeaderOctets::new(true, SEQUENCE, contents);
    let bit_string = signature.header();
    let [bits_header, unused_bits, bits] = signature.pieces(&bit_string);

    let algorithm_length = sequence.len() + contents;
    let signature_length = bits_header.len() + unused_bits.len() + bits.len();
    let outer = HeaderOctets::new(
        true,
        SEQUENCE,
        tbs_certificate.len() + algorithm_length + signature_length,
    );
    fields.move_to(outer.len());
    let after_tbs = fields.tbs_certificate.end;
    fields.signature_algorithm = after_tbs..after_tbs + algorithm_length;
    let after_algorithm = fields.signature_algorithm.end;
    fields.signature = after_algorithm..after_algorithm + signature_length;

    unless_equal(
        read,
        &[
            &outer,
            tbs_certificate,
            &sequence,
            &identifier,
            algorithm.algorithm,
            parameters,
            bits_header,
            unused_bits,
            bits,
        ],
    )
}

impl Fields {
    /// Moves what is inside the `TBSCertificate` along with it.
    fn move_to(&mut self, start: usize) {
        let from = self.tbs_certificate.start;
        for range in [
            &mut self.tbs_certificate,
            &mut self.version,
            &mut self.serial_number,
            &mut self.tbs_signature_algorithm,
            &mut self.issuer,
            &mut self.not_before,
            &mut self.not_after,
            &mut self.subject,
            &mut self.subject_public_key_info,
            &mut self.extensions,
        ] {
            if range.start < range.end {
                *range = range.start + start - from..range.end + start - from;
            }
        }
    }
}

/// The pieces put together, borrowed when they are what was read.
fn unless_equal<'a>(read: &'a [u8], pieces: &[&[u8]]) -> Cow<'a, [u8]> {
    let rest = pieces
        .iter()
        .try_fold(read, |rest, piece| rest.strip_prefix(*piece));
    if rest == Some(&[]) {
        Cow::Borrowed(read)
    } else {
        Cow::Owned(pieces.concat())
    }
}

/// The identifier and length octets of an element of the universal class in DER (`ASN1_put_object`).
struct HeaderOctets {
    octets: [u8; Self::MAX],
    length: usize,
}

impl HeaderOctets {
    /// One identifier octet, five for a tag number of 31 bits, one that counts the length octets, eight of those.
    const MAX: usize = 15;

    fn new(constructed: bool, number: u32, length: usize) -> Self {
        let mut header = Self {
            octets: [0; Self::MAX],
            length: 0,
        };
        let class = if constructed { 0x20 } else { 0x00 };
        match u8::try_from(number) {
            Ok(number) if number < 0x1f => header.push(class | number),
            _ => {
                header.push(class | 0x1f);
                let groups = number.checked_ilog2().unwrap_or_default() / 7;
                for group in (0..=groups).rev() {
                    let [.., octet] = ((number >> (7 * group)) & 0x7f).to_be_bytes();
                    header.push(if group == 0 { octet } else { octet | 0x80 });
                }
            }
        }
        match u8::try_from(length) {
            Ok(length) if length < 0x80 => header.push(length),
            _ => {
                let octets = length.to_be_bytes();
                let significant = octets.iter().skip_while(|octet| **octet == 0);
                let count = significant.clone().fold(0x80u8, |count, _| count + 1);
                header.push(count);
                significant.for_each(|octet| header.push(*octet));
            }
        }
        header
    }

    fn push(&mut self, octet: u8) {
        if let Some(place) = self.octets.get_mut(self.length) {
            *place = octet;
            self.length += 1;
        }
    }
}

impl std::ops::Deref for HeaderOctets {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}
