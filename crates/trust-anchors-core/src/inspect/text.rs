//! The repaired file.

use crate::certificate::Certificate;

/// OpenSSL reads lines in pieces of 254 bytes. A comment that is shorter cannot have a BEGIN at the start of a piece.
const MAX_COMMENT_BYTES: usize = 240;

/// Clean PEM, with the subject and the dates of each certificate in a comment line above it, which Node's reader steps over.
pub(super) fn clean_pem<'a>(certificates: impl Iterator<Item = &'a Certificate>) -> String {
    let mut text = String::new();
    for certificate in certificates {
        let dates = format!(
            ", valid {} to {}",
            day(&certificate.not_before_iso()),
            day(&certificate.not_after_iso())
        );
        let mut comment = format!("# {}", certificate.subject());
        let limit = MAX_COMMENT_BYTES - dates.len();
        if comment.len() > limit {
            let cut = (0..=limit - 3)
                .rev()
                .find(|index| comment.is_char_boundary(*index))
                .unwrap_or(0);
            comment.truncate(cut);
            comment.push('…');
        }
        text.push_str(&comment);
        text.push_str(&dates);
        text.push('\n');
        text.push_str(&certificate.pem());
    }
    text
}

fn day(iso: &str) -> &str {
    match iso.split_once('T') {
        Some((day, _)) => day,
        None => "?",
    }
}
