//! OpenSSL's short names of attribute types.

/// The short name (`OBJ_nid2sn`) of an object identifier's content octets.
pub(super) fn short_name(identifier: &[u8]) -> Option<&'static str> {
    match identifier {
        [0x55, 0x04, 3] => Some("CN"),
        [0x55, 0x04, 6] => Some("C"),
        [0x55, 0x04, 10] => Some("O"),
        [0x55, 0x04, 11] => Some("OU"),
        _ => None,
    }
}
