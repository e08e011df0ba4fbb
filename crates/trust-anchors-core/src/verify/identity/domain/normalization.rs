//! Unicode normalization form C, with what Ada does otherwise.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

use crate::verify::profile::AdaVersion;

use super::international::is_new_to_ada_3;

/// Normalizes a mapped domain (`ada::idna::normalize`).
pub(super) fn normalize(text: Vec<char>, ada: AdaVersion) -> Vec<char> {
    if text.iter().all(char::is_ascii) || (ada == AdaVersion::V4 && seems_normalized(&text)) {
        return text;
    }
    let mut normalized = Vec::with_capacity(text.len());
    // Ada's tables for normalization are older than those for mapping. What they do not hold is left as it is, and
    // keeps apart what is around it.
    for part in text.split_inclusive(|character| is_new_to_ada_3(*character)) {
        match part.split_last() {
            Some((last, others)) if is_new_to_ada_3(*last) => {
                normalized.extend(others.iter().copied().nfc());
                normalized.push(*last);
            }
            _ => normalized.extend(part.iter().copied().nfc()),
        }
    }
    normalized
}

/// What a character becomes by NFKC and lower case.
pub(super) fn fold(character: char, folded: &mut Vec<char>) {
    folded.extend(
        std::iter::once(character)
            .nfkc()
            .flat_map(char::to_lowercase)
            .nfkc(),
    );
}

/// Ada's own look at whether there is anything to do (`is_already_nfc`), which misses what only a decomposition would show.
fn seems_normalized(text: &[char]) -> bool {
    let combining_class = |character: char| {
        if is_new_to_ada_3(character) {
            0
        } else {
            canonical_combining_class(character)
        }
    };
    let is_singleton = |character: &char| {
        let mut count = 0;
        let mut only = *character;
        decompose_canonical(*character, |part| {
            count += 1;
            only = part;
        });
        count == 1 && only != *character
    };
    if text.iter().any(is_singleton) {
        return false;
    }
    let mut previous = 0;
    for character in text {
        let class = combining_class(*character);
        if class != 0 && previous > class {
            return false;
        }
        previous = class;
    }
    !would_compose(text, combining_class)
}

/// `would_compose`: of Hangul only L with V, and what is already LVT with T.
fn would_compose(text: &[char], combining_class: impl Fn(char) -> u8) -> bool {
    let is_trailing = |character: char| ('\u{11a8}'..='\u{11c2}').contains(&character);
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let next = after.first().copied();
        match *first {
            '\u{1100}'..='\u{1112}' => {
                if next.is_some_and(|next| ('\u{1161}'..='\u{1175}').contains(&next)) {
                    return true;
                }
                continue;
            }
            syllable @ '\u{ac00}'..='\u{d7a3}' => {
                let is_complete = (u32::from(syllable) - 0xac00) % 28 != 0;
                if is_complete && next.is_some_and(is_trailing) {
                    return true;
                }
                continue;
            }
            _ => {}
        }
        let mut previous = None;
        while let Some((next, after)) = rest.split_first() {
            let class = combining_class(*next);
            if previous.is_none_or(|previous| previous < class)
                && !is_new_to_ada_3(*next)
                && !is_new_to_ada_3(*first)
                && compose(*first, *next).is_some()
            {
                return true;
            }
            if class == 0 {
                break;
            }
            previous = Some(class);
            rest = after;
        }
    }
    false
}
