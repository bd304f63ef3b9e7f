//! What payers see in a sandbox.

/// A page that says what it is.
pub(super) fn page_of(gateway: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>Cổng thanh toán thử nghiệm</title>\
         <style>body{{font:1.1rem sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem}}\
         button{{font:inherit;padding:.6rem 1.2rem;margin:.4rem 0;width:100%}}</style>\
         <h1>Cổng thanh toán thử nghiệm</h1>\
         <p>Trang này thay cổng {gateway} để thử: không có tiền nào được chuyển.</p>{body}</html>"
    )
}

/// What a merchant writes is no markup.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_merchant_writes_is_no_markup() {
        assert_eq!(escaped("<b>\"&"), "&lt;b>&quot;&amp;");
    }
}
