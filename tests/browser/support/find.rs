//! XPath for "the button that says Save" and "the field labelled Email".

pub fn buttons(name: &str) -> String {
    let name = quoted(name);
    format!(
        "//*[self::button or self::summary or @role='button'][@aria-label={name} or normalize-space()={name}]\
         | //input[@type='submit' or @type='button'][@aria-label={name} or @value={name}]"
    )
}

pub fn links(name: &str) -> String {
    let name = quoted(name);
    format!("//a[@href][@aria-label={name} or normalize-space()={name}]")
}

/// Of `kind`, an XPath condition; the label may also hold a mark or a hint beside its words.
pub fn labelled(kind: &str, name: &str) -> String {
    let name = quoted(name);
    let says = format!("normalize-space()={name} or text()[normalize-space()={name}] or *[normalize-space()={name}]");
    format!(
        "//*[{kind}][@aria-label={name} or ancestor::label[{says}] or @id and @id=//label[{says}]/@for \
         or @aria-labelledby and @aria-labelledby=//*[@id][{says}]/@id]"
    )
}

/// Of the list labelled so.
pub fn options(label: &str, option: &str) -> String {
    let lists = labelled("self::select", label);
    format!("{lists}//option[normalize-space()={}]", quoted(option))
}

/// XPath has no escapes, so a text with both quotes is put together from parts.
fn quoted(text: &str) -> String {
    if text.contains('\'') {
        let parts: Vec<_> = text.split('\'').map(|part| format!("'{part}'")).collect();
        format!("concat({})", parts.join(", \"'\", "))
    } else {
        format!("'{text}'")
    }
}
