//! Internationalized domain names: UTS 46 as Ada does it (`ada::idna::to_ascii` in `deps/ada/ada.cpp`), with what the release
//! lines do otherwise than the standard.

use crate::verify::profile::AdaVersion;

use super::Direction;
use super::normalization::{self, normalize};
use super::tables::{
    ALLOWED, ALLOWED_FROM_ADA_3, DIRECTIONS, IGNORED, JOINING_AFTER, JOINING_BEFORE, MAPPED, MARKS,
    VIRAMAS,
};

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
const A_LABEL: &str = "xn--";

/// The domain with its labels in ASCII; `None` when it is none. Forbidden code points are the caller's.
pub(super) fn to_ascii(domain: &str, ada: AdaVersion) -> Option<String> {
    if domain.is_ascii() {
        let domain = domain.to_ascii_lowercase();
        // Ada 4.0 takes the A-labels of a domain in ASCII for good.
        let is_good = ada == AdaVersion::V4
            || domain
                .split('.')
                .filter_map(|label| label.strip_prefix(A_LABEL))
                .all(|encoded| is_good_a_label(encoded, ada));
        return is_good.then_some(domain);
    }
    let mapped = map(domain.chars(), ada)?;
    let normalized = normalize(mapped, ada);
    let labels: Option<Vec<String>> = normalized
        .split(|character| *character == '.')
        .map(|label| label_to_ascii(label, ada))
        .collect();
    Some(labels?.join("."))
}

fn label_to_ascii(label: &[char], ada: AdaVersion) -> Option<String> {
    let text: String = label.iter().collect();
    if let Some(encoded) = text.strip_prefix(A_LABEL) {
        return (encoded.is_ascii() && is_good_a_label(encoded, ada)).then_some(text);
    }
    if text.is_ascii() {
        return Some(text);
    }
    is_valid(label, ada).then(|| format!("{A_LABEL}{}", punycode_encode(label)))
}

/// Whether what is behind `xn--` encodes a label that would be encoded like that.
fn is_good_a_label(encoded: &str, ada: AdaVersion) -> bool {
    let Some(label) = punycode_decode(encoded) else {
        return false;
    };
    if ada != AdaVersion::V2 && label.iter().all(char::is_ascii) {
        return false;
    }
    map(label.iter().copied(), ada).as_ref() == Some(&label)
        && normalize(label.clone(), ada) == label
        && is_valid(&label, ada)
}

/// The mapping (UTS 46 section 4, step 1); `None` when a character is disallowed.
fn map(characters: impl Iterator<Item = char>, ada: AdaVersion) -> Option<Vec<char>> {
    let mut mapped = Vec::new();
    for character in characters {
        if character.is_ascii() {
            mapped.push(character.to_ascii_lowercase());
            continue;
        }
        if !contains(ALLOWED, character)
            || (ada == AdaVersion::V2 && contains(ALLOWED_FROM_ADA_3, character))
        {
            return None;
        }
        if contains(IGNORED, character) {
            continue;
        }
        let number = u32::from(character);
        match MAPPED.binary_search_by_key(&number, |(from, _)| *from) {
            // Unicode 15.1 changed this one.
            _ if character == 'ẞ' && ada == AdaVersion::V2 => mapped.extend(['s', 's']),
            Ok(index) => {
                let to = MAPPED.get(index).map_or("", |(_, to)| to);
                mapped.extend(to.chars());
            }
            Err(_) => normalization::fold(character, &mut mapped),
        }
    }
    Some(mapped)
}

/// The validity criteria (UTS 46 section 4.1), as far as the mapping has not seen to them (`is_label_valid`).
fn is_valid(label: &[char], ada: AdaVersion) -> bool {
    let Some(first) = label.first() else {
        return false;
    };
    if contains(MARKS, *first) {
        return false;
    }
    // Whatever a joiner's rule says is the answer for the whole label.
    has_good_joiner(label).unwrap_or_else(|| has_good_directions(label, ada))
}

/// The rules for joiners (RFC 5892 appendix A), applied to the first one; `None` when there is none.
fn has_good_joiner(label: &[char]) -> Option<bool> {
    let is_joiner =
        |character: &char| matches!(*character, ZERO_WIDTH_NON_JOINER | ZERO_WIDTH_JOINER);
    let index = label.iter().position(is_joiner)?;
    let (before, rest) = label.split_at_checked(index)?;
    let (joiner, after) = rest.split_first()?;
    if before
        .last()
        .is_some_and(|character| contains(VIRAMAS, *character))
    {
        return Some(true);
    }
    // The letters may be anywhere in the label.
    Some(
        *joiner == ZERO_WIDTH_NON_JOINER
            && before
                .iter()
                .any(|character| contains(JOINING_AFTER, *character))
            && after
                .iter()
                .any(|character| contains(JOINING_BEFORE, *character)),
    )
}

/// The rules for right-to-left labels (RFC 5893 section 2), for each label by itself.
fn has_good_directions(label: &[char], ada: AdaVersion) -> bool {
    use Direction::{
        ArabicNumber, EuropeanNumber, LeftToRight, Neutral, NonspacingMark, RightToLeft,
    };
    let directions: Vec<Direction> = label
        .iter()
        .map(|character| direction(*character))
        .collect();
    let is_mark = |direction: &Direction| *direction == NonspacingMark;
    let Some(last) = directions.iter().rposition(|direction| !is_mark(direction)) else {
        return false;
    };
    let (Some(first), Some(ending)) = (directions.first(), directions.get(last)) else {
        return false;
    };
    if !directions
        .iter()
        .any(|direction| matches!(direction, RightToLeft | ArabicNumber))
    {
        return true;
    }
    let up_to_last = directions.iter().take(last + 1);
    if *first == LeftToRight {
        // Before 4.0, Ada does not look at the last character, and so finds fault with any other that is not left-to-right.
        return ada != AdaVersion::V4
            && up_to_last.take(last).all(|direction| {
                matches!(
                    direction,
                    LeftToRight | EuropeanNumber | Neutral | NonspacingMark
                )
            });
    }
    // Nor does it mind what is first.
    let is_good_first = ada != AdaVersion::V4 || *first == RightToLeft;
    let has = |wanted: Direction| up_to_last.clone().any(|direction| *direction == wanted);
    is_good_first
        && matches!(ending, RightToLeft | ArabicNumber | EuropeanNumber)
        && !has(LeftToRight)
        && !has(Direction::Unknown)
        && !(has(ArabicNumber) && has(EuropeanNumber))
}

fn direction(character: char) -> Direction {
    match character {
        '0'..='9' => return Direction::EuropeanNumber,
        'a'..='z' | 'A'..='Z' => return Direction::LeftToRight,
        '\0'..='\x7f' => return Direction::Neutral,
        _ => {}
    }
    let number = u32::from(character);
    let index = DIRECTIONS.partition_point(|(_, last, _)| *last < number);
    match DIRECTIONS.get(index) {
        Some((first, _, direction)) if *first <= number => *direction,
        _ => Direction::LeftToRight,
    }
}

/// Whether the sorted ranges hold a character.
fn contains(ranges: &[(u32, u32)], character: char) -> bool {
    let number = u32::from(character);
    let index = ranges.partition_point(|(_, last)| *last < number);
    ranges.get(index).is_some_and(|(first, _)| *first <= number)
}

/// Whether a character is new to Ada 3.4.
pub(super) fn is_new_to_ada_3(character: char) -> bool {
    contains(ALLOWED_FROM_ADA_3, character)
}

const BASE: u32 = 36;
const FIRST_LETTER_VALUES: u32 = 26;

/// Punycode (RFC 3492 section 6.2); `None` for what encodes nothing, and for numbers that are no characters.
fn punycode_decode(encoded: &str) -> Option<Vec<char>> {
    let (basic, deltas) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut decoded: Vec<char> = basic.chars().collect();
    let mut deltas = deltas.bytes();
    let mut state = Punycode::new();
    let mut index: u32 = 0;
    while deltas.len() > 0 {
        let old_index = index;
        let mut weight: u32 = 1;
        for threshold in state.thresholds() {
            let digit = match deltas.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                number @ b'0'..=b'9' => u32::from(number - b'0') + FIRST_LETTER_VALUES,
                _ => return None,
            };
            index = digit.checked_mul(weight)?.checked_add(index)?;
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let count = u32::try_from(decoded.len()).ok()?.checked_add(1)?;
        state.adapt(index - old_index, count, old_index == 0);
        state.number = state.number.checked_add(index / count)?;
        index %= count;
        decoded.insert(index as usize, char::from_u32(state.number)?);
        index += 1;
    }
    Some(decoded)
}

/// Punycode (RFC 3492 section 6.3).
fn punycode_encode(label: &[char]) -> String {
    let mut encoded: String = label
        .iter()
        .filter(|character| character.is_ascii())
        .collect();
    let basic = encoded.len();
    if basic > 0 {
        encoded.push('-');
    }
    let mut numbers: Vec<u32> = label
        .iter()
        .filter(|character| !character.is_ascii())
        .map(|character| u32::from(*character))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut state = Punycode::new();
    let mut handled = basic as u32;
    let mut delta: u32 = 0;
    for number in numbers {
        // A label has at most `LONGEST` characters, so that nothing here overflows.
        delta += (number - state.number) * (handled + 1);
        state.number = number;
        for character in label {
            match u32::from(*character).cmp(&number) {
                std::cmp::Ordering::Less => delta += 1,
                std::cmp::Ordering::Greater => {}
                std::cmp::Ordering::Equal => {
                    let mut rest = delta;
                    for threshold in state.thresholds() {
                        if rest < threshold {
                            break;
                        }
                        let radix = BASE - threshold;
                        encoded.push(digit(threshold + (rest - threshold) % radix));
                        rest = (rest - threshold) / radix;
                    }
                    encoded.push(digit(rest));
                    handled += 1;
                    state.adapt(delta, handled, handled == basic as u32 + 1);
                    delta = 0;
                }
            }
        }
        delta += 1;
        state.number += 1;
    }
    encoded
}

fn digit(value: u32) -> char {
    let octet = match u8::try_from(value).unwrap_or_default() {
        letter @ ..26 => b'a' + letter,
        number => b'0' + (number - 26),
    };
    char::from(octet)
}

struct Punycode {
    number: u32,
    bias: u32,
}

impl Punycode {
    fn new() -> Self {
        Self {
            number: 0x80,
            bias: 72,
        }
    }

    fn thresholds(&self) -> impl Iterator<Item = u32> + use<> {
        let bias = self.bias;
        (1..).map(move |position| (position * BASE).saturating_sub(bias).clamp(1, 26))
    }

    /// Section 6.1.
    fn adapt(&mut self, delta: u32, count: u32, is_first: bool) {
        let mut delta = if is_first { delta / 700 } else { delta / 2 };
        delta += delta / count;
        let mut steps = 0;
        while delta > ((BASE - 1) * 26) / 2 {
            delta /= BASE - 1;
            steps += BASE;
        }
        self.bias = steps + (BASE * delta) / (delta + 38);
    }
}
