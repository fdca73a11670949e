//! What is written into a page as it is, from its parts. A list shows hundreds of them, and the standard library's formatting
//! takes three times as long.

use std::fmt;

/// A text in which nothing needs to be escaped in HTML, whatever its parts are: that is what whoever implements this promises. Digits,
/// names from the declarations, what is percent-encoded, and the signs between them.
pub trait Plain {
    /// Writes it.
    fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result;
}

/// Writes a number in its digits.
pub fn number(to: &mut dyn fmt::Write, number: i64) -> fmt::Result {
    to.write_str(itoa::Buffer::new().format(number))
}

/// Writes a number below a hundred in two digits.
pub fn pair(to: &mut dyn fmt::Write, number: u32) -> fmt::Result {
    let digit = |number: u32| char::from(b'0' + (number % 10) as u8);
    to.write_char(digit(number / 10))?;
    to.write_char(digit(number))
}

/// Lets formats write what is [`Plain`], and templates without escaping it.
macro_rules! plain {
    ($($type:ty),*) => {$(
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::html::Plain::write(self, f)
            }
        }

        impl askama::FastWritable for $type {
            fn write_into(&self, to: &mut dyn std::fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
                Ok($crate::html::Plain::write(self, to)?)
            }
        }

        impl askama::filters::HtmlSafe for $type {}
    )*};
}
pub(crate) use plain;
