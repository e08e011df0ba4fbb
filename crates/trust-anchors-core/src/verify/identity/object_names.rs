//! OpenSSL's short names of object identifiers. Made by `scripts/object-names.js`; do not edit.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::der::OpensslVersion;

/// The short name (`OBJ_nid2sn`) of an object identifier's content octets.
pub(super) fn short_name(identifier: &[u8], version: OpensslVersion) -> Option<&'static str> {
    let (name, old_name) = NAMES.get(identifier)?;
    match version {
        OpensslVersion::V3_0 => *old_name,
        OpensslVersion::V3_5_0 | OpensslVersion::V3_5 => Some(name),
    }
}

/// By identifier, the name in OpenSSL 3.5 and the one in 3.0.
type Names = HashMap<Vec<u8>, (&'static str, Option<&'static str>)>;

/// One text, taken apart when a name is first asked for: as many pointers would be relocated whenever
/// the addon is loaded.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let octet = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    TEXT.lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let identifier = words
                .next()?
                .as_bytes()
                .chunks(2)
                .map(octet)
                .collect::<Option<_>>()?;
            let name = words.next()?;
            let old_name = match words.next() {
                None => Some(name),
                Some("-") => None,
                other => other,
            };
            Some((identifier, (name, old_name)))
        })
        .collect()
});

/// A line each: the identifier in hexadecimal, its name in OpenSSL 3.5, and where that differs in 3.0 the name there, or `-` for none.
static TEXT: &str = "03a2310503010901 CAMELLIA-128-ECB
03a2310503010903 CAMELLIA-128-OFB
03a2310503010904 CAMELLIA-128-CFB
03a2310503010906 CAMELLIA-128-GCM
03a2310503010907 CAMELLIA-128-CCM
03a2310503010909 CAMELLIA-128-CTR
03a231050301090a CAMELLIA-128-CMAC
03a2310503010915 CAMELLIA-192-ECB
03a2310503010917 CAMELLIA-192-OFB
03a2310503010918 CAMELLIA-192-CFB
03a231050301091a CAMELLIA-192-GCM
03a231050301091b CAMELLIA-192-CCM
03a231050301091d CAMELLIA-192-CTR
03a231050301091e CAMELLIA-192-CMAC
03a2310503010929 CAMELLIA-256-ECB
03a231050301092b CAMELLIA-256-OFB
03a231050301092c CAMELLIA-256-CFB
03a231050301092e CAMELLIA-256-GCM
03a231050301092f CAMELLIA-256-CCM
03a2310503010931 CAMELLIA-256-CTR
03a2310503010932 CAMELLIA-256-CMAC
04 itu-t-identified-organization -
0400 etsi -
0400819532 cades -
040081953201 cades-attributes -
04008195320101 id-aa-ets-signerAttrV2 -
04008195320103 id-aa-ets-sigPolicyStore -
04008195320104 id-aa-ATSHashIndex-v2 -
04008195320105 id-aa-ATSHashIndex-v3 -
04008195320106 signedAssertion -
04008d45 electronic-signature-standard -
04008d4502 ess-attributes -
04008d450201 id-aa-ets-mimeType -
04008d450202 id-aa-ets-longTermValidation -
04008d450203 id-aa-ets-SignaturePolicyDocument -
04008d450204 id-aa-ets-archiveTimestampV3 -
04008d450205 id-aa-ATSHashIndex -
09 data
099226 pss
0992268993f22c ucl
0992268993f22c64 pilot
0992268993f22c6401 pilotAttributeType
0992268993f22c640101 UID
0992268993f22c640102 textEncodedORAddress
0992268993f22c640103 mail
0992268993f22c640104 info
0992268993f22c640105 favouriteDrink
0992268993f22c640106 roomNumber
0992268993f22c640107 photo
0992268993f22c640108 userClass
0992268993f22c640109 host
0992268993f22c64010a manager
0992268993f22c64010b documentIdentifier
0992268993f22c64010c documentTitle
0992268993f22c64010d documentVersion
0992268993f22c64010e documentAuthor
0992268993f22c64010f documentLocation
0992268993f22c640114 homeTelephoneNumber
0992268993f22c640115 secretary
0992268993f22c640116 otherMailbox
0992268993f22c640117 lastModifiedTime
0992268993f22c640118 lastModifiedBy
0992268993f22c640119 DC
0992268993f22c64011a aRecord
0992268993f22c64011b pilotAttributeType27
0992268993f22c64011c mXRecord
0992268993f22c64011d nSRecord
0992268993f22c64011e sOARecord
0992268993f22c64011f cNAMERecord
0992268993f22c640125 associatedDomain
0992268993f22c640126 associatedName
0992268993f22c640127 homePostalAddress
0992268993f22c640128 personalTitle
0992268993f22c640129 mobileTelephoneNumber
0992268993f22c64012a pagerTelephoneNumber
0992268993f22c64012b friendlyCountryName
0992268993f22c64012c uid
0992268993f22c64012d organizationalStatus
0992268993f22c64012e janetMailbox
0992268993f22c64012f mailPreferenceOption
0992268993f22c640130 buildingName
0992268993f22c640131 dSAQuality
0992268993f22c640132 singleLevelQuality
0992268993f22c640133 subtreeMinimumQuality
0992268993f22c640134 subtreeMaximumQuality
0992268993f22c640135 personalSignature
0992268993f22c640136 dITRedirect
0992268993f22c640137 audio
0992268993f22c640138 documentPublisher
0992268993f22c6403 pilotAttributeSyntax
0992268993f22c640304 iA5StringSyntax
0992268993f22c640305 caseIgnoreIA5StringSyntax
0992268993f22c6404 pilotObjectClass
0992268993f22c640403 pilotObject
0992268993f22c640404 pilotPerson
0992268993f22c640405 account
0992268993f22c640406 document
0992268993f22c640407 room
0992268993f22c640409 documentSeries
0992268993f22c64040d domain
0992268993f22c64040e rFC822localPart
0992268993f22c64040f dNSDomain
0992268993f22c640411 domainRelatedObject
0992268993f22c640412 friendlyCountry
0992268993f22c640413 simpleSecurityObject
0992268993f22c640414 pilotOrganization
0992268993f22c640415 pilotDSA
0992268993f22c640416 qualityLabelledData
0992268993f22c640a pilotGroups
28cc450304 GMAC
28cf06030037 whirlpool
2a member-body
2a811c ISO-CN
2a811ccf55 oscca
2a811ccf5501 sm-scheme
2a811ccf55016801 SM4-ECB
2a811ccf55016802 SM4-CBC
2a811ccf55016803 SM4-OFB
2a811ccf55016804 SM4-CFB
2a811ccf55016805 SM4-CFB1
2a811ccf55016806 SM4-CFB8
2a811ccf55016807 SM4-CTR
2a811ccf55016808 SM4-GCM -
2a811ccf55016809 SM4-CCM -
2a811ccf5501680a SM4-XTS -
2a811ccf5501822d SM2
2a811ccf55018311 SM3
2a811ccf550183110301 hmacWithSM3 -
2a811ccf55018375 SM2-SM3
2a811ccf55018378 RSA-SM3
2a83088c9a4b3d01010102 CAMELLIA-128-CBC
2a83088c9a4b3d01010103 CAMELLIA-192-CBC
2a83088c9a4b3d01010104 CAMELLIA-256-CBC
2a83088c9a4b3d01010302 id-camellia128-wrap
2a83088c9a4b3d01010303 id-camellia192-wrap
2a83088c9a4b3d01010304 id-camellia256-wrap
2a831a8c9a44 KISA
2a831a8c9a440103 SEED-ECB
2a831a8c9a440104 SEED-CBC
2a831a8c9a440105 SEED-CFB
2a831a8c9a440106 SEED-OFB
2a831a8c9a6e010101 ARIA-128-ECB
2a831a8c9a6e010102 ARIA-128-CBC
2a831a8c9a6e010103 ARIA-128-CFB
2a831a8c9a6e010104 ARIA-128-OFB
2a831a8c9a6e010105 ARIA-128-CTR
2a831a8c9a6e010106 ARIA-192-ECB
2a831a8c9a6e010107 ARIA-192-CBC
2a831a8c9a6e010108 ARIA-192-CFB
2a831a8c9a6e010109 ARIA-192-OFB
2a831a8c9a6e01010a ARIA-192-CTR
2a831a8c9a6e01010b ARIA-256-ECB
2a831a8c9a6e01010c ARIA-256-CBC
2a831a8c9a6e01010d ARIA-256-CFB
2a831a8c9a6e01010e ARIA-256-OFB
2a831a8c9a6e01010f ARIA-256-CTR
2a831a8c9a6e010122 ARIA-128-GCM
2a831a8c9a6e010123 ARIA-192-GCM
2a831a8c9a6e010124 ARIA-256-GCM
2a831a8c9a6e010125 ARIA-128-CCM
2a831a8c9a6e010126 ARIA-192-CCM
2a831a8c9a6e010127 ARIA-256-CCM
2a85030202 cryptopro
2a8503020203 id-GostR3411-94-with-GostR3410-2001
2a8503020204 id-GostR3411-94-with-GostR3410-94
2a8503020209 md_gost94
2a850302020a id-HMACGostR3411-94
2a850302020e00 id-Gost28147-89-None-KeyMeshing
2a850302020e01 id-Gost28147-89-CryptoPro-KeyMeshing
2a8503020213 gost2001
2a8503020214 gost94
2a850302021401 id-GostR3410-94-a
2a850302021402 id-GostR3410-94-aBis
2a850302021403 id-GostR3410-94-b
2a850302021404 id-GostR3410-94-bBis
2a8503020215 gost89
2a8503020216 gost-mac
2a8503020217 prf-gostr3411-94
2a850302021e00 id-GostR3411-94-TestParamSet
2a850302021e01 id-GostR3411-94-CryptoProParamSet
2a850302021f00 id-Gost28147-89-TestParamSet
2a850302021f01 id-Gost28147-89-CryptoPro-A-ParamSet
2a850302021f02 id-Gost28147-89-CryptoPro-B-ParamSet
2a850302021f03 id-Gost28147-89-CryptoPro-C-ParamSet
2a850302021f04 id-Gost28147-89-CryptoPro-D-ParamSet
2a850302021f05 id-Gost28147-89-CryptoPro-Oscar-1-1-ParamSet
2a850302021f06 id-Gost28147-89-CryptoPro-Oscar-1-0-ParamSet
2a850302021f07 id-Gost28147-89-CryptoPro-RIC-1-ParamSet
2a850302022000 id-GostR3410-94-TestParamSet
2a850302022002 id-GostR3410-94-CryptoPro-A-ParamSet
2a850302022003 id-GostR3410-94-CryptoPro-B-ParamSet
2a850302022004 id-GostR3410-94-CryptoPro-C-ParamSet
2a850302022005 id-GostR3410-94-CryptoPro-D-ParamSet
2a850302022101 id-GostR3410-94-CryptoPro-XchA-ParamSet
2a850302022102 id-GostR3410-94-CryptoPro-XchB-ParamSet
2a850302022103 id-GostR3410-94-CryptoPro-XchC-ParamSet
2a850302022300 id-GostR3410-2001-TestParamSet
2a850302022301 id-GostR3410-2001-CryptoPro-A-ParamSet
2a850302022302 id-GostR3410-2001-CryptoPro-B-ParamSet
2a850302022303 id-GostR3410-2001-CryptoPro-C-ParamSet
2a850302022400 id-GostR3410-2001-CryptoPro-XchA-ParamSet
2a850302022401 id-GostR3410-2001-CryptoPro-XchB-ParamSet
2a8503020262 id-GostR3410-2001DH
2a8503020263 id-GostR3410-94DH
2a85030209 cryptocom
2a85030209010303 id-GostR3411-94-with-GostR3410-94-cc
2a85030209010304 id-GostR3411-94-with-GostR3410-2001-cc
2a85030209010503 gost94cc
2a85030209010504 gost2001cc
2a85030209010601 id-Gost28147-89-cc
2a85030209010801 id-GostR3410-2001-ParamSet-cc
2a85030381030101 INN
2a85030701 id-tc26
2a8503070101 id-tc26-algorithms
2a850307010101 id-tc26-sign
2a85030701010101 gost2012_256
2a85030701010102 gost2012_512
2a850307010102 id-tc26-digest
2a85030701010202 md_gost12_256
2a85030701010203 md_gost12_512
2a850307010103 id-tc26-signwithdigest
2a85030701010302 id-tc26-signwithdigest-gost3410-2012-256
2a85030701010303 id-tc26-signwithdigest-gost3410-2012-512
2a850307010104 id-tc26-mac
2a85030701010401 id-tc26-hmac-gost-3411-2012-256
2a85030701010402 id-tc26-hmac-gost-3411-2012-512
2a850307010105 id-tc26-cipher
2a85030701010501 id-tc26-cipher-gostr3412-2015-magma
2a8503070101050101 magma-ctr-acpkm
2a8503070101050102 magma-ctr-acpkm-omac
2a85030701010502 id-tc26-cipher-gostr3412-2015-kuznyechik
2a8503070101050201 kuznyechik-ctr-acpkm
2a8503070101050202 kuznyechik-ctr-acpkm-omac
2a850307010106 id-tc26-agreement
2a85030701010601 id-tc26-agreement-gost-3410-2012-256
2a85030701010602 id-tc26-agreement-gost-3410-2012-512
2a850307010107 id-tc26-wrap
2a85030701010701 id-tc26-wrap-gostr3412-2015-magma
2a8503070101070101 magma-kexp15
2a85030701010702 id-tc26-wrap-gostr3412-2015-kuznyechik
2a8503070101070201 kuznyechik-kexp15
2a8503070102 id-tc26-constants
2a850307010201 id-tc26-sign-constants
2a85030701020101 id-tc26-gost-3410-2012-256-constants
2a8503070102010101 id-tc26-gost-3410-2012-256-paramSetA
2a8503070102010102 id-tc26-gost-3410-2012-256-paramSetB
2a8503070102010103 id-tc26-gost-3410-2012-256-paramSetC
2a8503070102010104 id-tc26-gost-3410-2012-256-paramSetD
2a85030701020102 id-tc26-gost-3410-2012-512-constants
2a8503070102010200 id-tc26-gost-3410-2012-512-paramSetTest
2a8503070102010201 id-tc26-gost-3410-2012-512-paramSetA
2a8503070102010202 id-tc26-gost-3410-2012-512-paramSetB
2a8503070102010203 id-tc26-gost-3410-2012-512-paramSetC
2a850307010202 id-tc26-digest-constants
2a850307010205 id-tc26-cipher-constants
2a85030701020501 id-tc26-gost-28147-constants
2a8503070102050101 id-tc26-gost-28147-param-Z
2a85036401 OGRN
2a85036403 SNILS
2a85036405 OGRNIP
2a8503646f subjectSignTool
2a85036470 issuerSignTool
2a85036471 classSignTool
2a8503647101 classSignToolKC1
2a8503647102 classSignToolKC2
2a8503647103 classSignToolKC3
2a8503647104 classSignToolKB1
2a8503647105 classSignToolKB2
2a8503647106 classSignToolKA1
2a8624 ISO-UA
2a862402010101 ua-pki
2a862402010101010101 dstu28147
2a86240201010101010102 dstu28147-ofb
2a86240201010101010103 dstu28147-cfb
2a86240201010101010105 dstu28147-wrap
2a862402010101010102 hmacWithDstu34311
2a862402010101010201 dstu34311
2a86240201010101030101 dstu4145le
2a862402010101010301010101 dstu4145be
2a862402010101010301010200 uacurve0
2a862402010101010301010201 uacurve1
2a862402010101010301010202 uacurve2
2a862402010101010301010203 uacurve3
2a862402010101010301010204 uacurve4
2a862402010101010301010205 uacurve5
2a862402010101010301010206 uacurve6
2a862402010101010301010207 uacurve7
2a862402010101010301010208 uacurve8
2a862402010101010301010209 uacurve9
2a8648 ISO-US
2a864886f67d07420a CAST5-CBC
2a864886f67d07420c pbeWithMD5AndCast5CBC
2a864886f67d07420d id-PasswordBasedMAC
2a864886f67d07421e id-DHBasedMac
2a864886f70d rsadsi
2a864886f70d01 pkcs
2a864886f70d0101 pkcs1
2a864886f70d010101 rsaEncryption
2a864886f70d010102 RSA-MD2
2a864886f70d010103 RSA-MD4
2a864886f70d010104 RSA-MD5
2a864886f70d010105 RSA-SHA1
2a864886f70d010106 rsaOAEPEncryptionSET
2a864886f70d010107 RSAES-OAEP
2a864886f70d010108 MGF1
2a864886f70d010109 PSPECIFIED
2a864886f70d01010a RSASSA-PSS
2a864886f70d01010b RSA-SHA256
2a864886f70d01010c RSA-SHA384
2a864886f70d01010d RSA-SHA512
2a864886f70d01010e RSA-SHA224
2a864886f70d01010f RSA-SHA512/224
2a864886f70d010110 RSA-SHA512/256
2a864886f70d0103 pkcs3
2a864886f70d010301 dhKeyAgreement
2a864886f70d0105 pkcs5
2a864886f70d010501 PBE-MD2-DES
2a864886f70d010503 PBE-MD5-DES
2a864886f70d010504 PBE-MD2-RC2-64
2a864886f70d010506 PBE-MD5-RC2-64
2a864886f70d01050a PBE-SHA1-DES
2a864886f70d01050b PBE-SHA1-RC2-64
2a864886f70d01050c PBKDF2
2a864886f70d01050d PBES2
2a864886f70d01050e PBMAC1
2a864886f70d0107 pkcs7
2a864886f70d010701 pkcs7-data
2a864886f70d010702 pkcs7-signedData
2a864886f70d010703 pkcs7-envelopedData
2a864886f70d010704 pkcs7-signedAndEnvelopedData
2a864886f70d010705 pkcs7-digestData
2a864886f70d010706 pkcs7-encryptedData
2a864886f70d0109 pkcs9
2a864886f70d010901 emailAddress
2a864886f70d010902 unstructuredName
2a864886f70d010903 contentType
2a864886f70d010904 messageDigest
2a864886f70d010905 signingTime
2a864886f70d010906 countersignature
2a864886f70d010907 challengePassword
2a864886f70d010908 unstructuredAddress
2a864886f70d010909 extendedCertificateAttributes
2a864886f70d01090e extReq
2a864886f70d01090f SMIME-CAPS
2a864886f70d010910 SMIME
2a864886f70d01091000 id-smime-mod
2a864886f70d0109100001 id-smime-mod-cms
2a864886f70d0109100002 id-smime-mod-ess
2a864886f70d0109100003 id-smime-mod-oid
2a864886f70d0109100004 id-smime-mod-msg-v3
2a864886f70d0109100005 id-smime-mod-ets-eSignature-88
2a864886f70d0109100006 id-smime-mod-ets-eSignature-97
2a864886f70d0109100007 id-smime-mod-ets-eSigPolicy-88
2a864886f70d0109100008 id-smime-mod-ets-eSigPolicy-97
2a864886f70d01091001 id-smime-ct
2a864886f70d0109100101 id-smime-ct-receipt
2a864886f70d0109100102 id-smime-ct-authData
2a864886f70d0109100103 id-smime-ct-publishCert
2a864886f70d0109100104 id-smime-ct-TSTInfo
2a864886f70d0109100105 id-smime-ct-TDTInfo
2a864886f70d0109100106 id-smime-ct-contentInfo
2a864886f70d0109100107 id-smime-ct-DVCSRequestData
2a864886f70d0109100108 id-smime-ct-DVCSResponseData
2a864886f70d0109100109 id-smime-ct-compressedData
2a864886f70d0109100113 id-smime-ct-contentCollection
2a864886f70d0109100117 id-smime-ct-authEnvelopedData
2a864886f70d0109100118 id-ct-routeOriginAuthz
2a864886f70d010910011a id-ct-rpkiManifest
2a864886f70d010910011b id-ct-asciiTextWithCRLF
2a864886f70d010910011c id-ct-xml
2a864886f70d0109100123 id-ct-rpkiGhostbusters
2a864886f70d0109100124 id-ct-resourceTaggedAttest
2a864886f70d010910012f id-ct-geofeedCSVwithCRLF
2a864886f70d0109100130 id-ct-signedChecklist
2a864886f70d0109100131 id-ct-ASPA -
2a864886f70d0109100132 id-ct-signedTAL -
2a864886f70d0109100133 id-ct-rpkiSignedPrefixList -
2a864886f70d01091002 id-smime-aa
2a864886f70d0109100201 id-smime-aa-receiptRequest
2a864886f70d0109100202 id-smime-aa-securityLabel
2a864886f70d0109100203 id-smime-aa-mlExpandHistory
2a864886f70d0109100204 id-smime-aa-contentHint
2a864886f70d0109100205 id-smime-aa-msgSigDigest
2a864886f70d0109100206 id-smime-aa-encapContentType
2a864886f70d0109100207 id-smime-aa-contentIdentifier
2a864886f70d0109100208 id-smime-aa-macValue
2a864886f70d0109100209 id-smime-aa-equivalentLabels
2a864886f70d010910020a id-smime-aa-contentReference
2a864886f70d010910020b id-smime-aa-encrypKeyPref
2a864886f70d010910020c id-smime-aa-signingCertificate
2a864886f70d010910020d id-smime-aa-smimeEncryptCerts
2a864886f70d010910020e id-smime-aa-timeStampToken
2a864886f70d010910020f id-smime-aa-ets-sigPolicyId
2a864886f70d0109100210 id-smime-aa-ets-commitmentType
2a864886f70d0109100211 id-smime-aa-ets-signerLocation
2a864886f70d0109100212 id-smime-aa-ets-signerAttr
2a864886f70d0109100213 id-smime-aa-ets-otherSigCert
2a864886f70d0109100214 id-smime-aa-ets-contentTimestamp
2a864886f70d0109100215 id-smime-aa-ets-CertificateRefs
2a864886f70d0109100216 id-smime-aa-ets-RevocationRefs
2a864886f70d0109100217 id-smime-aa-ets-certValues
2a864886f70d0109100218 id-smime-aa-ets-revocationValues
2a864886f70d0109100219 id-smime-aa-ets-escTimeStamp
2a864886f70d010910021a id-smime-aa-ets-certCRLTimestamp
2a864886f70d010910021b id-smime-aa-ets-archiveTimeStamp
2a864886f70d010910021c id-smime-aa-signatureType
2a864886f70d010910021d id-smime-aa-dvcs-dvc
2a864886f70d010910022c id-aa-ets-attrCertificateRefs -
2a864886f70d010910022d id-aa-ets-attrRevocationRefs -
2a864886f70d010910022f id-smime-aa-signingCertificateV2
2a864886f70d0109100230 id-aa-ets-archiveTimestampV2 -
2a864886f70d01091003 id-smime-alg
2a864886f70d0109100301 id-smime-alg-ESDHwith3DES
2a864886f70d0109100302 id-smime-alg-ESDHwithRC2
2a864886f70d0109100303 id-smime-alg-3DESwrap
2a864886f70d0109100304 id-smime-alg-RC2wrap
2a864886f70d0109100305 id-smime-alg-ESDH
2a864886f70d0109100306 id-smime-alg-CMS3DESwrap
2a864886f70d0109100307 id-smime-alg-CMSRC2wrap
2a864886f70d0109100308 ZLIB
2a864886f70d0109100309 id-alg-PWRI-KEK
2a864886f70d01091004 id-smime-cd
2a864886f70d0109100401 id-smime-cd-ldap
2a864886f70d01091005 id-smime-spq
2a864886f70d0109100501 id-smime-spq-ets-sqt-uri
2a864886f70d0109100502 id-smime-spq-ets-sqt-unotice
2a864886f70d01091006 id-smime-cti
2a864886f70d0109100601 id-smime-cti-ets-proofOfOrigin
2a864886f70d0109100602 id-smime-cti-ets-proofOfReceipt
2a864886f70d0109100603 id-smime-cti-ets-proofOfDelivery
2a864886f70d0109100604 id-smime-cti-ets-proofOfSender
2a864886f70d0109100605 id-smime-cti-ets-proofOfApproval
2a864886f70d0109100606 id-smime-cti-ets-proofOfCreation
2a864886f70d010914 friendlyName
2a864886f70d010915 localKeyID
2a864886f70d01091601 x509Certificate
2a864886f70d01091602 sdsiCertificate
2a864886f70d01091701 x509Crl
2a864886f70d010934 id-aa-CMSAlgorithmProtection -
2a864886f70d010c0101 PBE-SHA1-RC4-128
2a864886f70d010c0102 PBE-SHA1-RC4-40
2a864886f70d010c0103 PBE-SHA1-3DES
2a864886f70d010c0104 PBE-SHA1-2DES
2a864886f70d010c0105 PBE-SHA1-RC2-128
2a864886f70d010c0106 PBE-SHA1-RC2-40
2a864886f70d010c0a0101 keyBag
2a864886f70d010c0a0102 pkcs8ShroudedKeyBag
2a864886f70d010c0a0103 certBag
2a864886f70d010c0a0104 crlBag
2a864886f70d010c0a0105 secretBag
2a864886f70d010c0a0106 safeContentsBag
2a864886f70d0202 MD2
2a864886f70d0204 MD4
2a864886f70d0205 MD5
2a864886f70d0206 hmacWithMD5
2a864886f70d0207 hmacWithSHA1
2a864886f70d0208 hmacWithSHA224
2a864886f70d0209 hmacWithSHA256
2a864886f70d020a hmacWithSHA384
2a864886f70d020b hmacWithSHA512
2a864886f70d020c hmacWithSHA512-224
2a864886f70d020d hmacWithSHA512-256
2a864886f70d0302 RC2-CBC
2a864886f70d0304 RC4
2a864886f70d0307 DES-EDE3-CBC
2a864886f70d0308 RC5-CBC
2a864886f70d030a DES-CDMF
2a8648ce38 X9-57
2a8648ce380201 holdInstructionNone
2a8648ce380202 holdInstructionCallIssuer
2a8648ce380203 holdInstructionReject
2a8648ce3804 X9cm
2a8648ce380401 DSA
2a8648ce380403 DSA-SHA1
2a8648ce3d ansi-X9-62
2a8648ce3d0101 prime-field
2a8648ce3d0102 characteristic-two-field
2a8648ce3d010203 id-characteristic-two-basis
2a8648ce3d01020301 onBasis
2a8648ce3d01020302 tpBasis
2a8648ce3d01020303 ppBasis
2a8648ce3d0201 id-ecPublicKey
2a8648ce3d030001 c2pnb163v1
2a8648ce3d030002 c2pnb163v2
2a8648ce3d030003 c2pnb163v3
2a8648ce3d030004 c2pnb176v1
2a8648ce3d030005 c2tnb191v1
2a8648ce3d030006 c2tnb191v2
2a8648ce3d030007 c2tnb191v3
2a8648ce3d030008 c2onb191v4
2a8648ce3d030009 c2onb191v5
2a8648ce3d03000a c2pnb208w1
2a8648ce3d03000b c2tnb239v1
2a8648ce3d03000c c2tnb239v2
2a8648ce3d03000d c2tnb239v3
2a8648ce3d03000e c2onb239v4
2a8648ce3d03000f c2onb239v5
2a8648ce3d030010 c2pnb272w1
2a8648ce3d030011 c2pnb304w1
2a8648ce3d030012 c2tnb359v1
2a8648ce3d030013 c2pnb368w1
2a8648ce3d030014 c2tnb431r1
2a8648ce3d030101 prime192v1
2a8648ce3d030102 prime192v2
2a8648ce3d030103 prime192v3
2a8648ce3d030104 prime239v1
2a8648ce3d030105 prime239v2
2a8648ce3d030106 prime239v3
2a8648ce3d030107 prime256v1
2a8648ce3d0401 ecdsa-with-SHA1
2a8648ce3d0402 ecdsa-with-Recommended
2a8648ce3d0403 ecdsa-with-Specified
2a8648ce3d040301 ecdsa-with-SHA224
2a8648ce3d040302 ecdsa-with-SHA256
2a8648ce3d040303 ecdsa-with-SHA384
2a8648ce3d040304 ecdsa-with-SHA512
2a8648ce3e0201 dhpublicnumber
2b identified-organization
2b06 DOD
2b0601 IANA
2b060101 directory
2b060102 mgmt
2b060103 experimental
2b060104 private
2b06010401 enterprises
2b06010401813c07010102 IDEA-CBC
2b06010401823702010e msExtReq
2b060104018237020115 msCodeInd
2b060104018237020116 msCodeCom
2b0601040182370a0301 msCTLSign
2b0601040182370a0303 msSGC
2b0601040182370a0304 msEFS
2b0601040182371101 CSPName
2b0601040182371102 LocalKeySet
2b060104018237140202 msSmartcardLogin
2b060104018237140203 msUPN
2b0601040182371507 ms-cert-templ -
2b060104018237150a ms-app-policies -
2b0601040182371902 ms-ntds-sec-ext -
2b060104018237190201 ms-ntds-obj-sid -
2b0601040182373c020101 jurisdictionL
2b0601040182373c020102 jurisdictionST
2b0601040182373c020103 jurisdictionC
2b0601040182e42501 id-kp-wisun-fan-device -
2b060104018b3a8258 dcobject
2b060104018d3a0c0201 BLAKE2BMAC
2b060104018d3a0c020110 BLAKE2b512
2b060104018d3a0c0202 BLAKE2SMAC
2b060104018d3a0c020208 BLAKE2s256
2b0601040197550102 BF-CBC
2b06010401d679020402 ct_precert_scts
2b06010401d679020403 ct_precert_poison
2b06010401d679020404 ct_precert_signer
2b06010401d679020405 ct_cert_scts
2b06010401da47040b id-scrypt
2b060105 security
2b0601050203 id-pkinit
2b060105020304 pkInitClientAuth
2b060105020305 pkInitKDC
2b0601050507 PKIX
2b060105050700 id-pkix-mod
2b06010505070001 id-pkix1-explicit-88
2b06010505070002 id-pkix1-implicit-88
2b06010505070003 id-pkix1-explicit-93
2b06010505070004 id-pkix1-implicit-93
2b06010505070005 id-mod-crmf
2b06010505070006 id-mod-cmc
2b06010505070007 id-mod-kea-profile-88
2b06010505070008 id-mod-kea-profile-93
2b06010505070009 id-mod-cmp
2b0601050507000a id-mod-qualified-cert-88
2b0601050507000b id-mod-qualified-cert-93
2b0601050507000c id-mod-attribute-cert
2b0601050507000d id-mod-timestamp-protocol
2b0601050507000e id-mod-ocsp
2b0601050507000f id-mod-dvcs
2b06010505070010 id-mod-cmp2000
2b06010505070032 id-mod-cmp2000-02 -
2b06010505070063 id-mod-cmp2021-88 -
2b06010505070064 id-mod-cmp2021-02 -
2b060105050701 id-pe
2b06010505070101 authorityInfoAccess
2b06010505070102 biometricInfo
2b06010505070103 qcStatements
2b06010505070104 ac-auditIdentity ac-auditEntity
2b06010505070105 ac-targeting
2b06010505070106 aaControls
2b06010505070107 sbgp-ipAddrBlock
2b06010505070108 sbgp-autonomousSysNum
2b06010505070109 sbgp-routerIdentifier
2b0601050507010a ac-proxying
2b0601050507010b subjectInfoAccess
2b0601050507010e proxyCertInfo
2b06010505070118 tlsfeature
2b0601050507011c sbgp-ipAddrBlockv2
2b0601050507011d sbgp-autonomousSysNumv2
2b060105050702 id-qt
2b06010505070201 id-qt-cps
2b06010505070202 id-qt-unotice
2b06010505070203 textNotice
2b060105050703 id-kp
2b06010505070301 serverAuth
2b06010505070302 clientAuth
2b06010505070303 codeSigning
2b06010505070304 emailProtection
2b06010505070305 ipsecEndSystem
2b06010505070306 ipsecTunnel
2b06010505070307 ipsecUser
2b06010505070308 timeStamping
2b06010505070309 OCSPSigning
2b0601050507030a DVCS
2b06010505070311 ipsecIKE
2b06010505070312 capwapAC
2b06010505070313 capwapWTP
2b06010505070315 secureShellClient
2b06010505070316 secureShellServer
2b06010505070317 sendRouter
2b06010505070318 sendProxiedRouter
2b06010505070319 sendOwner
2b0601050507031a sendProxiedOwner
2b0601050507031b cmcCA
2b0601050507031c cmcRA
2b0601050507031d cmcArchive
2b0601050507031e id-kp-bgpsec-router
2b0601050507031f id-kp-BrandIndicatorforMessageIdentification
2b06010505070320 cmKGA
2b060105050704 id-it
2b06010505070401 id-it-caProtEncCert
2b06010505070402 id-it-signKeyPairTypes
2b06010505070403 id-it-encKeyPairTypes
2b06010505070404 id-it-preferredSymmAlg
2b06010505070405 id-it-caKeyUpdateInfo
2b06010505070406 id-it-currentCRL
2b06010505070407 id-it-unsupportedOIDs
2b06010505070408 id-it-subscriptionRequest
2b06010505070409 id-it-subscriptionResponse
2b0601050507040a id-it-keyPairParamReq
2b0601050507040b id-it-keyPairParamRep
2b0601050507040c id-it-revPassphrase
2b0601050507040d id-it-implicitConfirm
2b0601050507040e id-it-confirmWaitTime
2b0601050507040f id-it-origPKIMessage
2b06010505070410 id-it-suppLangTags
2b06010505070411 id-it-caCerts
2b06010505070412 id-it-rootCaKeyUpdate
2b06010505070413 id-it-certReqTemplate
2b06010505070414 id-it-rootCaCert -
2b06010505070415 id-it-certProfile -
2b06010505070416 id-it-crlStatusList -
2b06010505070417 id-it-crls -
2b060105050705 id-pkip
2b06010505070501 id-regCtrl
2b0601050507050101 id-regCtrl-regToken
2b0601050507050102 id-regCtrl-authenticator
2b0601050507050103 id-regCtrl-pkiPublicationInfo
2b0601050507050104 id-regCtrl-pkiArchiveOptions
2b0601050507050105 id-regCtrl-oldCertID
2b0601050507050106 id-regCtrl-protocolEncrKey
2b0601050507050107 id-regCtrl-altCertTemplate -
2b060105050705010b id-regCtrl-algId -
2b060105050705010c id-regCtrl-rsaKeyLen -
2b06010505070502 id-regInfo
2b0601050507050201 id-regInfo-utf8Pairs
2b0601050507050202 id-regInfo-certReq
2b060105050706 id-alg
2b06010505070601 id-alg-des40
2b06010505070602 id-alg-noSignature
2b06010505070603 id-alg-dh-sig-hmac-sha1
2b06010505070604 id-alg-dh-pop
2b060105050707 id-cmc
2b06010505070701 id-cmc-statusInfo
2b06010505070702 id-cmc-identification
2b06010505070703 id-cmc-identityProof
2b06010505070704 id-cmc-dataReturn
2b06010505070705 id-cmc-transactionId
2b06010505070706 id-cmc-senderNonce
2b06010505070707 id-cmc-recipientNonce
2b06010505070708 id-cmc-addExtensions
2b06010505070709 id-cmc-encryptedPOP
2b0601050507070a id-cmc-decryptedPOP
2b0601050507070b id-cmc-lraPOPWitness
2b0601050507070f id-cmc-getCert
2b06010505070710 id-cmc-getCRL
2b06010505070711 id-cmc-revokeRequest
2b06010505070712 id-cmc-regInfo
2b06010505070713 id-cmc-responseInfo
2b06010505070715 id-cmc-queryPending
2b06010505070716 id-cmc-popLinkRandom
2b06010505070717 id-cmc-popLinkWitness
2b06010505070718 id-cmc-confirmCertAcceptance
2b060105050708 id-on
2b06010505070801 id-on-personalData
2b06010505070803 id-on-permanentIdentifier
2b06010505070804 id-on-hardwareModuleName -
2b06010505070805 id-on-xmppAddr
2b06010505070807 id-on-dnsSRV
2b06010505070808 id-on-NAIRealm
2b06010505070809 id-on-SmtpUTF8Mailbox
2b060105050709 id-pda
2b06010505070901 id-pda-dateOfBirth
2b06010505070902 id-pda-placeOfBirth
2b06010505070903 id-pda-gender
2b06010505070904 id-pda-countryOfCitizenship
2b06010505070905 id-pda-countryOfResidence
2b06010505070a id-aca
2b06010505070a01 id-aca-authenticationInfo
2b06010505070a02 id-aca-accessIdentity
2b06010505070a03 id-aca-chargingIdentity
2b06010505070a04 id-aca-group
2b06010505070a05 id-aca-role
2b06010505070a06 id-aca-encAttrs
2b06010505070b id-qcs
2b06010505070b01 id-qcs-pkixQCSyntax-v1
2b06010505070c id-cct
2b06010505070c01 id-cct-crs
2b06010505070c02 id-cct-PKIData
2b06010505070c03 id-cct-PKIResponse
2b06010505070e id-cp
2b06010505070e02 ipAddr-asNumber
2b06010505070e03 ipAddr-asNumberv2
2b060105050715 id-ppl
2b06010505071500 id-ppl-anyLanguage
2b06010505071501 id-ppl-inheritAll
2b06010505071502 id-ppl-independent
2b060105050730 id-ad
2b06010505073001 OCSP
2b0601050507300101 basicOCSPResponse
2b0601050507300102 Nonce
2b0601050507300103 CrlID
2b0601050507300104 acceptableResponses
2b0601050507300105 noCheck
2b0601050507300106 archiveCutoff
2b0601050507300107 serviceLocator
2b0601050507300108 extendedStatus
2b0601050507300109 valid
2b060105050730010a path
2b060105050730010b trustRoot
2b06010505073002 caIssuers
2b06010505073003 ad_timestamping
2b06010505073004 AD_DVCS
2b06010505073005 caRepository
2b0601050507300a rpkiManifest
2b0601050507300b signedObject
2b0601050507300d rpkiNotify
2b06010505080101 HMAC-MD5
2b06010505080102 HMAC-SHA1
2b060106 snmpv2
2b060107 Mail
2b06010701 mime-mhs
2b0601070101 mime-mhs-headings
2b060107010101 id-hex-partial-message
2b060107010102 id-hex-multipart-message
2b0601070102 mime-mhs-bodies
2b0e0302 algorithm
2b0e030203 RSA-NP-MD5
2b0e030206 DES-ECB
2b0e030207 DES-CBC
2b0e030208 DES-OFB
2b0e030209 DES-CFB
2b0e03020b rsaSignature
2b0e03020c DSA-old
2b0e03020d DSA-SHA
2b0e03020f RSA-SHA
2b0e030211 DES-EDE
2b0e030212 SHA
2b0e03021a SHA1
2b0e03021b DSA-SHA1-old
2b0e03021d RSA-SHA1-2
2b24030201 RIPEMD160
2b2403030102 RSA-RIPEMD160
2b2403030208010101 brainpoolP160r1
2b2403030208010102 brainpoolP160t1
2b2403030208010103 brainpoolP192r1
2b2403030208010104 brainpoolP192t1
2b2403030208010105 brainpoolP224r1
2b2403030208010106 brainpoolP224t1
2b2403030208010107 brainpoolP256r1
2b2403030208010108 brainpoolP256t1
2b2403030208010109 brainpoolP320r1
2b240303020801010a brainpoolP320t1
2b240303020801010b brainpoolP384r1
2b240303020801010c brainpoolP384t1
2b240303020801010d brainpoolP512r1
2b240303020801010e brainpoolP512t1
2b24080303 x509ExtAdmission
2b65010401 SXNetID
2b656e X25519
2b656f X448
2b6570 ED25519
2b6571 ED448
2b6f ieee
2b6f028c53 ieee-siswg
2b6f028c53000101 AES-128-XTS
2b6f028c53000102 AES-256-XTS
2b8104 certicom-arc
2b81040001 sect163k1
2b81040002 sect163r1
2b81040003 sect239k1
2b81040004 sect113r1
2b81040005 sect113r2
2b81040006 secp112r1
2b81040007 secp112r2
2b81040008 secp160r1
2b81040009 secp160k1
2b8104000a secp256k1
2b8104000f sect163r2
2b81040010 sect283k1
2b81040011 sect283r1
2b81040016 sect131r1
2b81040017 sect131r2
2b81040018 sect193r1
2b81040019 sect193r2
2b8104001a sect233k1
2b8104001b sect233r1
2b8104001c secp128r1
2b8104001d secp128r2
2b8104001e secp160r2
2b8104001f secp192k1
2b81040020 secp224k1
2b81040021 secp224r1
2b81040022 secp384r1
2b81040023 secp521r1
2b81040024 sect409k1
2b81040025 sect409r1
2b81040026 sect571k1
2b81040027 sect571r1
2b8104010b00 dhSinglePass-stdDH-sha224kdf-scheme
2b8104010b01 dhSinglePass-stdDH-sha256kdf-scheme
2b8104010b02 dhSinglePass-stdDH-sha384kdf-scheme
2b8104010b03 dhSinglePass-stdDH-sha512kdf-scheme
2b8104010e00 dhSinglePass-cofactorDH-sha224kdf-scheme
2b8104010e01 dhSinglePass-cofactorDH-sha256kdf-scheme
2b8104010e02 dhSinglePass-cofactorDH-sha384kdf-scheme
2b8104010e03 dhSinglePass-cofactorDH-sha512kdf-scheme
2b81051086483f0002 dhSinglePass-stdDH-sha1kdf-scheme
2b81051086483f0003 dhSinglePass-cofactorDH-sha1kdf-scheme
55 X500
550105 selected-attribute-types
55010537 clearance
5504 X509
550403 CN
550404 SN
550405 serialNumber
550406 C
550407 L
550408 ST
550409 street
55040a O
55040b OU
55040c title
55040d description
55040e searchGuide
55040f businessCategory
550410 postalAddress
550411 postalCode
550412 postOfficeBox
550413 physicalDeliveryOfficeName
550414 telephoneNumber
550415 telexNumber
550416 teletexTerminalIdentifier
550417 facsimileTelephoneNumber
550418 x121Address
550419 internationaliSDNNumber
55041a registeredAddress
55041b destinationIndicator
55041c preferredDeliveryMethod
55041d presentationAddress
55041e supportedApplicationContext
55041f member
550420 owner
550421 roleOccupant
550422 seeAlso
550423 userPassword
550424 userCertificate
550425 cACertificate
550426 authorityRevocationList
550427 certificateRevocationList
550428 crossCertificatePair
550429 name
55042a GN
55042b initials
55042c generationQualifier
55042d x500UniqueIdentifier
55042e dnQualifier
55042f enhancedSearchGuide
550430 protocolInformation
550431 distinguishedName
550432 uniqueMember
550433 houseIdentifier
550434 supportedAlgorithms
550435 deltaRevocationList
550436 dmdName
550441 pseudonym
550448 role
550461 organizationIdentifier
550462 c3
550463 n3
550464 dnsName
5508 X500algorithms
55080101 RSA
55080364 RSA-MDC2
55080365 MDC2
551d id-ce
551d09 subjectDirectoryAttributes
551d0e subjectKeyIdentifier
551d0f keyUsage
551d10 privateKeyUsagePeriod
551d11 subjectAltName
551d12 issuerAltName
551d13 basicConstraints
551d14 crlNumber
551d15 CRLReason
551d17 holdInstructionCode
551d18 invalidityDate
551d1b deltaCRL
551d1c issuingDistributionPoint
551d1d certificateIssuer
551d1e nameConstraints
551d1f crlDistributionPoints
551d20 certificatePolicies
551d2000 anyPolicy
551d21 policyMappings
551d23 authorityKeyIdentifier
551d24 policyConstraints
551d25 extendedKeyUsage
551d2500 anyExtendedKeyUsage
551d26 authorityAttributeIdentifier -
551d27 roleSpecCertIdentifier -
551d29 basicAttConstraints -
551d2a delegatedNameConstraints -
551d2b timeSpecification -
551d2e freshestCRL
551d30 attributeDescriptor -
551d31 userNotice -
551d32 sOAIdentifier -
551d34 acceptableCertPolicies -
551d36 inhibitAnyPolicy
551d37 targetInformation
551d38 noRevAvail
551d39 acceptablePrivPolicies -
551d3d indirectIssuer -
551d3e noAssertion -
551d3f aAissuingDistributionPoint -
551d40 issuedOnBehalfOf -
551d41 singleUse -
551d42 groupAC -
551d43 allowedAttributeAssignments -
551d44 attributeMappings -
551d45 holderNameConstraints -
551d46 authorizationValidation -
551d47 protRestrict -
551d48 subjectAltPublicKeyInfo -
551d49 altSignatureAlgorithm -
551d4a altSignatureValue -
551d4b associatedInformation -
608648016503040101 AES-128-ECB
608648016503040102 AES-128-CBC
608648016503040103 AES-128-OFB
608648016503040104 AES-128-CFB
608648016503040105 id-aes128-wrap
608648016503040106 id-aes128-GCM
608648016503040107 id-aes128-CCM
608648016503040108 id-aes128-wrap-pad
608648016503040115 AES-192-ECB
608648016503040116 AES-192-CBC
608648016503040117 AES-192-OFB
608648016503040118 AES-192-CFB
608648016503040119 id-aes192-wrap
60864801650304011a id-aes192-GCM
60864801650304011b id-aes192-CCM
60864801650304011c id-aes192-wrap-pad
608648016503040129 AES-256-ECB
60864801650304012a AES-256-CBC
60864801650304012b AES-256-OFB
60864801650304012c AES-256-CFB
60864801650304012d id-aes256-wrap
60864801650304012e id-aes256-GCM
60864801650304012f id-aes256-CCM
608648016503040130 id-aes256-wrap-pad
608648016503040201 SHA256
608648016503040202 SHA384
608648016503040203 SHA512
608648016503040204 SHA224
608648016503040205 SHA512-224
608648016503040206 SHA512-256
608648016503040207 SHA3-224
608648016503040208 SHA3-256
608648016503040209 SHA3-384
60864801650304020a SHA3-512
60864801650304020b SHAKE128
60864801650304020c SHAKE256
60864801650304020d id-hmacWithSHA3-224
60864801650304020e id-hmacWithSHA3-256
60864801650304020f id-hmacWithSHA3-384
608648016503040210 id-hmacWithSHA3-512
608648016503040213 KMAC128
608648016503040214 KMAC256
608648016503040301 dsa_with_SHA224
608648016503040302 dsa_with_SHA256
608648016503040303 id-dsa-with-sha384
608648016503040304 id-dsa-with-sha512
608648016503040305 id-dsa-with-sha3-224
608648016503040306 id-dsa-with-sha3-256
608648016503040307 id-dsa-with-sha3-384
608648016503040308 id-dsa-with-sha3-512
608648016503040309 id-ecdsa-with-sha3-224
60864801650304030a id-ecdsa-with-sha3-256
60864801650304030b id-ecdsa-with-sha3-384
60864801650304030c id-ecdsa-with-sha3-512
60864801650304030d id-rsassa-pkcs1-v1_5-with-sha3-224
60864801650304030e id-rsassa-pkcs1-v1_5-with-sha3-256
60864801650304030f id-rsassa-pkcs1-v1_5-with-sha3-384
608648016503040310 id-rsassa-pkcs1-v1_5-with-sha3-512
608648016503040311 id-ml-dsa-44 -
608648016503040312 id-ml-dsa-65 -
608648016503040313 id-ml-dsa-87 -
608648016503040314 id-slh-dsa-sha2-128s -
608648016503040315 id-slh-dsa-sha2-128f -
608648016503040316 id-slh-dsa-sha2-192s -
608648016503040317 id-slh-dsa-sha2-192f -
608648016503040318 id-slh-dsa-sha2-256s -
608648016503040319 id-slh-dsa-sha2-256f -
60864801650304031a id-slh-dsa-shake-128s -
60864801650304031b id-slh-dsa-shake-128f -
60864801650304031c id-slh-dsa-shake-192s -
60864801650304031d id-slh-dsa-shake-192f -
60864801650304031e id-slh-dsa-shake-256s -
60864801650304031f id-slh-dsa-shake-256f -
608648016503040320 id-hash-ml-dsa-44-with-sha512 -
608648016503040321 id-hash-ml-dsa-65-with-sha512 -
608648016503040322 id-hash-ml-dsa-87-with-sha512 -
608648016503040323 id-hash-slh-dsa-sha2-128s-with-sha256 -
608648016503040324 id-hash-slh-dsa-sha2-128f-with-sha256 -
608648016503040325 id-hash-slh-dsa-sha2-192s-with-sha512 -
608648016503040326 id-hash-slh-dsa-sha2-192f-with-sha512 -
608648016503040327 id-hash-slh-dsa-sha2-256s-with-sha512 -
608648016503040328 id-hash-slh-dsa-sha2-256f-with-sha512 -
608648016503040329 id-hash-slh-dsa-shake-128s-with-shake128 -
60864801650304032a id-hash-slh-dsa-shake-128f-with-shake128 -
60864801650304032b id-hash-slh-dsa-shake-192s-with-shake256 -
60864801650304032c id-hash-slh-dsa-shake-192f-with-shake256 -
60864801650304032d id-hash-slh-dsa-shake-256s-with-shake256 -
60864801650304032e id-hash-slh-dsa-shake-256f-with-shake256 -
608648016503040401 id-alg-ml-kem-512 -
608648016503040402 id-alg-ml-kem-768 -
608648016503040403 id-alg-ml-kem-1024 -
6086480186f842 Netscape
6086480186f84201 nsCertExt
6086480186f8420101 nsCertType
6086480186f8420102 nsBaseUrl
6086480186f8420103 nsRevocationUrl
6086480186f8420104 nsCaRevocationUrl
6086480186f8420107 nsRenewalUrl
6086480186f8420108 nsCaPolicyUrl
6086480186f842010c nsSslServerName
6086480186f842010d nsComment
6086480186f84202 nsDataType
6086480186f8420205 nsCertSequence
6086480186f8420401 nsSGC
6086480186f966 oracle-organization -
6086480186f966adca7b0101 oracle-jdk-trustedkeyusage -
67 international-organizations
672a id-set
672a00 set-ctype
672a0000 setct-PANData
672a0001 setct-PANToken
672a0002 setct-PANOnly
672a0003 setct-OIData
672a0004 setct-PI
672a0005 setct-PIData
672a0006 setct-PIDataUnsigned
672a0007 setct-HODInput
672a0008 setct-AuthResBaggage
672a0009 setct-AuthRevReqBaggage
672a000a setct-AuthRevResBaggage
672a000b setct-CapTokenSeq
672a000c setct-PInitResData
672a000d setct-PI-TBS
672a000e setct-PResData
672a0010 setct-AuthReqTBS
672a0011 setct-AuthResTBS
672a0012 setct-AuthResTBSX
672a0013 setct-AuthTokenTBS
672a0014 setct-CapTokenData
672a0015 setct-CapTokenTBS
672a0016 setct-AcqCardCodeMsg
672a0017 setct-AuthRevReqTBS
672a0018 setct-AuthRevResData
672a0019 setct-AuthRevResTBS
672a001a setct-CapReqTBS
672a001b setct-CapReqTBSX
672a001c setct-CapResData
672a001d setct-CapRevReqTBS
672a001e setct-CapRevReqTBSX
672a001f setct-CapRevResData
672a0020 setct-CredReqTBS
672a0021 setct-CredReqTBSX
672a0022 setct-CredResData
672a0023 setct-CredRevReqTBS
672a0024 setct-CredRevReqTBSX
672a0025 setct-CredRevResData
672a0026 setct-PCertReqData
672a0027 setct-PCertResTBS
672a0028 setct-BatchAdminReqData
672a0029 setct-BatchAdminResData
672a002a setct-CardCInitResTBS
672a002b setct-MeAqCInitResTBS
672a002c setct-RegFormResTBS
672a002d setct-CertReqData
672a002e setct-CertReqTBS
672a002f setct-CertResData
672a0030 setct-CertInqReqTBS
672a0031 setct-ErrorTBS
672a0032 setct-PIDualSignedTBE
672a0033 setct-PIUnsignedTBE
672a0034 setct-AuthReqTBE
672a0035 setct-AuthResTBE
672a0036 setct-AuthResTBEX
672a0037 setct-AuthTokenTBE
672a0038 setct-CapTokenTBE
672a0039 setct-CapTokenTBEX
672a003a setct-AcqCardCodeMsgTBE
672a003b setct-AuthRevReqTBE
672a003c setct-AuthRevResTBE
672a003d setct-AuthRevResTBEB
672a003e setct-CapReqTBE
672a003f setct-CapReqTBEX
672a0040 setct-CapResTBE
672a0041 setct-CapRevReqTBE
672a0042 setct-CapRevReqTBEX
672a0043 setct-CapRevResTBE
672a0044 setct-CredReqTBE
672a0045 setct-CredReqTBEX
672a0046 setct-CredResTBE
672a0047 setct-CredRevReqTBE
672a0048 setct-CredRevReqTBEX
672a0049 setct-CredRevResTBE
672a004a setct-BatchAdminReqTBE
672a004b setct-BatchAdminResTBE
672a004c setct-RegFormReqTBE
672a004d setct-CertReqTBE
672a004e setct-CertReqTBEX
672a004f setct-CertResTBE
672a0050 setct-CRLNotificationTBS
672a0051 setct-CRLNotificationResTBS
672a0052 setct-BCIDistributionTBS
672a01 set-msgExt
672a0101 setext-genCrypt
672a0103 setext-miAuth
672a0104 setext-pinSecure
672a0105 setext-pinAny
672a0107 setext-track2
672a0108 setext-cv
672a03 set-attr
672a0300 setAttr-Cert
672a030000 set-rootKeyThumb
672a030001 set-addPolicy
672a0301 setAttr-PGWYcap
672a0302 setAttr-TokenType
672a030201 setAttr-Token-EMV
672a030202 setAttr-Token-B0Prime
672a0303 setAttr-IssCap
672a030303 setAttr-IssCap-CVM
672a03030301 setAttr-GenCryptgrm
672a030304 setAttr-IssCap-T2
672a03030401 setAttr-T2Enc
672a03030402 setAttr-T2cleartxt
672a030305 setAttr-IssCap-Sig
672a03030501 setAttr-TokICCsig
672a03030502 setAttr-SecDevSig
672a05 set-policy
672a0500 set-policy-root
672a07 set-certExt
672a0700 setCext-hashedRoot
672a0701 setCext-certType
672a0702 setCext-merchData
672a0703 setCext-cCertRequired
672a0704 setCext-tunneling
672a0705 setCext-setExt
672a0706 setCext-setQualf
672a0707 setCext-PGWYcapabilities
672a0708 setCext-TokenIdentifier
672a0709 setCext-Track2Data
672a070a setCext-TokenType
672a070b setCext-IssuerCapabilities
672a08 set-brand
672a0801 set-brand-IATA-ATA
672a0804 set-brand-Visa
672a0805 set-brand-MasterCard
672a081e set-brand-Diners
672a0822 set-brand-AmericanExpress
672a0823 set-brand-JCB
672a08ae7b set-brand-Novus
672b wap
672b01 wap-wsg
672b010401 wap-wsg-idm-ecid-wtls1
672b010403 wap-wsg-idm-ecid-wtls3
672b010404 wap-wsg-idm-ecid-wtls4
672b010405 wap-wsg-idm-ecid-wtls5
672b010406 wap-wsg-idm-ecid-wtls6
672b010407 wap-wsg-idm-ecid-wtls7
672b010408 wap-wsg-idm-ecid-wtls8
672b010409 wap-wsg-idm-ecid-wtls9
672b01040a wap-wsg-idm-ecid-wtls10
672b01040b wap-wsg-idm-ecid-wtls11
672b01040c wap-wsg-idm-ecid-wtls12
678105 tcg -
67810501 tcg-tcpaSpecVersion -
67810502 tcg-attribute -
6781050201 tcg-at-tpmManufacturer -
6781050202 tcg-at-tpmModel -
6781050203 tcg-at-tpmVersion -
678105020a tcg-at-securityQualities -
678105020b tcg-at-tpmProtectionProfile -
678105020c tcg-at-tpmSecurityTarget -
678105020d tcg-at-tbbProtectionProfile -
678105020e tcg-at-tbbSecurityTarget -
678105020f tcg-at-tpmIdLabel -
6781050210 tcg-at-tpmSpecification -
6781050211 tcg-at-tcgPlatformSpecification -
6781050212 tcg-at-tpmSecurityAssertions -
6781050213 tcg-at-tbbSecurityAssertions -
6781050217 tcg-at-tcgCredentialSpecification -
6781050219 tcg-at-tcgCredentialType -
678105021a tcg-at-previousPlatformCertificates -
678105021b tcg-at-tbbSecurityAssertions-v3 -
678105021c tcg-at-cryptographicAnchors -
67810503 tcg-protocol -
6781050301 tcg-prt-tpmIdProtocol -
67810504 tcg-algorithm -
6781050401 tcg-algorithm-null -
67810505 tcg-platformClass -
6781050501 tcg-common -
678105050101 tcg-at-platformManufacturerStr -
678105050102 tcg-at-platformManufacturerId -
678105050103 tcg-at-platformConfigUri -
678105050104 tcg-at-platformModel -
678105050105 tcg-at-platformVersion -
678105050106 tcg-at-platformSerial -
678105050107 tcg-at-platformConfiguration -
67810505010701 tcg-at-platformConfiguration-v1 -
67810505010702 tcg-at-platformConfiguration-v2 -
67810505010703 tcg-at-platformConfiguration-v3 -
67810505010704 tcg-at-platformConfigUri-v3 -
678105050108 tcg-at-platformIdentifier -
67810506 tcg-ce -
6781050602 tcg-ce-relevantCredentials -
6781050603 tcg-ce-relevantManifests -
6781050604 tcg-ce-virtualPlatformAttestationService -
6781050605 tcg-ce-migrationControllerAttestationService -
6781050606 tcg-ce-migrationControllerRegistrationService -
6781050607 tcg-ce-virtualPlatformBackupService -
67810508 tcg-kp -
6781050801 tcg-kp-EKCertificate -
6781050802 tcg-kp-PlatformAttributeCertificate -
6781050803 tcg-kp-AIKCertificate -
6781050804 tcg-kp-PlatformKeyCertificate -
6781050805 tcg-kp-DeltaPlatformAttributeCertificate -
6781050806 tcg-kp-DeltaPlatformKeyCertificate -
6781050807 tcg-kp-AdditionalPlatformAttributeCertificate -
6781050808 tcg-kp-AdditionalPlatformKeyCertificate -
6781050b tcg-ca -
6781050b04 tcg-cap-verifiedPlatformCertificate -
67810511 tcg-address -
6781051101 tcg-address-ethernetmac -
6781051102 tcg-address-wlanmac -
6781051103 tcg-address-bluetoothmac -
67810512 tcg-registry -
6781051203 tcg-registry-componentClass -
678105120301 tcg-registry-componentClass-tcg -
678105120302 tcg-registry-componentClass-ietf -
678105120303 tcg-registry-componentClass-dmtf -
678105120304 tcg-registry-componentClass-pcie -
678105120305 tcg-registry-componentClass-disk -
67810513 tcg-traits -
6781051301 tcg-tr-ID -
678105130101 tcg-tr-ID-Boolean -
678105130102 tcg-tr-ID-CertificateIdentifier -
678105130103 tcg-tr-ID-CommonCriteria -
678105130104 tcg-tr-ID-componentClass -
678105130105 tcg-tr-ID-componentIdentifierV11 -
678105130106 tcg-tr-ID-FIPSLevel -
678105130107 tcg-tr-ID-ISO9000Level -
678105130108 tcg-tr-ID-networkMAC -
678105130109 tcg-tr-ID-OID -
67810513010a tcg-tr-ID-PEN -
67810513010b tcg-tr-ID-platformFirmwareCapabilities -
67810513010c tcg-tr-ID-platformFirmwareSignatureVerification -
67810513010d tcg-tr-ID-platformFirmwareUpdateCompliance -
67810513010e tcg-tr-ID-platformHardwareCapabilities -
67810513010f tcg-tr-ID-RTM -
678105130110 tcg-tr-ID-status -
678105130111 tcg-tr-ID-URI -
678105130112 tcg-tr-ID-UTF8String -
678105130113 tcg-tr-ID-IA5String -
678105130114 tcg-tr-ID-PEMCertString -
678105130115 tcg-tr-ID-PublicKey -
6781051302 tcg-tr-category -
678105130201 tcg-tr-cat-platformManufacturer -
678105130202 tcg-tr-cat-platformModel -
678105130203 tcg-tr-cat-platformVersion -
678105130204 tcg-tr-cat-platformSerial -
678105130205 tcg-tr-cat-platformManufacturerIdentifier -
678105130206 tcg-tr-cat-platformOwnership -
678105130207 tcg-tr-cat-componentClass -
678105130208 tcg-tr-cat-componentManufacturer -
678105130209 tcg-tr-cat-componentModel -
67810513020a tcg-tr-cat-componentSerial -
67810513020b tcg-tr-cat-componentStatus -
67810513020c tcg-tr-cat-componentLocation -
67810513020d tcg-tr-cat-componentRevision -
67810513020e tcg-tr-cat-componentFieldReplaceable -
67810513020f tcg-tr-cat-EKCertificate -
678105130210 tcg-tr-cat-IAKCertificate -
678105130211 tcg-tr-cat-IDevIDCertificate -
678105130212 tcg-tr-cat-DICECertificate -
678105130213 tcg-tr-cat-SPDMCertificate -
678105130214 tcg-tr-cat-PEMCertificate -
678105130215 tcg-tr-cat-PlatformCertificate -
678105130216 tcg-tr-cat-DeltaPlatformCertificate -
678105130217 tcg-tr-cat-RebasePlatformCertificate -
678105130218 tcg-tr-cat-genericCertificate -
678105130219 tcg-tr-cat-CommonCriteria -
67810513021a tcg-tr-cat-componentIdentifierV11 -
67810513021b tcg-tr-cat-FIPSLevel -
67810513021c tcg-tr-cat-ISO9000 -
67810513021d tcg-tr-cat-networkMAC -
67810513021e tcg-tr-cat-attestationProtocol -
67810513021f tcg-tr-cat-PEN -
678105130220 tcg-tr-cat-platformFirmwareCapabilities -
678105130221 tcg-tr-cat-platformHardwareCapabilities -
678105130222 tcg-tr-cat-platformFirmwareSignatureVerification -
678105130223 tcg-tr-cat-platformFirmwareUpdateCompliance -
678105130224 tcg-tr-cat-RTM -
678105130225 tcg-tr-cat-PublicKey -
6781051303 tcg-tr-registry -
";
