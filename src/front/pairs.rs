//! What a form and an address's query have in common: pairs, as `application/x-www-form-urlencoded`.

/// The most pairs that are taken: no page of ours comes near.
const MAX_PAIRS: usize = 1000;

/// What is wrong with pairs before they are taken apart, if something is. The parser itself takes anything, and puts other
/// characters in the place of what is none; then another text would be stored than was sent.
pub(super) fn fault(pairs: &[u8]) -> Option<&'static str> {
    if pairs.split(|byte| *byte == b'&').count() > MAX_PAIRS {
        return Some("There are more parts in the request than are taken here.");
    }
    let Some(decoded) = decode(pairs) else {
        return Some(
            "In what was sent a % stands alone: it must come before two hexadecimal digits, as in %25 for itself.",
        );
    };
    std::str::from_utf8(&decoded).is_err().then_some("What was sent is not in UTF-8.")
}

fn decode(pairs: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(pairs.len());
    let mut rest = pairs;
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first == b'%' {
            let (code, others) = rest.split_at_checked(2)?;
            let is_hex = code.iter().all(u8::is_ascii_hexdigit);
            let code = std::str::from_utf8(code).ok().filter(|_| is_hex)?;
            decoded.push(u8::from_str_radix(code, 16).ok()?);
            rest = others;
        } else {
            decoded.push(*first);
        }
    }
    Some(decoded)
}
